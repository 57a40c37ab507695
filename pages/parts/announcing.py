"""Announcements for screen readers; accessibility.js takes each from the page and reads it once."""

import time
from html import escape

import streamlit as st

_SAID = "announced"


def tell(words: str) -> None:
    """Announce this at the next `show`, in place of any earlier announcement."""
    st.session_state[_SAID] = time.time_ns(), words


def show() -> None:
    """Put the last announcement into the page, invisibly."""
    said = st.session_state.get(_SAID)
    if said is not None:
        told_at, words = said
        st.html(
            f'<i class="announcement" data-told-at="{told_at}" data-words="{escape(words)}"></i>'
        )
