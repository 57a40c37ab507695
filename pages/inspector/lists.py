"""A history beside the lists of all models."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from db.scale import DISLIKE, LIKE
from pages.inspector.compared import Compared
from pages.inspector.subject import Subject
from pages.parts.text import plain
from pages.parts.wording import N_, _, genres, ngettext, number
from recsys.models.baselines import EASE, ITEM_KNN
from recsys.models.comparison import FIVE_FILMS, LIGHTFM, POPULARITY, overlap
from recsys.models.results import Recommendation

LEAST_WIDTH = 290

_ABOUT = {
    FIVE_FILMS: N_(
        "As served: LightFM, genres, item-item weights and dislikes, in the style chosen above."
    ),
    LIGHTFM: N_("Only the first stage of the served model."),
    POPULARITY: N_("What most people like, the same for everyone."),
    ITEM_KNN: N_("Films liked by the same people as each liked film; popularity doesn't count."),
    EASE: N_("Each film predicted from all others at once; popularity doesn't count."),
}


def facts(subject: Subject) -> None:
    """Show how much is known about a person."""
    helps = {
        _("Likes"): _("Ratings of {least} ★ or more, which all models learn from.").format(
            least=number(LIKE, "g")
        ),
        _("Dislikes"): _(
            "Ratings of {most} ★ or less, and films marked “Not interested”: Five Films "
            "lists fewer films like these."
        ).format(most=number(DISLIKE, "g")),
    }
    with st.grid(4, min_column_width=140):
        for name, value in known_of(subject).items():
            st.metric(name, value, border=True, help=helps.get(name))
    if subject.marked:
        st.caption(
            _(
                "Marked films (not interested, seen, watch later), which no list contains: {count}."
            ).format(count=len(subject.marked))
        )


def known_of(subject: Subject) -> dict[str, str]:
    """Return the facts by name."""
    stars = subject.history["rating"]
    return {
        _("Ratings"): number(len(stars)),
        _("Likes"): number(int((stars >= LIKE).sum())),
        _("Dislikes"): number(int((stars <= DISLIKE).sum()) + len(subject.dismissed)),
        _("Mean"): "-" if stars.empty else f"{number(stars.mean(), '.2f')} ★",
    }


def show(subject: Subject, compared: Compared, k: int) -> None:
    """Show the history and each model's list, three in a row."""
    (given,) = compared.lists
    with st.grid(3, min_column_width=LEAST_WIDTH):
        with st.container(border=True, height="stretch", key="history_cell"):
            _history(subject, compared)
        for name, items in given.items():
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{_(name)}**")
                shared = overlap(items, given[FIVE_FILMS], k)
                st.caption(
                    _(_ABOUT[name])
                    if name == FIVE_FILMS
                    else f"{_(_ABOUT[name])} "
                    + _("Shared with {model}: **{shared}**.").format(
                        model=FIVE_FILMS, shared=shared
                    )
                )
                listed(items[:k], compared)


def listed(
    items: list[Recommendation],
    compared: Compared,
    elsewhere: Callable[[int], str] = lambda _movie_id: "",
) -> None:
    """Show films with rank, score and reasons.

    Parameters
    ----------
    items : list of Recommendation
    compared : Compared
    elsewhere : callable
        Returns more about a film, as Markdown.
    """
    if not items:
        st.caption(_("Nothing: no film this person likes points to another one here."))
        return
    lines = []
    for rank, item in enumerate(items, start=1):
        title = f"[{plain(compared.label(item.movie_id))}](/film?id={item.movie_id})"
        because = compared.because(item.reasons)
        why = (
            _("because of {films}").format(films=plain(because, 300))
            if because
            else _without_reason(item, compared)
        )
        more = elsewhere(item.movie_id)
        lines.append(
            f"{rank}. {title} · {number(item.score, '.2f')}  \n   :small[{why}]"
            + (f"  \n   :small[{more}]" if more else "")
        )
    st.markdown("\n".join(lines))


def _without_reason(item: Recommendation, compared: Compared) -> str:
    film = compared.films.get(item.movie_id)
    if film is None:
        return _("popular")
    return ngettext(
        "popular: {count} person likes it", "popular: {count} people like it", film.likes
    ).format(count=number(film.likes))


def _history(subject: Subject, compared: Compared) -> None:
    newest_first = subject.history.iloc[::-1]
    st.markdown(_("**History**"))
    if newest_first.empty:
        st.caption(_("No ratings yet: every list is popularity, or empty."))
        return
    st.caption(_("Newest first; click a column heading to sort."))
    films = [compared.films.get(int(number)) for number in newest_first["movie_id"]]
    columns = {
        "film": st.column_config.TextColumn(_("Film"), width="medium"),
        "stars": st.column_config.NumberColumn("★", format="%.1f", width="small"),
        "genres": st.column_config.TextColumn(_("Genres")),
        "page": st.column_config.LinkColumn(_("Page"), display_text=_("Open")),
    }
    table = pd.DataFrame(
        {
            "film": [compared.label(int(number)) for number in newest_first["movie_id"]],
            "stars": newest_first["rating"].to_numpy(),
            "genres": ["" if film is None else genres(film.genres) for film in films],
            "page": [f"/film?id={number}" for number in newest_first["movie_id"]],
        }
    )
    if not subject.is_made_up:
        table.insert(2, "rated", newest_first["rated_at"].to_numpy())
        columns["rated"] = st.column_config.DatetimeColumn(_("Rated"), format="YYYY-MM-DD")
    st.dataframe(
        table,
        key="history_table",
        hide_index=True,
        placeholder="–",
        height="stretch" if len(table) > 8 else "auto",
        column_config=columns,
        alt=_("What {name} has rated, newest first").format(name=subject.name),
    )
