"""Users: registered accounts, and the raters of the data set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, NamedTuple, TypeAlias

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from db.queries.movies import AgeRating
from i18n.language import Language

Role: TypeAlias = Literal["user", "analyst", "admin"]
"""Each has the rights of those before it, and more."""

ROLES: tuple[Role, ...] = ("user", "analyst", "admin")

FIRST_REGISTERED = 1_000_000_000
"""The first id of users who register here; ids below it belong to the data set."""

Style: TypeAlias = Literal["popular", "balanced", "adventurous"]
"""How much the popularity of films counts in a list."""


class EmailTakenError(ValueError):
    """There is already an account with this email."""


@dataclass(frozen=True)
class User:
    """A user to recommend films to.

    `email` is None for a rater without an account; `language` and `style` are None for users who
    haven't chosen one. `not_genres`, `max_minutes` and `max_age_rating` are the filters that the
    user has stored; `country` is where they watch films (two letters).
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
    not_genres: tuple[str, ...] = ()
    max_minutes: int | None = None
    max_age_rating: AgeRating | None = None
    country: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "not_genres", tuple(self.not_genres))  # arrays arrive as lists

    @property
    def has_filters(self) -> bool:
        """Whether the user has stored filters."""
        return (self.not_genres, self.max_minutes, self.max_age_rating) != ((), None, None)


class Standing(NamedTuple):
    """What a user's list depends on besides the model: the revision of their ratings, the style."""

    revision: int
    style: Style | None


COLUMNS = (
    "users.id, email, name, password_hash, is_demo, ratings_revision, role, language, style, "
    "not_genres, max_minutes, max_age_rating, country"
)
_UNFILTERED = "not_genres = '{}' AND max_minutes IS NULL AND max_age_rating IS NULL"


def by_email(connection: Connection, email: str) -> User | None:
    """Find an account by email, ignoring case."""
    return _one(connection, "email = lower(:email)", email=email)


def by_id(connection: Connection, user_id: int) -> User | None:
    """Find a user by id."""
    return _one(connection, "id = :id", id=user_id)


def numbers_of_raters(connection: Connection) -> tuple[int, int] | None:
    """Return the lowest and the highest id of the data set's users; None if there are none."""
    least, greatest = connection.execute(
        text(f"SELECT min(id), max(id) FROM users WHERE id < {FIRST_REGISTERED}")
    ).one()
    return None if least is None else (least, greatest)


def number_who_rated(connection: Connection) -> int:
    """Count the users who have ever rated something."""
    statement = text("SELECT count(*) FROM users WHERE ratings_revision > 0")
    return int(connection.scalar(statement) or 0)


def who_rated(connection: Connection, *, after: int, limit: int) -> dict[int, Standing]:
    """Return the next users after id `after` who have ever rated something, in the order of ids.

    Users with stored filters are skipped: their lists are others.
    """
    rows = connection.execute(
        text(
            "SELECT id, ratings_revision, style FROM users "
            f"WHERE id > :after AND ratings_revision > 0 AND {_UNFILTERED} ORDER BY id LIMIT :limit"
        ),
        {"after": after, "limit": limit},
    )
    return {row.id: Standing(row.ratings_revision, row.style) for row in rows}


def standings(connection: Connection, user_ids: Sequence[int]) -> dict[int, Standing]:
    """Return the standings of those of these users that exist and have no stored filters, by id."""
    rows = connection.execute(
        text(
            "SELECT id, ratings_revision, style FROM users "
            f"WHERE id = ANY(:user_ids) AND {_UNFILTERED}"
        ),
        {"user_ids": list(user_ids)},
    )
    return {row.id: Standing(row.ratings_revision, row.style) for row in rows}


def register(connection: Connection, *, email: str, name: str, password_hash: str) -> User:
    """Create an account.

    Parameters
    ----------
    connection : Connection
    email : str
    name : str
    password_hash : str

    Returns
    -------
    User

    Raises
    ------
    EmailTakenError
        If there is an account with this email.
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
    """Return accounts older than `age` whose email matches the SQL pattern `like`."""
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
    """Replace a user's password; return None if the old one is no longer current."""
    row = connection.execute(
        text(
            "UPDATE users SET password_hash = :new_hash "
            f"WHERE id = :user_id AND password_hash = :old_hash RETURNING {COLUMNS}"
        ),
        {"user_id": user_id, "old_hash": old_hash, "new_hash": new_hash},
    ).one_or_none()
    return None if row is None else User(**row._mapping)


def set_role(connection: Connection, user_id: int, role: Role) -> None:
    """Set the role of a user."""
    connection.execute(
        text("UPDATE users SET role = :role WHERE id = :user_id"),
        {"user_id": user_id, "role": role},
    )


def set_language(connection: Connection, user_id: int, language: Language) -> None:
    """Store the language in which a user reads the pages."""
    connection.execute(
        text("UPDATE users SET language = :language WHERE id = :user_id"),
        {"user_id": user_id, "language": language},
    )


def set_style(connection: Connection, user_id: int, style: Style) -> None:
    """Store the style of a user's lists."""
    connection.execute(
        text("UPDATE users SET style = :style WHERE id = :user_id"),
        {"user_id": user_id, "style": style},
    )


def set_filters(
    connection: Connection,
    user_id: int,
    not_genres: Sequence[str],
    max_minutes: int | None,
    max_age_rating: AgeRating | None = None,
) -> None:
    """Store filters of a user's lists."""
    connection.execute(
        text(
            "UPDATE users SET not_genres = :genres, max_minutes = :minutes, "
            "max_age_rating = :age_rating WHERE id = :user_id"
        ),
        {
            "user_id": user_id,
            "genres": list(not_genres),
            "minutes": max_minutes,
            "age_rating": max_age_rating,
        },
    )


def set_country(connection: Connection, user_id: int, country: str) -> None:
    """Store the country in which a user watches films."""
    connection.execute(
        text("UPDATE users SET country = :country WHERE id = :user_id"),
        {"user_id": user_id, "country": country},
    )


def delete(connection: Connection, user_id: int) -> None:
    """Delete a user with their ratings, sessions and events."""
    connection.execute(text("DELETE FROM users WHERE id = :user_id"), {"user_id": user_id})


def everything_about(connection: Connection, user_id: int) -> dict[str, Any]:
    """Return all rows about a user except hashes: account, ratings, marks, sessions, events."""
    known = connection.scalar(
        text(
            """
            SELECT jsonb_build_object(
                'account', (SELECT jsonb_build_object('id', id, 'email', email, 'name', name,
                    'role', role, 'language', language, 'style', style,
                    'not_genres', not_genres, 'max_minutes', max_minutes,
                    'max_age_rating', max_age_rating, 'country', country,
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


def _one(connection: Connection, condition: str, **values: Any) -> User | None:
    row = connection.execute(
        text(f"SELECT {COLUMNS} FROM users WHERE {condition}"), values
    ).one_or_none()
    return None if row is None else User(**row._mapping)
