"""Commands to type into a terminal."""

import streamlit as st


def show(command: str) -> None:
    """Show a command that can be copied, in a place that has its height from the start."""
    with st.container(key=f"command {command}"):
        st.code(command, language=None)
