"""Sessions that end, end: what runs after a page was drawn asks again who is here.

Streamlit keeps a page's callbacks, fragments and dialogs, and runs them when somebody clicks. By
then the session may have ended, or the account may have lost its role. So all of them are made
here (tests/pages/test_guard.py sees to it): they act for the person that they were drawn for, in
the role of then, and for nobody else.
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

# Whom the elements of this run are drawn for; None before the first films are there.
_drawn_for: ContextVar[Whose | None] = ContextVar("drawn_for", default=None)


@contextmanager
def page() -> Iterator[User | None]:
    """Around a run of a whole page: who is here. When that has changed, nothing is left of before.

    What was typed, chosen or pressed in the visit was somebody else's.
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
    """Say why something that was clicked was not done, once."""
    words = st.session_state.pop(_NOTICE, None)
    if words is not None:
        st.warning(_(words), icon=":material/lock:")


def callback(
    function: Callable[P, object], *args: P.args, **kwargs: P.kwargs
) -> Callable[[], None]:
    """What a widget calls: `function` with these arguments, if the same person is still here.

    Within it `identity.current_user` is who that is, without another query.
    """
    drawn_for = _drawn_for.get()

    def checked() -> None:
        try:
            user = identity.ask()
        except SQLAlchemyError as error:
            logger.error("a click was not done: %s", str(error).splitlines()[0])
            st.session_state[_NOTICE] = _NOT_DONE
            return
        whose = Whose.of(user)
        if drawn_for is None or whose == drawn_for:
            with _known(user):
                function(*args, **kwargs)
        elif whose.user_id == drawn_for.user_id:
            st.session_state[_NOTICE] = _OTHER_ROLE
        # Otherwise the page begins anew, and says why.

    return checked


def fragment(*, run_every: float | None = None) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """A part of a page that runs alone; when somebody else is here, the page runs instead."""

    def decorate(function: Callable[P, None]) -> Callable[P, None]:
        @wraps(function)
        def draw(*args: P.args, **kwargs: P.kwargs) -> None:
            st.fragment(_checked(function), run_every=run_every)(*args, **kwargs)

        return draw

    return decorate


def dialog(title: str, function: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Open a dialog that closes when somebody else is here."""
    st.dialog(title, width="medium")(_checked(function))(*args, **kwargs)


def _checked(function: Callable[P, None]) -> Callable[P, None]:
    drawn_for = _drawn_for.get()

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> None:
        with faults.are_told():
            if drawn_for is None or _drawn_for.get() == drawn_for:  # a part of a larger run
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
