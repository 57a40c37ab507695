"""Filters of a list, kept in the address so that a link shows the same list."""

from dataclasses import replace
from typing import Literal, get_args

import streamlit as st

from pages.parts import guard, origins, presets, stored_filters, watching
from pages.parts.choice import one_of
from pages.parts.text import plain
from pages.parts.wording import (
    N_,
    _,
    genre,
    genre_in_text,
    length,
    ngettext,
    number,
    understand,
)
from recsys.serving.filters import Filters
from recsys.serving.lists import FilterName
from recsys.serving.recommender import Recommender
from startup import Services

_IN_ADDRESS: Literal["query-params"] = "query-params"
_STEPS = (0, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
_NAMES: tuple[FilterName, ...] = get_args(FilterName)
ANY, ALL = N_("any of them"), N_("all of them")


def ask(services: Services, stored: Filters, *, with_genres: bool) -> Filters:
    """Return what is chosen under "Filters".

    Parameters
    ----------
    services : Services
    stored : Filters
        Those that are stored for the person.
    with_genres : bool
        Whether to ask for genres too; By genre does it itself.

    Returns
    -------
    Filters
    """
    recommender = services.recommender
    genres: list[str] = []
    match_all = False
    with st.popover(_("Filters"), icon=":material/filter_alt:", key="filters"):
        with st.container(horizontal=True, gap="small", key="presets"):
            presets.offer(services)
            st.button(
                _("Clear filters"),
                icon=":material/filter_alt_off:",
                type="tertiary",
                key="clear",
                on_click=guard.callback(_clear, services, with_genres=with_genres),
            )
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
        limits = stored_filters.ask(services, stored)
        original_language, made_in = origins.ask(services)
        stream_in = watching.ask_for_streams(services)
        year_from, year_to = _years(recommender)
        least = _least_ratings(recommender)
    chosen = replace(
        limits,
        genres=tuple(genres),
        match_all=match_all,
        year_from=year_from,
        year_to=year_to,
        least_ratings=least,
        stream_in=stream_in,
        original_language=original_language,
        made_in=made_in,
    )
    if words := [each for name in _NAMES if (each := in_words(chosen, name))]:
        st.markdown(
            ngettext(
                "**{count} filter:** {words}", "**{count} filters:** {words}", len(words)
            ).format(count=number(len(words)), words=" · ".join(words)),
            width="content",
        )
    return chosen


def in_words(filters: Filters, name: FilterName) -> str:
    """Return one of the filters as Markdown, such as "not Horror"; empty if it is off."""
    if name == "genre":
        joint = _(" and ") if filters.match_all else _(" or ")
        return joint.join(plain(genre(each)) for each in filters.genres)
    if name == "not_genres":
        listed = plain(", ".join(map(genre_in_text, filters.not_genres)), 1000)
        return _("not {genres}").format(genres=listed) if filters.not_genres else ""
    if name == "max_minutes":
        minutes = filters.max_minutes
        return _("up to {length}").format(length=length(minutes)) if minutes else ""
    if name == "max_age_rating":
        age_rating = filters.max_age_rating
        return _("rated {age_rating} at most").format(age_rating=age_rating) if age_rating else ""
    if name == "stream_in":
        country = origins.country(filters.stream_in)
        return _("can be streamed ({country})").format(country=country) if country else ""
    if name == "original_language":
        language = origins.language(filters.original_language)
        return _("original language: {name}").format(name=language) if language else ""
    if name == "made_in":
        country = origins.country(filters.made_in)
        return _("country: {country}").format(country=country) if country else ""
    if name == "years":
        return years(filters.year_from, filters.year_to)
    least = filters.least_ratings
    return _("{count} ratings or more").format(count=number(least)) if least else ""


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


def _clear(services: Services, *, with_genres: bool) -> None:
    extent = services.recommender.extent()
    switched_off = {"years": (extent.oldest, extent.newest), "ratings": 0}
    if with_genres:
        switched_off |= {"genre": [], "match": ANY}
    for key, value in switched_off.items():
        if key in st.session_state:  # set, not removed, so that the address follows
            st.session_state[key] = value
    stored_filters.clear(services)
    watching.clear()
    origins.clear()
