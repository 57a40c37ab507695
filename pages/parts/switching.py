"""The button that switches the language."""

import streamlit as st
from sqlalchemy import Engine

from i18n.language import LANGUAGES, Language
from pages.parts import guard, identity, wording


def button(engine: Engine) -> None:
    """Show a button with the name of the other language, in that language."""
    (other,) = (each for each in LANGUAGES if each != wording.spoken())
    st.button(
        LANGUAGES[other],
        icon=":material/translate:",
        type="tertiary",
        key="switch_language",
        on_click=guard.callback(_switch, engine, other),
    )


def _switch(engine: Engine, chosen: Language) -> None:
    wording.switch(engine, identity.current_user(), chosen)
