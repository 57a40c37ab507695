"""Logins: sessions, and the one-time tickets that carry a login from the page to the cookie.

Only hashes of tokens and tickets are stored, so that a copy of the database logs nobody in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from db.queries.users import COLUMNS, User

# Before nearly every answer: to make a text of it again takes a tenth of the statement.
_USERS_OF = text(
    f"SELECT token_hash, {COLUMNS} FROM sessions JOIN users ON users.id = user_id "
    "WHERE token_hash = ANY(:token_hashes) AND expires_at > now()"
)


def create(
    connection: Connection,
    *,
    token_hash: bytes,
    user_id: int,
    password_hash: str | None,
    lasts: timedelta,
) -> bool:
    """Open a session, and forget those that have run out.

    Returns
    -------
    bool
        False when the account is gone or has another password by now: a change of the password
        ends all sessions, and none may slip in behind it.
    """
    connection.execute(text("DELETE FROM sessions WHERE expires_at < now()"))
    return bool(
        connection.execute(
            text(
                "INSERT INTO sessions (token_hash, user_id, expires_at) "
                "SELECT :token_hash, id, now() + :lasts FROM users "
                "WHERE id = :user_id AND password_hash IS NOT DISTINCT FROM :password_hash "
                "FOR SHARE"
            ),
            {
                "token_hash": token_hash,
                "user_id": user_id,
                "password_hash": password_hash,
                "lasts": lasts,
            },
        ).rowcount
    )


def users_of(connection: Connection, token_hashes: Sequence[bytes]) -> dict[bytes, User]:
    """Whose sessions these are, without those that have ended."""
    rows = connection.execute(_USERS_OF, {"token_hashes": token_hashes})
    return {bytes(token_hash): User(*user) for token_hash, *user in rows}


def end(connection: Connection, token_hash: bytes) -> None:
    """Close one session."""
    connection.execute(
        text("DELETE FROM sessions WHERE token_hash = :token_hash"), {"token_hash": token_hash}
    )


@dataclass(frozen=True)
class Session:
    """A login that is open; `is_current` marks the one that asks."""

    created_at: datetime
    expires_at: datetime
    is_current: bool


def of_user(connection: Connection, user_id: int, current: bytes) -> list[Session]:
    """Somebody's open sessions, the newest first."""
    rows = connection.execute(
        text(
            "SELECT created_at, expires_at, token_hash = :current AS is_current FROM sessions "
            "WHERE user_id = :user_id AND expires_at > now() ORDER BY created_at DESC"
        ),
        {"user_id": user_id, "current": current},
    )
    return [Session(**row._mapping) for row in rows]


def end_all(connection: Connection, user_id: int, *, but: bytes = b"") -> int:
    """Close all of somebody's sessions, or all but one; how many."""
    return connection.execute(
        text("DELETE FROM sessions WHERE user_id = :user_id AND token_hash <> :but"),
        {"user_id": user_id, "but": but},
    ).rowcount


def create_ticket(
    connection: Connection,
    *,
    ticket_hash: bytes,
    visitor_hash: bytes,
    token_hash: bytes,
    lasts: timedelta,
) -> None:
    """Store a ticket for a session, good in one visitor's browser, and forget the old ones."""
    connection.execute(text("DELETE FROM login_tickets WHERE expires_at < now()"))
    connection.execute(
        text(
            "INSERT INTO login_tickets (ticket_hash, visitor_hash, token_hash, expires_at) "
            "VALUES (:ticket_hash, :visitor_hash, :token_hash, now() + :lasts)"
        ),
        {
            "ticket_hash": ticket_hash,
            "visitor_hash": visitor_hash,
            "token_hash": token_hash,
            "lasts": lasts,
        },
    )


def redeem_ticket(
    connection: Connection, *, ticket_hash: bytes, visitor_hash: bytes, new_token_hash: bytes
) -> bool:
    """Use a ticket up, whoever shows it; its session goes on under the new token if it was valid.

    Returns
    -------
    bool
        Whether the ticket was this visitor's and in time.
    """
    ticket = connection.execute(
        text(
            "DELETE FROM login_tickets WHERE ticket_hash = :ticket_hash "
            "RETURNING token_hash, visitor_hash, expires_at > now() AS is_in_time"
        ),
        {"ticket_hash": ticket_hash},
    ).one_or_none()
    if ticket is None or not ticket.is_in_time or bytes(ticket.visitor_hash) != visitor_hash:
        return False
    return bool(
        connection.execute(
            text("UPDATE sessions SET token_hash = :new WHERE token_hash = :old"),
            {"new": new_token_hash, "old": ticket.token_hash},
        ).rowcount
    )
