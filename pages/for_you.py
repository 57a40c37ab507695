"""Five films for whoever looks: popular ones for a stranger, their own for a known person."""

import streamlit as st

import startup
from db import ratings
from pages.parts import filters, identity, lists, opinions, starting
from pages.parts.text import plain

user = identity.current_user()
if user is None:
    st.title("Five films for tonight")
    rated = len(identity.picks(user).history)
    st.write(
        f"From the {f'{rated} films' if rated > 1 else 'one film'} you have rated here. "
        "[Log in or register](/account) to keep them."
        if rated
        else "The best liked of all, since we don't know you yet. Rate one, or "
        "[log in or register](/account), to get your own."
    )
else:
    st.title(f"Five films for {plain(identity.display_name(user))}")
    with startup.current().engine.connect() as connection:
        rated = ratings.count(connection, user.id)
    st.write(
        f"Chosen from what you liked among the {rated:,} films you have rated."
        if rated
        else "The best liked of all: you haven't rated a film yet. Rate one, and the next five "
        "know it."
    )
with st.container(horizontal=True, vertical_alignment="center"):
    chosen = filters.ask(with_genres=True)
    opinions.notice()
lists.show(user, chosen)
starting.offer(user, rated)
