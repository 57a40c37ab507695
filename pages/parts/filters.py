"""Filters of a list, kept in the address so that a link shows the same list."""

from typing import Literal

import streamlit as st

from pages.parts import guard
from pages.parts.choice import one_of
from pages.parts.text import plain
from pages.parts.wording import N_, _, genre, number, understand
from recsys.serving.filters import Filters
from recsys.serving.recommender import Recommender

_IN_ADDRESS: Literal["query-params"] = "query-params"
_STEPS = (0, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
ANY, ALL = N_("any of them"), N_("all of them")


def ask(recommender: Recommender, *, with_genres: bool) -> Filters:
    """Return what is chosen under "Filters"; without `with_genres` the page asks for genres."""
    genres: list[str] = []
    match_all = False
    with st.popover(_("Filters"), icon=":material/filter_alt:", key="filters"):
        if with_genres:
            available = recommender.genres()
            understand("genre", available)
            genres = st.pills(
                _("Genres"),
                available,
                format_func=genre,
                selection_mode="multi",
                key="genre",
                bind=_IN_ADDRESS,
            )
            match_all = any_or_all(genres)
        year_from, year_to = _years(recommender)
        least = _least_ratings(recommender)
        st.button(
            _("Clear"),
            icon=":material/filter_alt_off:",
            key="clear",
            on_click=guard.callback(_clear),
        )
    chosen = Filters(tuple(genres), match_all, year_from, year_to, least)
    if words := _in_words(chosen):
        st.markdown(words, width="content")
    return chosen


def _in_words(filters: Filters) -> str:
    words = []
    if filters.genres:
        joint = _(" and ") if filters.match_all else _(" or ")
        words.append(joint.join(plain(genre(each)) for each in filters.genres))
    if span := years(filters.year_from, filters.year_to):
        words.append(span)
    if filters.least_ratings:
        words.append(_("{count} ratings or more").format(count=number(filters.least_ratings)))
    return " · ".join(words)


def years(first: int | None, last: int | None) -> str:
    """Return years as words: "1990-1999", "in 1990 or later"; empty without any."""
    if first is None:
        return "" if last is None else _("in {year} or earlier").format(year=last)
    if last is None:
        return _("in {year} or later").format(year=first)
    return _("in {year}").format(year=first) if first == last else f"{first}-{last}"


def any_or_all(genres: list[str]) -> bool:
    """Return whether a film must have all of the genres; ask only if there are several."""
    if len(genres) < 2:
        return False
    return one_of(_("Films with"), [ANY, ALL], key="match", shows_label=True) == ALL


def _years(recommender: Recommender) -> tuple[int | None, int | None]:
    """Return None for an end that wasn't moved, so that films without a year pass."""
    extent = recommender.extent()
    oldest, newest = extent.oldest, extent.newest
    if oldest is None or newest is None or oldest == newest:
        return None, None
    first, last = st.slider(
        _("Years"), oldest, newest, value=(oldest, newest), key="years", bind=_IN_ADDRESS
    )
    return first if first > oldest else None, last if last < newest else None


def _least_ratings(recommender: Recommender) -> int:
    most = recommender.extent().most_ratings
    steps = [step for step in _STEPS if step <= most]
    if len(steps) < 2:
        return 0
    return int(
        st.select_slider(_("At least this many ratings"), steps, key="ratings", bind=_IN_ADDRESS)
    )


def _clear() -> None:
    for key in ("genre", "match", "years", "ratings"):
        st.session_state.pop(key, None)
