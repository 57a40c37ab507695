"""Form fields of accounts: filled in by browsers, each with its error below it."""

from collections.abc import Mapping
from html import escape
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts.wording import say

Autocomplete = Literal["username", "email", "name", "current-password", "new-password", "off"]


class Fields:
    """The fields of one form, by name; accessibility.js adds what Streamlit can't."""

    def __init__(self, form: str) -> None:
        self._form = form
        self._below: dict[str, DeltaGenerator] = {}

    def email(self, name: str, label: str, autocomplete: Autocomplete) -> str:
        """Ask for an email; phones show their email keyboard."""
        return self._ask(name, label, "email", autocomplete)

    def password(
        self, name: str, label: str, autocomplete: Autocomplete, *, help: str | None = None
    ) -> str:
        """Ask for a password."""
        return self._ask(name, label, "password", autocomplete, help)

    def text(self, name: str, label: str, autocomplete: Autocomplete) -> str:
        """Ask for a text."""
        return self._ask(name, label, "default", autocomplete)

    def whose(self, email: str | None) -> None:
        """Add a hidden field that tells password managers whose password this is."""
        st.html(
            f'<input type="text" name="username" autocomplete="username" readonly hidden '
            f'value="{escape(email or "")}">'
        )

    def complain(self, problems: Mapping[str, str]) -> None:
        """Show each field's error below it; not as Markdown, which makes links."""
        for name, problem in problems.items():
            self._below[name].html(
                f'<p class="wrong" role="alert" id="wrong-{self._form}_{name}">'
                f"{escape(say(problem))}</p>"
            )

    def _ask(
        self,
        name: str,
        label: str,
        kind: Literal["default", "email", "password"],
        autocomplete: Autocomplete,
        help: str | None = None,
    ) -> str:
        # Without Streamlit's email check, which would hide the errors of other fields.
        typed = st.text_input(
            label,
            key=f"{self._form}_{name}",
            type=kind,
            autocomplete=autocomplete,
            help=help,
            icon="",
            placeholder="",
            validate="",
        )
        self._below[name] = st.empty()
        return typed
