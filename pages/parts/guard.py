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
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from db.queries.users import User
from monitoring.errors import first_line
from pages.parts import faults, identity
from pages.parts.identity import DRAWN_FOR, Whose
from pages.parts.wording import N_, _
from startup import Services

logger = logging.getLogger("pages")

P = ParamSpec("P")

_NOTICE = "guard_notice"
_LOGGED_OUT = N_("You have been logged out. Log in again to go on.")
_SOMEBODY_ELSE = N_("Another account is logged in here now, so your click did nothing.")
_OTHER_ROLE = N_("Your account's role has changed, so your click did nothing.")
_NOT_DONE = N_("That didn't work. Please try again in a moment.")


@dataclass(frozen=True)
class _Drawn:
    """For whom this run's elements are drawn, and what asks again who is there."""

    whose: Whose
    services: Services


# None before the first films are loaded.
_drawn: ContextVar[_Drawn | None] = ContextVar("drawn", default=None)


@contextmanager
def page(services: Services) -> Iterator[User | None]:
    """Run a whole page for the current user; drop the session state when that has changed.

    What was typed, chosen or pressed in the visit was another person's.
    """
    user = identity.ask(services)
    whose = Whose.of(user)
    before: Whose | None = st.session_state.get(DRAWN_FOR)
    if before is not None and before.user_id != whose.user_id:
        st.session_state.clear()
        st.session_state[_NOTICE] = _LOGGED_OUT if user is None else _SOMEBODY_ELSE
        st.session_state[DRAWN_FOR] = whose
        st.rerun()
    st.session_state[DRAWN_FOR] = whose
    with _known(services, user):
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
    drawn = _drawn.get()
    if drawn is None:
        raise RuntimeError("nobody can click before there are films")

    def checked() -> None:
        try:
            user = identity.ask(drawn.services)
        except SQLAlchemyError as error:
            logger.error("a click was not done: %s", first_line(error))
            st.session_state[_NOTICE] = _NOT_DONE
            return
        whose = Whose.of(user)
        if whose == drawn.whose:
            with _known(drawn.services, user):
                function(*args, **kwargs)
        elif whose.user_id == drawn.whose.user_id:
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
    drawn = _drawn.get()

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> None:
        with faults.are_told():
            running = _drawn.get()
            if drawn is None or (running is not None and running.whose == drawn.whose):
                function(*args, **kwargs)  # part of a larger run
                return
            user = identity.ask(drawn.services)
            if Whose.of(user) != drawn.whose:
                st.rerun()
            with _known(drawn.services, user):
                notice()
                function(*args, **kwargs)

    return checked


@contextmanager
def _known(services: Services, user: User | None) -> Iterator[None]:
    token = _drawn.set(_Drawn(Whose.of(user), services))
    try:
        with identity.known(user):
            yield
    finally:
        _drawn.reset(token)
