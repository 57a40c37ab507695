"""Narrowing a list down; what was chosen stands in the address, so that a link shows the same."""

from typing import Literal

import streamlit as st

import startup
from db import movies
from recsys.filters import Filters

_IN_ADDRESS: Literal["query-params"] = "query-params"
_MOST_RATINGS = (0, 5, 10, 20, 50, 100, 200, 500, 1000, 5000)
ANY, ALL = "any of them", "all of them"


def ask(*, with_genres: bool) -> Filters:
    """What was chosen under "Filters"; genres are left to the page where `with_genres` is off."""
    genres: list[str] = []
    match_all = False
    with st.popover("Filters", icon=":material/filter_alt:", key="filters"):
        if with_genres:
            genres = st.pills(
                "Genres",
                startup.current().recommender.genres(),
                selection_mode="multi",
                key="genre",
                bind=_IN_ADDRESS,
            )
            match_all = any_or_all(genres)
        year_from, year_to = _years()
        least = st.select_slider(
            "Rated at least so many times", _MOST_RATINGS, key="ratings", bind=_IN_ADDRESS
        )
        st.button("Clear", icon=":material/filter_alt_off:", key="clear", on_click=_clear)
    chosen = Filters(tuple(genres), match_all, year_from, year_to, int(least))
    if words := _in_words(chosen):
        st.markdown(words, width="content")
    return chosen


def _in_words(filters: Filters) -> str:
    words = []
    if filters.genres:
        words.append((" and " if filters.match_all else " or ").join(filters.genres))
    if filters.year_from is not None or filters.year_to is not None:
        words.append(f"{filters.year_from or '…'} to {filters.year_to or '…'}")
    if filters.least_ratings:
        words.append(f"{filters.least_ratings:,} ratings or more")
    return " · ".join(words)


def any_or_all(genres: list[str]) -> bool:
    """Whether a film must have all of several genres; asked only where there are several."""
    if len(genres) < 2:
        return False
    return bool(
        st.segmented_control(
            "Films of", [ANY, ALL], default=ANY, required=True, key="match", bind=_IN_ADDRESS
        )
        == ALL
    )


def _years() -> tuple[int | None, int | None]:
    """None for an end that was not moved, so that films without a year pass."""
    with startup.current().engine.connect() as connection:
        years = movies.years(connection)
    if years is None or years[0] == years[1]:
        return None, None
    oldest, newest = years
    first, last = st.slider(
        "Years", oldest, newest, value=(oldest, newest), key="years", bind=_IN_ADDRESS
    )
    return first if first > oldest else None, last if last < newest else None


def _clear() -> None:
    for key in ("genre", "match", "years", "ratings"):
        st.session_state.pop(key, None)
