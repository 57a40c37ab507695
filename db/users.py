"""People: registered accounts, and the raters that a data set brought along."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError


class EmailTakenError(ValueError):
    """Somebody has registered with this email already."""


@dataclass(frozen=True)
class User:
    """A person who can be recommended films; `email` is None for a rater without an account."""

    id: int
    email: str | None
    name: str
    password_hash: str | None
    is_demo: bool
    ratings_revision: int


_COLUMNS = "id, email, name, password_hash, is_demo, ratings_revision"


def by_email(connection: Connection, email: str) -> User | None:
    """Find an account; case doesn't matter."""
    return _one(connection, "email = lower(:email)", email=email)


def by_id(connection: Connection, user_id: int) -> User | None:
    """Find a person by number."""
    return _one(connection, "id = :id", id=user_id)


def register(connection: Connection, *, email: str, name: str, password_hash: str) -> User:
    """Create an account.

    Raises
    ------
    EmailTakenError
        When there is an account with this email.
    """
    try:
        with connection.begin_nested():
            row = connection.execute(
                text(
                    "INSERT INTO users (email, name, password_hash) "
                    f"VALUES (lower(:email), :name, :password_hash) RETURNING {_COLUMNS}"
                ),
                {"email": email, "name": name, "password_hash": password_hash},
            ).one()
    except IntegrityError as error:
        if "users_email_key" in str(error.orig):
            raise EmailTakenError(email) from error
        raise
    return User(**row._mapping)


def open_demo_accounts(connection: Connection, password_hash: str) -> int:
    """Let every rater without an account log in as test{id}@mail.com; the number of new ones."""
    return connection.execute(
        text(
            "UPDATE users SET email = 'test' || id || '@mail.com', name = 'Test ' || id, "
            "password_hash = :password_hash, is_demo = true "
            "WHERE email IS NULL AND id < 1000000000"
        ),
        {"password_hash": password_hash},
    ).rowcount


def close_demo_accounts(connection: Connection) -> int:
    """Take the demo logins away, ratings stay; the number of accounts closed."""
    connection.execute(
        text("DELETE FROM sessions USING users WHERE user_id = users.id AND is_demo")
    )
    return connection.execute(
        text(
            "UPDATE users SET email = NULL, name = '', password_hash = NULL, is_demo = false "
            "WHERE is_demo"
        )
    ).rowcount


def _one(connection: Connection, condition: str, **values: Any) -> User | None:
    row = connection.execute(
        text(f"SELECT {_COLUMNS} FROM users WHERE {condition}"), values
    ).one_or_none()
    return None if row is None else User(**row._mapping)
