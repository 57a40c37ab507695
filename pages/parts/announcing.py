"""What screen readers say of a change; accessibility.js reads it out of the page, once."""

import time
from html import escape

import streamlit as st

_SAID = "announced"


def tell(words: str) -> None:
    """Have it said when `show` is next called, in place of what was to be said before."""
    st.session_state[_SAID] = time.time_ns(), words


def show() -> None:
    """Put into the page what was told last, where nobody sees it."""
    said = st.session_state.get(_SAID)
    if said is not None:
        told_at, words = said
        st.html(
            f'<i class="announcement" data-told-at="{told_at}" data-words="{escape(words)}"></i>'
        )
