"""Sessions: opened at log-in, passed to the browser by a ticket, ended at log-out.

A session's token is 256 random bits, known only to the browser; the database stores its hash.
The dashboard's script can't set an HttpOnly cookie, so after a log-in it stores a ticket and sends
the browser to `/auth/session?ticket=…`, and that route exchanges the ticket for the cookie.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Engine

from db.connection.engine import for_reading
from db.queries import sessions
from db.queries.users import User

SESSION_COOKIE = "five_films_session"
VISITOR_COOKIE = "five_films_visitor"
_OF_THIS_HOST = "__Host-"
TICKET_LASTS = timedelta(seconds=30)


class AccountChangedError(Exception):
    """The account was deleted or its password changed after the user proved their identity."""


def cookie_name(name: str, *, secure: bool) -> str:
    """Return the full name of one of our cookies.

    Over https, its prefix makes browsers accept it only from this host over https: no other host
    of the domain and no tampered page can set it.
    """
    return _OF_THIS_HOST + name if secure else name


def new_token() -> str:
    """Return a new secret of 256 bits, safe in URLs and cookies."""
    return secrets.token_urlsafe(32)


def open_session(engine: Engine, user: User, days: int) -> str:
    """Open a session for a user.

    Parameters
    ----------
    engine : Engine
    user : User
    days : int
        How long it lasts.

    Returns
    -------
    str
        The session's token.

    Raises
    ------
    AccountChangedError
        If the account was deleted or its password changed after `user` was read.
    """
    token = new_token()
    with engine.begin() as connection:
        is_open = sessions.create(
            connection,
            token_hash=token_hash(token),
            user_id=user.id,
            password_hash=user.password_hash,
            lasts=timedelta(days=days),
        )
    if not is_open:
        raise AccountChangedError
    return token


def user_of(engine: Engine, token: str | None) -> User | None:
    """Return the user of a token; None without a token or if its session has ended."""
    return users_of(engine, [token]).get(token) if token else None


def users_of(engine: Engine, tokens: Sequence[str]) -> dict[str, User]:
    """Return the users of these tokens; tokens whose session has ended are left out."""
    if not tokens:
        return {}
    hashes = {token_hash(token): token for token in tokens}
    with for_reading(engine).connect() as connection:
        users = sessions.users_of(connection, list(hashes))
    return {hashes[token_hash]: user for token_hash, user in users.items()}


def end_session(engine: Engine, token: str) -> None:
    """End the session of this token, wherever it is used."""
    with engine.begin() as connection:
        sessions.end(connection, token_hash(token))


def create_ticket(engine: Engine, token: str, visitor: str) -> str:
    """Create a ticket for this visitor's browser to take over the session, once within 30 s."""
    ticket = new_token()
    with engine.begin() as connection:
        sessions.create_ticket(
            connection,
            ticket_hash=token_hash(ticket),
            visitor_hash=token_hash(visitor),
            token_hash=token_hash(token),
            lasts=TICKET_LASTS,
        )
    return ticket


def redeem_ticket(engine: Engine, ticket: str, visitor: str) -> str | None:
    """Exchange a ticket for the browser's session cookie; return None if it isn't valid."""
    token = new_token()
    with engine.begin() as connection:
        redeemed = sessions.redeem_ticket(
            connection,
            ticket_hash=token_hash(ticket),
            visitor_hash=token_hash(visitor),
            new_token_hash=token_hash(in_browser(token, visitor) or ""),
        )
    return token if redeemed else None


def in_browser(token: str | None, visitor: str | None) -> str | None:
    """Return the token of a browser's session, from both cookies; None if one is missing.

    A session cookie planted in another browser, or a token issued to a program, isn't valid there:
    the visitor cookie, which no script can replace, is different.
    """
    return f"{token}.{visitor}" if token and visitor else None


class Browser(NamedTuple):
    """The contents of a browser's cookies: the token of its session, and its id as a guest."""

    token: str | None
    visitor: str | None


def browser(cookies: Mapping[str, str], *, secure: bool) -> Browser:
    """Return the contents of a browser's cookies; None for each that it doesn't have."""
    visitor = cookies.get(cookie_name(VISITOR_COOKIE, secure=secure)) or None
    token = cookies.get(cookie_name(SESSION_COOKIE, secure=secure))
    return Browser(in_browser(token, visitor), visitor)


def token_hash(secret: str) -> bytes:
    """Hash a secret of 256 random bits, which needs neither a slow hash nor a salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
