"""Finding a film by its title from every page, as one types."""

import streamlit as st

import startup
from db import search
from pages.parts.cards import FILM_PAGE
from pages.parts.text import plain
from pages.parts.wording import _, genres, number

MOST_FOUND = 8
_PAUSE = "200ms"


def button() -> None:
    """A button (or the key F) that opens the search."""
    if st.button(_("Find a film"), icon=":material/search:", type="tertiary", shortcut="f"):
        st.dialog(_("Find a film"), width="medium")(_ask)()


def _ask() -> None:
    typed = st.text_input(
        _("Title"),
        key="search",
        placeholder=_("godfather, amelie, city of lost …"),
        max_chars=100,
        live=_PAUSE,
        icon=":material/search:",
    ).strip()
    if typed:
        results(typed)
    else:
        st.caption(_("Case, accents, articles and small typing errors don't matter."))


def results(typed: str) -> None:
    """The films that may be meant, the likeliest first."""
    with startup.current().engine.connect() as connection:
        found, total = search.search(connection, query=typed, size=MOST_FOUND)
    if not found:
        st.info(
            _("No film is called anything like “{typed}”. Try fewer letters.").format(
                typed=plain(typed)
            ),
            icon=":material/search_off:",
        )
        return
    for film in found:
        st.page_link(
            FILM_PAGE,
            label=f"**{plain(film.title)}** {film.year or ''} · {plain(genres(film.genres))}",
            query_params={"id": str(film.id)},
            width="stretch",
        )
    if total > len(found):
        st.caption(
            _("{total} more; type on to narrow it down.").format(total=number(total - len(found)))
        )
