"""Presets: buttons that set several filters, or the style, at once."""

from collections.abc import Collection

import streamlit as st

from pages.parts import guard, stored_filters, styles
from pages.parts.wording import N_, _
from startup import Services

SHORT_MINUTES = 95
CLASSIC_UNTIL = 1979
# By their names in MovieLens' and TMDB's data sets.
FAMILY = ("Animation", "Children", "Children's", "Family")
NOT_FOR_FAMILIES = ("Crime", "Film-Noir", "Horror", "Thriller", "War")

_TEXTS = {
    "short": (N_("Short one"), N_("At most 95 minutes.")),
    "family": (
        N_("Family night"),
        N_("Animation or films for children, without crime, horror, thrillers and war."),
    ),
    "different": (N_("Something different"), N_("Films that few people have discovered yet.")),
    "classic": (N_("Classic"), N_("From 1979 or earlier.")),
}


def offer(services: Services) -> None:
    """Show a button for each preset that the data set has films for."""
    for key in _offered(services):
        label, about = _TEXTS[key]
        st.button(
            _(label),
            help=_(about),
            key=f"preset-{key}",
            on_click=guard.callback(_apply, services, key),
        )


def _offered(services: Services) -> list[str]:
    extent = services.recommender.extent()
    has_classics = (
        extent.oldest is not None
        and extent.newest is not None
        and extent.oldest <= CLASSIC_UNTIL < extent.newest
    )
    has_films = {
        "short": extent.without_length < extent.films,
        "family": bool(_of(services, FAMILY)),
        "different": True,
        "classic": has_classics,
    }
    return [key for key in _TEXTS if has_films[key]]


def _apply(services: Services, key: str) -> None:
    if key == "short":
        stored_filters.put(services, max_minutes=SHORT_MINUTES)
    elif key == "family":
        _choose_family(services)
    elif key == "different":
        styles.put(services, "adventurous")
    else:
        st.session_state.years = (services.recommender.extent().oldest, CLASSIC_UNTIL)


def _choose_family(services: Services) -> None:
    st.session_state.genre = _of(services, FAMILY)
    st.session_state.pop("match", None)
    if "typed" in st.session_state:
        st.session_state.typed = ""
    left_out = [*st.session_state.get(stored_filters.NOT_GENRES, [])]
    left_out = [each for each in left_out if each not in FAMILY]
    added = [each for each in _of(services, NOT_FOR_FAMILIES) if each not in left_out]
    stored_filters.put(services, not_genres=(*left_out, *added))


def _of(services: Services, genres: Collection[str]) -> list[str]:
    """Return those of these genres that exist."""
    return [each for each in services.recommender.genres() if each in genres]
