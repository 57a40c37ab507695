"""Presets: buttons that set several filters, or the style, at once."""

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

from pages.parts import guard, stored_filters, styles
from pages.parts.wording import N_, _
from startup import Services

SHORT_MINUTES = 95
CLASSIC_UNTIL = 1979
# By their names in MovieLens' and TMDB's data sets.
FAMILY = ("Animation", "Children", "Children's", "Family")
NOT_FOR_FAMILIES = ("Crime", "Film-Noir", "Horror", "Thriller", "War")


def offer(services: Services) -> None:
    """Show a button for each preset that the data set has films for."""
    for label, about, key, apply in _offered(services):
        st.button(
            _(label),
            help=_(about),
            key=f"preset-{key}",
            on_click=guard.callback(apply, services),
        )


def _offered(services: Services) -> list[tuple[str, str, str, Callable[[Services], Any]]]:
    """Return the presets: label, explanation, key, and what applies it."""
    extent = services.recommender.extent()
    offered: list[tuple[str, str, str, Callable[[Services], Any]]] = []
    if extent.without_length < extent.films:
        offered.append((N_("Short one"), N_("At most 95 minutes."), "short", _short))
    if _of(services, FAMILY):
        offered.append(
            (
                N_("Family night"),
                N_("Animation or films for children, without crime, horror, thrillers and war."),
                "family",
                _family,
            )
        )
    offered.append(
        (
            N_("Something different"),
            N_("Films that few people have discovered yet."),
            "different",
            _different,
        )
    )
    oldest, newest = extent.oldest, extent.newest
    if oldest is not None and newest is not None and oldest <= CLASSIC_UNTIL < newest:
        offered.append((N_("Classic"), N_("From 1979 or earlier."), "classic", _classic))
    return offered


def _short(services: Services) -> None:
    stored_filters.put(services, max_minutes=SHORT_MINUTES)


def _family(services: Services) -> None:
    st.session_state.genre = _of(services, FAMILY)
    st.session_state.pop("match", None)
    if "typed" in st.session_state:
        st.session_state.typed = ""
    left_out = [*st.session_state.get(stored_filters.NOT_GENRES, [])]
    left_out = [each for each in left_out if each not in FAMILY]
    added = [each for each in _of(services, NOT_FOR_FAMILIES) if each not in left_out]
    stored_filters.put(services, not_genres=(*left_out, *added))


def _different(services: Services) -> None:
    styles.put(services, "adventurous")


def _classic(services: Services) -> None:
    st.session_state.years = (services.recommender.extent().oldest, CLASSIC_UNTIL)


def _of(services: Services, genres: Collection[str]) -> list[str]:
    """Return those of these genres that exist."""
    return [each for each in services.recommender.genres() if each in genres]
