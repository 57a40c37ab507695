"""Logins: sessions, and the one-time tickets that carry a login from the page to the cookie.

Only hashes of tokens and tickets are stored, so that a copy of the database logs nobody in.
"""

from datetime import timedelta

from sqlalchemy import Connection, text

from db.users import User


def create_ticket(
    connection: Connection, *, ticket_hash: bytes, visitor_hash: bytes, user_id: int, lasts: timedelta
) -> None:
    """Store a ticket for one visitor's browser, and forget those that have run out."""
    connection.execute(text("DELETE FROM login_tickets WHERE expires_at < now()"))
    connection.execute(
        text(
            "INSERT INTO login_tickets (ticket_hash, visitor_hash, user_id, expires_at) "
            "VALUES (:ticket_hash, :visitor_hash, :user_id, now() + :lasts)"
        ),
        {
            "ticket_hash": ticket_hash,
            "visitor_hash": visitor_hash,
            "user_id": user_id,
            "lasts": lasts,
        },
    )


def use_ticket(connection: Connection, *, ticket_hash: bytes, visitor_hash: bytes) -> int | None:
    """Take the ticket out of use, whoever shows it; its user if it was valid for this visitor."""
    row = connection.execute(
        text(
            "DELETE FROM login_tickets WHERE ticket_hash = :ticket_hash "
            "RETURNING user_id, visitor_hash, expires_at > now() AS is_valid"
        ),
        {"ticket_hash": ticket_hash},
    ).one_or_none()
    if row is None or not row.is_valid or bytes(row.visitor_hash) != visitor_hash:
        return None
    return int(row.user_id)


def create(connection: Connection, *, token_hash: bytes, user_id: int, lasts: timedelta) -> None:
    """Open a session, and forget those that have run out."""
    connection.execute(text("DELETE FROM sessions WHERE expires_at < now()"))
    connection.execute(
        text(
            "INSERT INTO sessions (token_hash, user_id, expires_at) "
            "VALUES (:token_hash, :user_id, now() + :lasts)"
        ),
        {"token_hash": token_hash, "user_id": user_id, "lasts": lasts},
    )


def user_of(connection: Connection, token_hash: bytes) -> User | None:
    """Whose session this is; None when it has ended."""
    row = connection.execute(
        text(
            "SELECT users.id, email, name, password_hash, is_demo, ratings_revision "
            "FROM sessions JOIN users ON users.id = user_id "
            "WHERE token_hash = :token_hash AND expires_at > now()"
        ),
        {"token_hash": token_hash},
    ).one_or_none()
    return None if row is None else User(**row._mapping)


def end(connection: Connection, token_hash: bytes) -> None:
    """Close one session."""
    connection.execute(
        text("DELETE FROM sessions WHERE token_hash = :token_hash"), {"token_hash": token_hash}
    )
