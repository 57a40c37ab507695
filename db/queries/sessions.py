"""Sessions, and the one-time tickets that carry a login from the page to the cookie.

Only hashes of tokens and tickets are stored, so that a copy of the database gives no access.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from db.queries.users import COLUMNS, User

# Precedes nearly every response; building it each time would take a tenth of the statement's time.
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
    """Open a session and delete expired ones; return whether it was opened.

    It isn't if the account has been deleted or its password changed: a change of password ends all
    sessions, so none may be opened with the old one.
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
    """Return the users of these sessions by token hash; sessions that have ended are left out."""
    rows = connection.execute(_USERS_OF, {"token_hashes": token_hashes})
    return {bytes(token_hash): User(*user) for token_hash, *user in rows}


def end(connection: Connection, token_hash: bytes) -> None:
    """Close a session."""
    connection.execute(
        text("DELETE FROM sessions WHERE token_hash = :token_hash"), {"token_hash": token_hash}
    )


@dataclass(frozen=True)
class Session:
    """An open session; `is_current` marks the caller's."""

    created_at: datetime
    expires_at: datetime
    is_current: bool


def of_user(connection: Connection, user_id: int, current: bytes) -> list[Session]:
    """Return a user's open sessions, newest first."""
    rows = connection.execute(
        text(
            "SELECT created_at, expires_at, token_hash = :current AS is_current FROM sessions "
            "WHERE user_id = :user_id AND expires_at > now() ORDER BY created_at DESC"
        ),
        {"user_id": user_id, "current": current},
    )
    return [Session(**row._mapping) for row in rows]


def end_all(connection: Connection, user_id: int, *, but: bytes = b"") -> int:
    """Close all sessions of a user, or all but one, and return how many."""
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
    """Store a ticket for a session, valid in one visitor's browser, and delete expired tickets."""
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
    """Use up a ticket, and give its session the new token if the ticket was valid.

    Anyone who presents a ticket uses it up. Return whether it was this visitor's and hadn't
    expired.
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
