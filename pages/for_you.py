"""Five films for whoever looks: popular ones for a stranger, their own for a known person."""

import streamlit as st

import startup
from db import ratings
from db.users import User
from pages.parts import filters, identity, lists, opinions, starting, waiting
from pages.parts.text import plain
from pages.parts.wording import _, ngettext, number


@st.fragment  # so that a click doesn't run the navigation, the search and the footer too
@waiting.faults_are_told()
def _show() -> None:
    user = identity.current_user()
    rated = _stranger() if user is None else _known(user)
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = filters.ask(with_genres=True)
        opinions.notice()
    lists.show(user, chosen)
    starting.offer(user, rated)


def _stranger() -> int:
    """Whose films these are, for a stranger; how many they have rated."""
    st.title(_("Five films for tonight"))
    rated = len(identity.picks(None).history)
    st.write(
        ngettext(
            "From the one film you have rated here. [Log in or register](/account) to keep it.",
            "From the {count} films you have rated here. [Log in or register](/account) to keep "
            "them.",
            rated,
        ).format(count=number(rated))
        if rated
        else _(
            "The best liked of all, since we don't know you yet. Rate one, or "
            "[log in or register](/account), to get your own."
        )
    )
    return rated


def _known(user: User) -> int:
    """Whose films these are, for somebody logged in; how many they have rated."""
    st.title(_("Five films for {name}").format(name=plain(identity.display_name(user))))
    with startup.current().engine.connect() as connection:
        rated = ratings.count(connection, user.id)
    st.write(
        ngettext(
            "Chosen from what you liked among the {count} film you have rated.",
            "Chosen from what you liked among the {count} films you have rated.",
            rated,
        ).format(count=number(rated))
        if rated
        else _(
            "The best liked of all: you haven't rated a film yet. Rate one, and the next five "
            "know it."
        )
    )
    return rated


_show()
