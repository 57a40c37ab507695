"""People: registered accounts, and the raters that a data set brought along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, NamedTuple, TypeAlias

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from i18n.language import Language

Role: TypeAlias = Literal["user", "analyst", "admin"]
"""Each may see what those before it may, and more."""

ROLES: tuple[Role, ...] = ("user", "analyst", "admin")

FIRST_REGISTERED = 1_000_000_000
"""Who registers here has a number from this on; those before came with the data set."""

Style: TypeAlias = Literal["popular", "balanced", "adventurous"]
"""How far the popularity of films counts in a list."""


class EmailTakenError(ValueError):
    """Somebody has registered with this email already."""


@dataclass(frozen=True)
class User:
    """A person who can be recommended films.

    `email` is None for a rater without an account, `language` and `style` for whoever hasn't
    chosen one.
    """

    id: int
    email: str | None
    name: str
    password_hash: str | None
    is_demo: bool
    ratings_revision: int
    role: Role
    language: Language | None = None
    style: Style | None = None


class Standing(NamedTuple):
    """What a person's list depends on beside the model: their ratings' revision, their style."""

    revision: int
    style: Style | None


COLUMNS = "users.id, email, name, password_hash, is_demo, ratings_revision, role, language, style"


def by_email(connection: Connection, email: str) -> User | None:
    """Find an account; case doesn't matter."""
    return _one(connection, "email = lower(:email)", email=email)


def by_id(connection: Connection, user_id: int) -> User | None:
    """Find a person by number."""
    return _one(connection, "id = :id", id=user_id)


def numbers_of_raters(connection: Connection) -> tuple[int, int] | None:
    """The least and the greatest number of the data set's people; None where it brought none."""
    least, greatest = connection.execute(
        text(f"SELECT min(id), max(id) FROM users WHERE id < {FIRST_REGISTERED}")
    ).one()
    return None if least is None else (least, greatest)


def number_who_rated(connection: Connection) -> int:
    """How many have rated something at some time."""
    statement = text("SELECT count(*) FROM users WHERE ratings_revision > 0")
    return int(connection.scalar(statement) or 0)


def who_rated(connection: Connection, *, after: int, limit: int) -> dict[int, Standing]:
    """The next people who have rated something at some time, by number, ascending."""
    rows = connection.execute(
        text(
            "SELECT id, ratings_revision, style FROM users "
            "WHERE id > :after AND ratings_revision > 0 ORDER BY id LIMIT :limit"
        ),
        {"after": after, "limit": limit},
    )
    return {row.id: Standing(row.ratings_revision, row.style) for row in rows}


def standings(connection: Connection, user_ids: Sequence[int]) -> dict[int, Standing]:
    """Of the people among these that there still are, by number."""
    rows = connection.execute(
        text("SELECT id, ratings_revision, style FROM users WHERE id = ANY(:user_ids)"),
        {"user_ids": list(user_ids)},
    )
    return {row.id: Standing(row.ratings_revision, row.style) for row in rows}


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
                    f"VALUES (lower(:email), :name, :password_hash) RETURNING {COLUMNS}"
                ),
                {"email": email, "name": name, "password_hash": password_hash},
            ).one()
    except IntegrityError as error:
        if "users_email_key" in str(error.orig):
            raise EmailTakenError(email) from error
        raise
    return User(**row._mapping)


def registered_before(connection: Connection, *, like: str, age: timedelta) -> list[User]:
    """Accounts older than `age` whose email fits the pattern `like`, as SQL reads it."""
    rows = connection.execute(
        text(
            f"SELECT {COLUMNS} FROM users WHERE email LIKE :pattern "
            "AND created_at < now() - CAST(:age AS interval) ORDER BY id"
        ),
        {"pattern": like, "age": age},
    )
    return [User(**row._mapping) for row in rows]


def set_password(
    connection: Connection, user_id: int, *, old_hash: str | None, new_hash: str
) -> User | None:
    """Replace somebody's password; None when it isn't the old one any more."""
    row = connection.execute(
        text(
            "UPDATE users SET password_hash = :new_hash "
            f"WHERE id = :user_id AND password_hash = :old_hash RETURNING {COLUMNS}"
        ),
        {"user_id": user_id, "old_hash": old_hash, "new_hash": new_hash},
    ).one_or_none()
    return None if row is None else User(**row._mapping)


def set_role(connection: Connection, user_id: int, role: Role) -> None:
    """Let somebody see more, or less."""
    connection.execute(
        text("UPDATE users SET role = :role WHERE id = :user_id"),
        {"user_id": user_id, "role": role},
    )


def set_language(connection: Connection, user_id: int, language: Language) -> None:
    """Keep the language that somebody reads the pages in."""
    connection.execute(
        text("UPDATE users SET language = :language WHERE id = :user_id"),
        {"user_id": user_id, "language": language},
    )


