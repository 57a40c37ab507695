"""Five films of a genre that is picked or typed."""

import streamlit as st

import startup
from pages.parts import identity, lists
from recsys.genres import UnknownGenre


def _pick() -> None:
    st.session_state.typed = ""


def _type() -> None:
    st.session_state.picked = None


def _correct(genre: str) -> None:
    st.session_state.typed = ""
    st.session_state.picked = genre


st.title("Five films of a genre")
available = startup.current().recommender.genres()
with st.container(border=True):
    picked = st.pills("Pick a genre", available, key="picked", on_change=_pick)
    typed = st.text_input(
        "… or type one",
        key="typed",
        placeholder="sci fi",
        max_chars=100,
        on_change=_type,
        icon=":material/search:",
    )

wanted = typed.strip() or picked
if not wanted:
    st.info(
        "Pick a genre above, or type one: five films of it come at once.",
        icon=":material/arrow_upward:",
    )
else:
    try:
        lists.show(identity.current_user(), genre=wanted)
    except UnknownGenre as error:
        st.error(
            f"There is no genre “{wanted}”. The genres there are: {', '.join(error.available)}.",
            icon=":material/error:",
        )
        if error.did_you_mean:
            st.button(
                f"Did you mean {error.did_you_mean}?",
                key="did_you_mean",
                type="primary",
                on_click=_correct,
                args=(error.did_you_mean,),
            )
