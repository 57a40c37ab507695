"""Filters by original language and by country of production, as far as TMDb knows them.

In the address, they are written as in the API: `?original_language=fr&made_in=FR`.
"""

from collections.abc import Callable, Iterable

import streamlit as st

from i18n.language import by_name, country_names, language_name
from pages.parts import guard
from pages.parts.choice import follow_address
from pages.parts.wording import _, pgettext, spoken
from startup import Services

ORIGINAL_LANGUAGE, MADE_IN = "original_language", "made_in"

_ANY = ""


def ask(services: Services) -> tuple[str | None, str | None]:
    """Ask for a language and a country, if films have any; return both, each None for any."""
    if services.tmdb is None:
        return None, None
    extent = services.recommender.extent()
    with st.container(horizontal=True, gap="small", key="origins"):
        return (
            _ask(ORIGINAL_LANGUAGE, _("Original language"), _named(extent.languages, language)),
            _ask(MADE_IN, _("Made in"), _named(extent.countries, country)),
        )


def clear() -> None:
    """Switch the filters off."""
    for name in (ORIGINAL_LANGUAGE, MADE_IN):
        st.query_params.pop(name, None)


def language(code: str | None) -> str:
    """Return the name of a language by its two letters; empty if it has none."""
    return (code and language_name(code, spoken())) or ""


def country(code: str | None) -> str:
    """Return the name of a country by its two letters; empty if it has none."""
    return country_names(spoken()).get(code or "", "")


def _named(codes: Iterable[str], name_of: Callable[[str], str]) -> dict[str, str]:
    """Return the names of codes, in alphabetical order, without those that have none."""
    return by_name({code: name for code in codes if (name := name_of(code))})


def _ask(name: str, label: str, names: dict[str, str]) -> str | None:
    if not names:
        return None
    named = st.query_params.get(name, _ANY)
    value = named if named in names else _ANY
    follow_address(name, value)
    offered = [_ANY, *names]
    chosen = st.selectbox(
        label,
        offered,
        index=offered.index(value),
        format_func=lambda code: names.get(code) or pgettext("origin", "Any"),
        key=name,
        on_change=guard.callback(_choose, name),
        width=220,
    )
    return chosen or None


def _choose(name: str) -> None:
    chosen = st.session_state[name]
    if chosen:
        st.query_params[name] = chosen
    else:
        st.query_params.pop(name, None)
