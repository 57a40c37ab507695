"""My films: what I have rated, what I want to see, what it says about me, and bringing my own."""

import streamlit as st

import startup
from db import movies, portrait, ratings
from db.marks import MARKS, Mark
from pages.parts import history, identity, importing, opinions
from pages.parts import portrait as portraits
from pages.parts.cards import FILM_PAGE
from pages.parts.text import plain

RATED, LISTS, ABOUT, IMPORT = "Rated", "Lists", "About me", "Import"
_LISTS: dict[Mark, tuple[str, str]] = {
    "later": ("Watch later", "Nothing yet. “Watch later” on a film's card puts it here."),
    "seen": ("Seen", "Nothing yet. “Seen it” on a card puts a film here without a rating."),
    "dismissed": ("Not interested", "Nothing yet. What you wave away comes here."),
}


def _lists(marked: dict[int, Mark]) -> None:
    with startup.current().engine.connect() as connection:
        films = {film.id: film for film in movies.by_ids(connection, list(marked))}
    for mark in sorted(MARKS, key=list(_LISTS).index):
        name, nothing = _LISTS[mark]
        mine = [films[number] for number in marked if marked[number] == mark and number in films]
        st.subheader(f"{name} ({len(mine)})" if mine else name)
        if not mine:
            st.caption(nothing)
        for film in mine:
            with st.container(horizontal=True, vertical_alignment="center", key=f"row-{film.id}"):
                st.page_link(
                    FILM_PAGE,
                    label=plain(film.label),
                    query_params={"id": str(film.id)},
                    width="stretch",
                )
                opinions.stars(film)
                st.button(
                    "Take off",
                    key=f"mark-off-{film.id}",
                    icon=":material/close:",
                    help="Take off",
                    type="tertiary",
                    on_click=opinions.say,
                    args=(film.id, film.label, None),
                )


user = identity.current_user()
picks = identity.picks(user)
with startup.current().engine.connect() as connection:
    rated = picks.history if user is None else ratings.history(connection, user.id)
    films = portrait.films(connection, rated)

st.title("My films")
if user is None:
    st.write("Kept in this browser for 30 days. [Log in or register](/account) to keep them.")
with st.container(horizontal=True, vertical_alignment="center"):
    view = st.segmented_control(
        "What to show",
        [RATED, LISTS, ABOUT, IMPORT],
        default=RATED,
        required=True,
        key="view",
        label_visibility="collapsed",
        bind="query-params",
    )
    opinions.notice()
if view == LISTS:
    _lists(opinions.marked())
elif view == IMPORT:
    importing.show(user)
elif films.empty:
    st.info(
        "You haven't rated a film yet. Give stars on [For you](/), or bring your ratings from "
        "elsewhere with “Import”.",
        icon=":material/star:",
    )
elif view == ABOUT:
    portraits.show(films)
else:
    st.write(f"{len(films):,} ratings.")
    history.table(films)
    history.download(films)
