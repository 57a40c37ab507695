"""One-time links that set a new password. Only hashes of their tokens are stored."""

from datetime import timedelta

from sqlalchemy import Connection, text

from db.queries.users import COLUMNS, User


def create(connection: Connection, *, token_hash: bytes, user_id: int, lasts: timedelta) -> None:
    """Store a link in place of the user's former one."""
    connection.execute(
        text(
            "INSERT INTO password_links (token_hash, user_id, ends_at) "
            "VALUES (:token_hash, :user_id, now() + :lasts) ON CONFLICT (user_id) DO UPDATE "
            "SET token_hash = excluded.token_hash, ends_at = excluded.ends_at"
        ),
        {"token_hash": token_hash, "user_id": user_id, "lasts": lasts},
    )


def owner(connection: Connection, token_hash: bytes) -> User | None:
    """Return whose link this is; None if it has expired, was used or never existed."""
    row = connection.execute(
        text(
            f"SELECT {COLUMNS} FROM password_links JOIN users ON users.id = user_id "
            "WHERE token_hash = :token_hash AND ends_at > now()"
        ),
        {"token_hash": token_hash},
    ).one_or_none()
    return None if row is None else User(**row._mapping)


def delete(connection: Connection, user_id: int) -> int:
    """Delete a user's link, and return how many there were: one or none."""
    return connection.execute(
        text("DELETE FROM password_links WHERE user_id = :user_id"), {"user_id": user_id}
    ).rowcount
