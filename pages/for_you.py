"""Five films for whoever looks: popular ones for a stranger, their own for a known person."""

import streamlit as st

import startup
from db import ratings
from pages.parts import identity, lists

user = identity.current_user()
if user is None:
    st.title("Five films for tonight")
    st.write(
        "The best liked of all, since we don't know you yet. "
        "[Log in or register](/account) to get your own."
    )
else:
    st.title(f"Five films for {identity.display_name(user)}")
    with startup.current().engine.connect() as connection:
        rated = ratings.count(connection, user.id)
    st.write(
        f"Chosen from what you liked among the {rated:,} films you have rated."
        if rated
        else "The best liked of all: you haven't rated a film yet."
    )
lists.show(user)
