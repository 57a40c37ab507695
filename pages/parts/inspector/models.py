"""What each of the models is, and what to do where some are missing."""

import streamlit as st

from pages.parts.inspector.compared import Compared
from recsys.comparison import FIVE_FILMS, LIGHTFM, POPULARITY
from recsys.peers import EASE, ITEM_KNN


def missing(compared: Compared) -> None:
    """Say so where no model, or no peers, are there."""
    if not compared.active.is_trained:
        st.info(
            "No model is trained yet, so that every list is popularity. Come back in a minute.",
            icon=":material/hourglass:",
        )
    elif compared.comparison.peers is None:
        st.info(
            f"{ITEM_KNN} and {EASE} are missing: the model that is served was trained before they "
            "were kept with it. Train again: an administrator under Operations, or at the command "
            "line:",
            icon=":material/model_training:",
        )
        st.code("python -m recsys train", language="bash")


def about(compared: Compared) -> None:
    """What each list is, exactly."""
    with st.expander("What each of these is", icon=":material/info:"):
        served = compared.comparison.served
        lines = [
            f"- **{FIVE_FILMS}** is the model as it is served: factors by LightFM; weights between "
            f"the most liked films, {len(served.item_item.films):,} for what is liked together and "
            f"next, {len(served.soon.films):,} for what is liked soon; and popularity. Newer likes "
            "count more.",
            f"- **{LIGHTFM}** is the same without those weights. It is what the first stage says "
            "in this model, not a LightFM that was tuned to stand alone.",
            f"- **{POPULARITY}** orders films by how many people like them.",
        ]
        peers = compared.comparison.peers
        if peers is not None:
            n = len(peers.movie_ids)
            lines += [
                f"- **{ITEM_KNN}** adds up cosines: how many people like both films, divided by "
                "the root of how many like the one times how many like the other. Computed by "
                f"implicit with K=100 (a film is its own first neighbour), among the {n:,} most "
                "liked films.",
                f"- **{EASE}** ([Steck 2019](https://arxiv.org/abs/1905.03375)) is its closed form "
                "with a ridge of 200, among the same films. Weights are kept whole, in half "
                "precision.",
                "- Both learned from the same likes as the model's weights between films (of "
                "people drawn at random where there are very many). Films beyond the "
                f"{n:,} are in none of their lists, all likes count the same however old, and what "
                "no liked film speaks for is not listed.",
            ]
        lines.append(
            "- **Reasons**: scores are sums over liked films. A share is a film's part of all that "
            f"speaks for the recommended one; in {FIVE_FILMS} and {LIGHTFM} genres, time and "
            "popularity speak too. Scores of different models are on different scales: compare "
            "ranks. Films that are rated or marked are in no list."
        )
        st.markdown("\n".join(lines))
