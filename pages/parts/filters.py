"""Narrowing a list down; what was chosen stands in the address, so that a link shows the same."""

from typing import Literal

import streamlit as st

import startup
from pages.parts.wording import N_, _, genre, number, understand
from recsys.filters import Filters

_IN_ADDRESS: Literal["query-params"] = "query-params"
_MOST_RATINGS = (0, 5, 10, 20, 50, 100, 200, 500, 1000, 5000)
ANY, ALL = N_("any of them"), N_("all of them")


def ask(*, with_genres: bool) -> Filters:
    """What was chosen under "Filters"; genres are left to the page where `with_genres` is off."""
    genres: list[str] = []
    match_all = False
    with st.popover(_("Filters"), icon=":material/filter_alt:", key="filters"):
        if with_genres:
            available = startup.current().recommender.genres()
            understand("genre", available, many=True)
            genres = st.pills(
                _("Genres"),
                available,
                format_func=genre,
                selection_mode="multi",
                key="genre",
                bind=_IN_ADDRESS,
            )
            match_all = any_or_all(genres)
        year_from, year_to = _years()
        least = st.select_slider(
            _("Rated at least so many times"), _MOST_RATINGS, key="ratings", bind=_IN_ADDRESS
        )
        st.button(_("Clear"), icon=":material/filter_alt_off:", key="clear", on_click=_clear)
    chosen = Filters(tuple(genres), match_all, year_from, year_to, int(least))
    if words := _in_words(chosen):
        st.markdown(words, width="content")
    return chosen


def _in_words(filters: Filters) -> str:
    words = []
    if filters.genres:
        joint = _(" and ") if filters.match_all else _(" or ")
        words.append(joint.join(map(genre, filters.genres)))
    if filters.year_from is not None or filters.year_to is not None:
        words.append(
            _("{first} to {last}").format(
                first=filters.year_from or "…", last=filters.year_to or "…"
            )
        )
    if filters.least_ratings:
        words.append(_("{count} ratings or more").format(count=number(filters.least_ratings)))
    return " · ".join(words)


def any_or_all(genres: list[str]) -> bool:
    """Whether a film must have all of several genres; asked only where there are several."""
    if len(genres) < 2:
        return False
    understand("match", (ANY, ALL))
    return bool(
        st.segmented_control(
            _("Films of"),
            [ANY, ALL],
            default=ANY,
            format_func=_,
            required=True,
            key="match",
            bind=_IN_ADDRESS,
        )
        == ALL
    )


def _years() -> tuple[int | None, int | None]:
    """None for an end that was not moved, so that films without a year pass."""
    years = startup.current().recommender.years()
    if years is None or years[0] == years[1]:
        return None, None
    oldest, newest = years
    first, last = st.slider(
        _("Years"), oldest, newest, value=(oldest, newest), key="years", bind=_IN_ADDRESS
    )
    return first if first > oldest else None, last if last < newest else None


def _clear() -> None:
    for key in ("genre", "match", "years", "ratings"):
        st.session_state.pop(key, None)
