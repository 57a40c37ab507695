"""What each model is, and what to do if some are missing."""

import streamlit as st

from pages.inspector.compared import Compared
from pages.parts import commands
from pages.parts.wording import _, number
from recsys.models.baselines import EASE, ITEM_KNN
from recsys.models.comparison import FIVE_FILMS, LIGHTFM, POPULARITY


def missing(compared: Compared) -> None:
    """Say so if there is no model, or no baselines."""
    if not compared.active.is_trained:
        st.info(
            _("No model is trained yet, so every list is popularity. Come back in a minute."),
            icon=":material/hourglass:",
        )
    elif compared.active.is_quick:
        st.info(
            _(
                "{item_knn} and {ease} come with the model that is being trained right now; "
                "until then a first, quick model is served. Come back in a minute."
            ).format(item_knn=ITEM_KNN, ease=EASE),
            icon=":material/hourglass:",
        )
    elif compared.comparison.baselines is None:
        st.info(
            _(
                "{item_knn} and {ease} are missing: the current model was trained with "
                "little memory, or by an older version. An administrator can retrain it "
                "under Operations, or on the command line:"
            ).format(item_knn=ITEM_KNN, ease=EASE),
            icon=":material/model_training:",
        )
        commands.show("python -m recsys train")


def about(compared: Compared) -> None:
    """Explain exactly what each list is."""
    with st.expander(_("What each of these is"), icon=":material/info:"):
        served = compared.comparison.served
        lines = [
            _(
                "- **{five_films}** is the model as it is served: factors by LightFM; genres in "
                "common; weights between the most liked films (for what is liked together and next "
                "{together}, for what is liked soon {soon} films); and popularity, by style. Newer "
                "likes count more, and disliked films speak against what is like them. Each five "
                "has at most two films of a series, and genres in proportion to the likes."
            ).format(
                five_films=FIVE_FILMS,
                together=number(len(served.item_item.films)),
                soon=number(len(served.short_term.films)),
            ),
            _(
                "- **{lightfm}** is what the first stage says in this model, by score: not a "
                "LightFM that was tuned to stand alone."
            ).format(lightfm=LIGHTFM),
            _("- **{popularity}** orders films by how many people like them.").format(
                popularity=_(POPULARITY)
            ),
        ]
        baselines = compared.comparison.baselines
        if baselines is not None:
            films = number(len(baselines.movie_ids))
            lines += [
                _(
                    "- **{item_knn}** adds up cosines: how many people like both films, divided by "
                    "the root of how many like the one times how many like the other. Computed by "
                    "implicit with K=100 (a film is its own first neighbour), among the most liked "
                    "films ({films})."
                ).format(item_knn=ITEM_KNN, films=films),
                _(
                    "- **{ease}** ([Steck 2019](https://arxiv.org/abs/1905.03375)) is its closed "
                    "form with a ridge of 200, among the same films. Weights are kept whole, in "
                    "half precision."
                ).format(ease=EASE),
                _(
                    "- Both learned from the same likes as the model's weights between films (of "
                    "people drawn at random where there are very many). Films beyond the most "
                    "liked ones ({films}) are in none of their lists, all likes count the same "
                    "however old, and what no liked film speaks for is not listed."
                ).format(films=films),
            ]
        lines.append(
            _(
                "- **Reasons**: scores are sums over liked and disliked films. A share is a film's "
                "part of all that speaks for the recommended one; in {five_films} and {lightfm} "
                "genres, time and popularity speak too. Scores of different models are on "
                "different scales: compare ranks. Films that are rated or marked are in no list."
            ).format(five_films=FIVE_FILMS, lightfm=LIGHTFM)
        )
        st.markdown("\n".join(lines))
