"""Finding a film by its title from every page, as one types."""

import streamlit as st

import startup
from db import search
from pages.parts.cards import FILM_PAGE
from pages.parts.text import plain

MOST_FOUND = 8
_PAUSE = "200ms"


def button() -> None:
    """A button (or the key F) that opens the search."""
    with st.container(horizontal=True, horizontal_alignment="right", key="find"):
        if st.button("Find a film", icon=":material/search:", type="tertiary", shortcut="f"):
            _dialog()


@st.dialog("Find a film", width="medium")
def _dialog() -> None:
    typed = st.text_input(
        "Title",
        key="search",
        placeholder="godfather, amelie, city of lost …",
        max_chars=100,
        live=_PAUSE,
        icon=":material/search:",
    ).strip()
    if typed:
        results(typed)
    else:
        st.caption("Case, accents, articles and small typing errors don't matter.")


def results(typed: str) -> None:
    """The films that may be meant, the likeliest first."""
    with startup.current().engine.connect() as connection:
        found, total = search.search(connection, query=typed, size=MOST_FOUND)
    if not found:
        st.info(
            f"No film is called anything like “{plain(typed)}”. Try fewer letters.",
            icon=":material/search_off:",
        )
        return
    for film in found:
        st.page_link(
            FILM_PAGE,
            label=f"**{plain(film.title)}** {film.year or ''} · {plain(', '.join(film.genres))}",
            query_params={"id": str(film.id)},
            width="stretch",
        )
    if total > len(found):
        st.caption(f"{total - len(found):,} more; type on to narrow it down.")
