"""Guards: whatever runs after a page was drawn checks again who the user is.

Streamlit keeps a page's callbacks, fragments and dialogs, and runs them at a click. By
then the session may have ended, or the account may have lost its role. So all of them are made
here (tests/pages/test_guard.py enforces it): they act for the person they were drawn for, in
the role of that time, and for nobody else.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from db.queries.users import User
from monitoring.errors import first_line
from pages.parts import faults, identity
from pages.parts.identity import DRAWN_FOR, Whose
from pages.parts.wording import N_, _

logger = logging.getLogger("pages")

P = ParamSpec("P")

_NOTICE = "guard_notice"
_LOGGED_OUT = N_("You have been logged out. Log in again to go on.")
_SOMEBODY_ELSE = N_("Another account is logged in here now, so your click did nothing.")
_OTHER_ROLE = N_("Your account's role has changed, so your click did nothing.")
_NOT_DONE = N_("That didn't work. Please try again in a moment.")

# The user that this run's elements are drawn for; None before the first films are loaded.
_drawn_for: ContextVar[Whose | None] = ContextVar("drawn_for", default=None)


@contextmanager
def page() -> Iterator[User | None]:
    """Run a whole page for the current user; drop the session state when that has changed.

    What was typed, chosen or pressed in the visit was another person's.
    """
    user = identity.ask()
    whose = Whose.of(user)
    before: Whose | None = st.session_state.get(DRAWN_FOR)
    if before is not None and before.user_id != whose.user_id:
        st.session_state.clear()
        st.session_state[_NOTICE] = _LOGGED_OUT if user is None else _SOMEBODY_ELSE
        st.session_state[DRAWN_FOR] = whose
        st.rerun()
    st.session_state[DRAWN_FOR] = whose
    with _known(user):
        yield user


def notice() -> None:
    """Say once why a click was not carried out."""
    words = st.session_state.pop(_NOTICE, None)
    if words is not None:
        st.warning(_(words), icon=":material/lock:")


def callback(
    function: Callable[P, object], *args: P.args, **kwargs: P.kwargs
) -> Callable[[], None]:
    """Return a callback that calls `function` only if the same person is still here.

    Within it `identity.current_user` is that person, without another query.
    """
    drawn_for = _drawn_for.get()

    def checked() -> None:
        try:
            user = identity.ask()
        except SQLAlchemyError as error:
            logger.error("a click was not done: %s", first_line(error))
            st.session_state[_NOTICE] = _NOT_DONE
            return
        whose = Whose.of(user)
        if drawn_for is None or whose == drawn_for:
            with _known(user):
                function(*args, **kwargs)
        elif whose.user_id == drawn_for.user_id:
            st.session_state[_NOTICE] = _OTHER_ROLE
        # Otherwise the page starts again and says why.

    return checked


def fragment(*, run_every: float | None = None) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make a fragment; if another person is here by then, the whole page runs instead."""

    def decorate(function: Callable[P, None]) -> Callable[P, None]:
        @wraps(function)
        def draw(*args: P.args, **kwargs: P.kwargs) -> None:
            st.fragment(_checked(function), run_every=run_every)(*args, **kwargs)

        return draw

    return decorate


def dialog(title: str, function: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Open a dialog that closes when another person is here."""
    st.dialog(title, width="medium")(_checked(function))(*args, **kwargs)


def _checked(function: Callable[P, None]) -> Callable[P, None]:
    drawn_for = _drawn_for.get()

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> None:
        with faults.are_told():
            if drawn_for is None or _drawn_for.get() == drawn_for:  # part of a larger run
                function(*args, **kwargs)
                return
            user = identity.ask()
            if Whose.of(user) != drawn_for:
                st.rerun()
            with _known(user):
                notice()
                function(*args, **kwargs)

    return checked


@contextmanager
def _known(user: User | None) -> Iterator[None]:
    token = _drawn_for.set(Whose.of(user))
    try:
        with identity.known(user):
            yield
    finally:
        _drawn_for.reset(token)
