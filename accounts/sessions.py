"""Sessions of our own: opened at log-in, handed to the browser by a ticket, ended at log-out.

A session's token is 256 random bits, known to the browser alone; the database keeps its hash.
The dashboard's script can't set an HttpOnly cookie, so after a log-in it stores a ticket, sends
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
    """The account is gone, or has another password, since somebody proved to be its owner."""


def cookie_name(name: str, *, secure: bool) -> str:
    """What a cookie of ours is called.

    Over https a browser takes it from nobody but this host, over https: no other host of the
    domain and no page that was tampered with can set it.
    """
    return _OF_THIS_HOST + name if secure else name


def new_token() -> str:
    """A fresh secret: 256 bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def open_session(engine: Engine, user: User, days: int) -> str:
    """Log somebody in for so many days; the token that proves it.

    Raises
    ------
    AccountChangedError
        When the account is gone, or its password another one, since `user` was read.
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
    """Whose token this is; None for no token and for one whose session has ended."""
    return users_of(engine, [token]).get(token) if token else None


def users_of(engine: Engine, tokens: Sequence[str]) -> dict[str, User]:
    """Whose tokens these are, without those whose session has ended."""
    if not tokens:
        return {}
    hashes = {token_hash(token): token for token in tokens}
    with for_reading(engine).connect() as connection:
        users = sessions.users_of(connection, list(hashes))
    return {hashes[token_hash]: user for token_hash, user in users.items()}


def end_session(engine: Engine, token: str) -> None:
    """Log out, everywhere this token is used."""
    with engine.begin() as connection:
        sessions.end(connection, token_hash(token))


def create_ticket(engine: Engine, token: str, visitor: str) -> str:
    """A ticket that lets this visitor's browser, once and within 30 s, take the session over."""
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
    """Exchange a ticket for the browser's session cookie; None when it isn't valid (any more)."""
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
    """The token of a browser's session: what its two cookies say together; None without both.

    A session cookie that somebody has planted in another browser is none there, nor is a token that
    a program got: the visitor cookie, which no script can replace, is another one.
    """
    return f"{token}.{visitor}" if token and visitor else None


class Browser(NamedTuple):
    """What a browser's cookies say: the token of its session, and who it is as a guest."""

    token: str | None
    visitor: str | None


def browser(cookies: Mapping[str, str], *, secure: bool) -> Browser:
    """Whose browser this is, by its cookies; None for each that it doesn't have."""
    visitor = cookies.get(cookie_name(VISITOR_COOKIE, secure=secure)) or None
    token = cookies.get(cookie_name(SESSION_COOKIE, secure=secure))
    return Browser(in_browser(token, visitor), visitor)


def token_hash(secret: str) -> bytes:
    # Random 256-bit secrets need no slow hash and no salt.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
