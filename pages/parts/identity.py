"""Who is looking at the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from accounts import sessions
from accounts.sessions import (
    SESSION_COOKIE,
    VISITOR_COOKIE,
    AccountChangedError,
    cookie_name,
    new_token,
)
from config import Settings
from db.queries.users import Role, User
from pages.parts import wording
from pages.parts.wording import _
from recsys.serving.guests import NO_GUEST_RATINGS, GuestRatings
from startup import Services

_TOKEN = "session_token"  # noqa: S105 - a key, not a secret
_VISITOR = "visitor"
DRAWN_FOR = "drawn_for"


@dataclass(frozen=True)
class Whose:
    """The user a page is drawn for and their role; None and None for a guest."""

    user_id: int | None
    role: Role | None

    @classmethod
    def of(cls, user: User | None) -> "Whose":
        """Return the identity of a page that is drawn for this user."""
        return cls(None, None) if user is None else cls(user.id, user.role)


_known: ContextVar[User | None] = ContextVar("known")


def ask(services: Services) -> User | None:
    """Return who is logged in, from the database: a session may end at any time."""
    return sessions.user_of(services.engine, token(services.settings))


def current_user() -> User | None:
    """Return who is logged in, asked once per run, callback and fragment (see `guard`)."""
    return _known.get()


@contextmanager
def known(user: User | None) -> Iterator[None]:
    """Make this the `current_user` inside the block; for `guard`, which has just asked."""
    token = _known.set(user)
    try:
        yield
    finally:
        _known.reset(token)


def address() -> str:
    """Return the browser's network address; "local" for this machine."""
    found = st.context.ip_address
    return found if isinstance(found, str) else "local"


def display_name(user: User) -> str:
    """Return a person's name, or else the part of the email before the @."""
    return (
        user.name
        or (user.email or "").partition("@")[0]
        or _("Rater {number}").format(number=user.id)
    )


def visitor(settings: Settings) -> str:
    """Return this browser's secret from its cookie; without one, a secret of this visit."""
    return _cookie(settings, VISITOR_COOKIE) or str(
        st.session_state.setdefault(_VISITOR, new_token())
    )


def guest_ratings(services: Services, user: User | None) -> GuestRatings:
    """Return a guest's ratings and marks; empty for a person who is logged in."""
    return services.guests.of(visitor(services.settings)) if user is None else NO_GUEST_RATINGS


def note_rating(services: Services, user: User | None) -> None:
    """Count a rating; raise `accounts.rate_limits.TooOftenError` if they come too fast."""
    person = f"guest {visitor(services.settings)}" if user is None else f"user {user.id}"
    services.rating_limit.note(person, address())


def log_in(services: Services, user: User) -> NoReturn:
    """Open a session, take over the guest's ratings, and send the browser for its cookie."""
    services.guests.adopt(visitor(services.settings), user)
    wording.take_over(services.engine, user)
    try:
        opened = sessions.open_session(services.engine, user, services.settings.session_days)
    except AccountChangedError:
        st.error(_("The account has just changed. Please log in again."), icon=":material/error:")
        st.stop()
    st.session_state[DRAWN_FOR] = Whose.of(user)
    # Valid until the browser returns with the cookie, and in browsers that refuse cookies.
    st.session_state[_TOKEN] = opened
    cookie = _cookie(services.settings, VISITOR_COOKIE)
    if cookie is None:
        st.rerun()
    # No rerun here: it would remove the script before the browser has run it.
    st.success(_("You are logged in. [Continue to your films](/)"), icon=":material/check:")
    _go_to(f"/auth/session?ticket={sessions.create_ticket(services.engine, opened, cookie)}")
    st.stop()


def log_out(services: Services) -> NoReturn:
    """End the session everywhere, and clear this tab's session state."""
    mine = token(services.settings)
    if mine is not None:
        sessions.end_session(services.engine, mine)
    st.session_state.clear()
    _go_to("/auth/ended")
    st.stop()


def token(settings: Settings) -> str | None:
    """Return the session's token; None for a guest."""
    kept: str | None = st.session_state.get(_TOKEN)
    return kept or sessions.in_browser(
        _cookie(settings, SESSION_COOKIE), _cookie(settings, VISITOR_COOKIE)
    )


def _cookie(settings: Settings, name: str) -> str | None:
    value = st.context.cookies.get(cookie_name(name, secure=settings.secure_cookies))
    return value if isinstance(value, str) else None  # a mock under AppTest


def _go_to(address: str) -> None:
    st.html(f"<script>window.location.assign({address!r})</script>", unsafe_allow_javascript=True)
