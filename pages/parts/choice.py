"""A choice of one, which the address of the page names."""

from collections.abc import Iterable

import streamlit as st

from pages.parts.wording import _, understand


def follow_address(key: str, named: object) -> None:
    """Give a widget what the address names, which differs once the browser has gone back."""
    if st.session_state.get(key, named) != named:
        st.session_state[key] = named


def one_of(
    label: str,
    choices: Iterable[str],
    *,
    key: str,
    default: str | None = None,
    shows_label: bool = False,
) -> str:
    """Ask for one of these.

    Parameters
    ----------
    label : str
        In the language of the page; screen readers read it even if it isn't shown.
    choices : iterable of str
        By their English names.
    key : str
        Of the widget, and of the choice in the address; one of those that `pages.parts.wording`
        knows as words.
    default : str, optional
        By default the first choice.
    shows_label : bool

    Returns
    -------
    str
        The English name of the choice.
    """
    offered = list(choices)
    understand(key, offered)
    return str(
        st.segmented_control(
            label,
            offered,
            default=default or offered[0],
            format_func=_,
            required=True,
            key=key,
            label_visibility="visible" if shows_label else "collapsed",
            bind="query-params",
        )
    )
