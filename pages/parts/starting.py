"""Twelve well-known films to start from, for whoever has told us nothing yet."""

import streamlit as st

import startup
from db import movies
from db.users import User
from pages.parts import cards, identity
from pages.parts.wording import _

TWELVE = 12
ENOUGH = 5


def offer(user: User | None, rated: int) -> None:
    """Offer the films until so many are rated; open at once for an account without a rating."""
    if rated >= ENOUGH:
        return
    is_open = user is not None and st.session_state.setdefault(f"starting-{user.id}", rated == 0)
    with st.expander(
        _("Rate some films you know"),
        expanded=is_open,
        icon=":material/kid_star:",
        key="starters_open",
        on_change="rerun",
    ) as expander:
        if not expander.open:
            return
        st.write(_("Well-known films of different genres. Two or three are enough to begin with."))
        application = startup.current()
        numbers = application.recommender.starters(user, TWELVE, picks=identity.picks(user))
        with application.engine.connect() as connection:
            films = movies.by_ids(connection, numbers)
        cards.show_small(films, key="starters")
