"""My films: ratings, lists, a portrait, and imports."""

import streamlit as st

from db.queries import histories, portrait
from db.queries.marks import MARKS, Mark
from pages.my_films import history, importing
from pages.my_films import portrait as portraits
from pages.parts import guard, identity, links, opinions
from pages.parts.choice import one_of
from pages.parts.text import plain
from pages.parts.wording import N_, _, label_of, ngettext, number
from startup import Services

RATED, LISTS, ABOUT, IMPORT = N_("Rated"), N_("Lists"), N_("About me"), N_("Import")
_LISTS: dict[Mark, tuple[str, str]] = {
    "later": (
        N_("Watch later"),
        N_("Nothing yet. Choose “Watch later” on a film's card to add it here."),
    ),
    "seen": (
        N_("Seen"),
        N_("Nothing yet. Choose “Seen it” on a card to add a film here without rating it."),
    ),
    "dismissed": (
        N_("Not interested"),
        N_("Nothing yet. Films you mark “Not interested” appear here."),
    ),
}


def show(services: Services) -> None:
    """Show what the current person has rated and marked, or an import."""
    user = identity.current_user()
    guest_ratings = identity.guest_ratings(services, user)
    with services.engine.connect() as connection:
        rated = guest_ratings.history if user is None else histories.frame(connection, user.id)
        films = portrait.films(connection, rated)

    st.title(_("My films"))
    if user is None:
        st.write(
            _("Kept in this browser for 30 days. [Log in or register](/account) to keep them.")
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        view = one_of(_("What to show"), [RATED, LISTS, ABOUT, IMPORT], key="view")
        opinions.notice(services)
    if view == LISTS:
        _lists(services, opinions.marked(services))
    elif view == IMPORT:
        importing.show(services, user)
    elif films.empty:
        st.info(
            _(
                "You haven't rated a film yet. Rate some on [For you](/), or import your ratings "
                "from another service with “Import”."
            ),
            icon=":material/star:",
        )
    elif view == ABOUT:
        portraits.show(services.engine, films)
    else:
        st.write(
            ngettext("{count} rating.", "{count} ratings.", len(films)).format(
                count=number(len(films))
            )
        )
        history.table(services, films)
        history.download()


def _lists(services: Services, marked: dict[int, Mark]) -> None:
    films = services.recommender.films(list(marked))
    for mark in sorted(MARKS, key=list(_LISTS).index):
        name, nothing = _LISTS[mark]
        mine = [films[number] for number in marked if marked[number] == mark and number in films]
        st.subheader(f"{_(name)} ({number(len(mine))})" if mine else _(name))
        if not mine:
            st.caption(_(nothing))
        for film in mine:
            with st.container(horizontal=True, vertical_alignment="center", key=f"row-{film.id}"):
                links.link(
                    "film",
                    plain(label_of(film)),
                    query_params={"id": str(film.id)},
                    width="stretch",
                )
                opinions.stars(services, film)
                st.button(
                    _("Remove"),
                    key=f"mark-off-{film.id}",
                    icon=":material/close:",
                    help=_("Remove"),
                    type="tertiary",
                    on_click=guard.callback(opinions.say, services, film.id, label_of(film), None),
                )
