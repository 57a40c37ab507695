"""Five films for whoever looks: popular ones for a stranger, their own for a known person."""

import streamlit as st

import startup
from db import ratings
from db.engine import for_reading
from db.users import User
from pages.parts import filters, identity, lists, opinions, starting, waiting
from pages.parts.text import plain
from pages.parts.wording import _, ngettext, number
from recsys.filters import Filters


@st.fragment  # so that a click doesn't run the navigation, the search and the footer too
@waiting.faults_are_told()
def _show() -> None:
    user = identity.current_user()
    if user is None:
        st.title(_("Five films for tonight"))
    else:
        st.title(_("Five films for {name}").format(name=plain(identity.display_name(user))))
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = filters.ask(with_genres=True)
    _films(None if user is None else user.id, chosen)


@st.fragment  # nor, where it is one on the films, all that is under Filters
@waiting.faults_are_told()
def _films(whose: int | None, chosen: Filters) -> None:
    user = identity.current_user()
    if whose != (None if user is None else user.id):
        st.rerun()  # the session has ended elsewhere, or another has begun
    picks = identity.picks(user)
    rated = len(picks.history) if user is None else _ratings_of(user)
    with st.container(key="films"):
        with st.container(horizontal=True, vertical_alignment="center", key="told"):
            said = _to_a_stranger(rated) if user is None else _to_somebody(rated)
            st.markdown(said, width="content")
            opinions.notice()
        lists.show(user, picks, chosen)
        starting.offer(user, rated)


def _ratings_of(user: User) -> int:
    with for_reading(startup.current().engine).connect() as connection:
        return ratings.count(connection, user.id)


def _to_a_stranger(rated: int) -> str:
    if not rated:
        return _(
            "The best liked of all, since we don't know you yet. Rate one, or "
            "[log in or register](/account), to get your own."
        )
    return ngettext(
        "From the one film you have rated here. [Log in or register](/account) to keep it.",
        "From the {count} films you have rated here. [Log in or register](/account) to keep them.",
        rated,
    ).format(count=number(rated))


def _to_somebody(rated: int) -> str:
    if not rated:
        return _(
            "The best liked of all: you haven't rated a film yet. Rate one, and the next five "
            "know it."
        )
    return ngettext(
        "Chosen from what you liked among the {count} film you have rated.",
        "Chosen from what you liked among the {count} films you have rated.",
        rated,
    ).format(count=number(rated))


_show()
