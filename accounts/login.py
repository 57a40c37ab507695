"""Logging in with email and password: one way for the page and the API."""

import hashlib
import logging

from sqlalchemy import Engine

from accounts import emails, passwords, sessions
from accounts.throttle import LockedError, Throttle, network
from db.queries import users
from db.queries.users import User
from i18n.language import Text

__all__ = [
    "LockedError",
    "WrongLogInError",
    "check_password",
    "log_in",
    "note_failure",
    "note_success",
]

logger = logging.getLogger(__name__)


class WrongLogInError(Exception):
    """The email and the password don't go together; nobody learns which of them is wrong."""

    def __init__(self) -> None:
        super().__init__(Text("That email and password don't go together."))


def log_in(
    engine: Engine,
    throttle: Throttle,
    *,
    email: str,
    password: str,
    address: str,
    session_days: int,
) -> tuple[User, str]:
    """Check a password and open a session.

    Parameters
    ----------
    engine : Engine
    throttle : Throttle
    email, password : str
        As typed.
    address : str
        The network address that the attempt comes from.
    session_days : int

    Returns
    -------
    tuple of User and str
        Who it is, and the session's token.

    Raises
    ------
    WrongLogInError
        Known email or not: the same words, after the same time.
    LockedError
        After too many failures; the password isn't looked at.
    """
    user = check_password(engine, throttle, email=email, password=password, address=address)
    try:
        return user, sessions.open_session(engine, user, session_days)
    except sessions.AccountChangedError:
        raise WrongLogInError from None


def check_password(
    engine: Engine, throttle: Throttle, *, email: str, password: str, address: str
) -> User:
    """Who this is; errors as in `log_in`. Sign-ins, failures and locks go to the log."""
    email = emails.normal(email)
    user = None
    with throttle.looking_up(email, address):
        if emails.is_valid(email):
            with engine.connect() as connection:
                user = users.by_email(connection, email)
    password_hash = None if user is None else user.password_hash
    if not passwords.matches(passwords.clean(password), password_hash) or user is None:
        note_failure(email, address)
        raise WrongLogInError
    note_success(throttle, user, address)
    return user


def note_failure(email: str, address: str) -> None:
    """Log a wrong log-in, which has been counted already."""
    logger.warning("log-in failed: account %s from %s", _short_hash(email), network(address))


def note_success(throttle: Throttle, user: User, address: str) -> None:
    """Clear the account's count and log the log-in."""
    throttle.note_success(user.email or "", address)
    logger.info("log-in: user %d from %s", user.id, network(address))


def _short_hash(email: str) -> str:
    """Names an account in the log without its address, which may be a password typed there."""
    return hashlib.sha256(emails.normal(email).encode("utf-8", "replace")).hexdigest()[:10]