def set_style(connection: Connection, user_id: int, style: Style) -> None:
    """Keep the style of somebody's lists."""
    connection.execute(
        text("UPDATE users SET style = :style WHERE id = :user_id"),
        {"user_id": user_id, "style": style},
    )


def delete(connection: Connection, user_id: int) -> None:
    """Remove a person with their ratings, sessions and events."""
    connection.execute(text("DELETE FROM users WHERE id = :user_id"), {"user_id": user_id})


def everything_about(connection: Connection, user_id: int) -> dict[str, Any]:
    """All rows about a person but hashes: account, ratings and marks, sessions, events."""
    known = connection.scalar(
        text(
            """
            SELECT jsonb_build_object(
                'account', (SELECT jsonb_build_object('id', id, 'email', email, 'name', name,
                    'role', role, 'language', language, 'style', style,
                    'is_demo', is_demo, 'created_at', created_at)
                    FROM users WHERE id = :user_id),
                'ratings', (SELECT coalesce(jsonb_agg(jsonb_build_object('movie_id', movie_id,
                    'title', title, 'year', year, 'rating', rating, 'rated_at', rated_at)
                    ORDER BY rated_at, movie_id), '[]') FROM ratings
                    JOIN movies ON movies.id = movie_id WHERE user_id = :user_id),
                'marks', (SELECT coalesce(jsonb_agg(jsonb_build_object('movie_id', movie_id,
                    'title', title, 'year', year, 'mark', mark, 'marked_at', marked_at)
                    ORDER BY marked_at, movie_id), '[]') FROM marks
                    JOIN movies ON movies.id = movie_id WHERE user_id = :user_id),
                'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object('created_at', created_at,
                    'expires_at', expires_at) ORDER BY created_at), '[]') FROM sessions
                    WHERE user_id = :user_id),
                'imports', (SELECT coalesce(jsonb_agg(jsonb_build_object('imported_at', imported_at,
                    'service', service, 'added', added, 'changed', changed, 'unchanged', unchanged,
                    'unknown', unknown) ORDER BY imported_at), '[]') FROM imports
                    WHERE user_id = :user_id),
                'trainings', (SELECT coalesce(jsonb_agg(jsonb_build_object('started_at', started_at,
                    'model_version', model_version) ORDER BY started_at), '[]') FROM trainings
                    WHERE user_id = :user_id),
                'events', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'movie_id',
                    movie_id, 'happened_at', happened_at) ORDER BY happened_at), '[]') FROM events
                    WHERE user_id = :user_id))
            """
        ),
        {"user_id": user_id},
    )
    return dict(known)


_WITHOUT_ACCOUNT = f"users.email IS NULL AND users.id < {FIRST_REGISTERED}"
_DEMO_EMAIL = "'test' || users.id || '@mail.com'"
_IS_TAKEN = f"EXISTS (SELECT FROM users AS other WHERE other.email = {_DEMO_EMAIL})"


def lacks_demo_accounts(connection: Connection) -> bool:
    """Whether a rater whose demo address is free has no account yet."""
    query = f"SELECT EXISTS (SELECT FROM users WHERE {_WITHOUT_ACCOUNT} AND NOT {_IS_TAKEN})"
    return bool(connection.scalar(text(query)))


def raters_whose_address_is_taken(connection: Connection) -> int:
    """How many raters can't have a demo account, for somebody has registered with its address."""
    query = f"SELECT count(*) FROM users WHERE {_WITHOUT_ACCOUNT} AND {_IS_TAKEN}"
    return int(connection.scalar(text(query)) or 0)


def open_demo_accounts(connection: Connection, password_hash: str) -> int:
    """Let every rater without an account log in as test{id}@mail.com; the number of new ones.

    They are analysts: whoever tries the app out sees what it does. Raters whose address somebody
    has registered with are passed over.
    """
    return connection.execute(
        text(
            f"UPDATE users SET email = {_DEMO_EMAIL}, name = 'Test ' || id, "
            "password_hash = :password_hash, is_demo = true, role = 'analyst' "
            f"WHERE {_WITHOUT_ACCOUNT} AND NOT {_IS_TAKEN}"
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
            "UPDATE users SET email = NULL, name = '', password_hash = NULL, is_demo = false, "
            "role = 'user', language = NULL, style = NULL WHERE is_demo"
        )
    ).rowcount


def _one(connection: Connection, condition: str, **values: Any) -> User | None:
    row = connection.execute(
        text(f"SELECT {COLUMNS} FROM users WHERE {condition}"), values
    ).one_or_none()
    return None if row is None else User(**row._mapping)
