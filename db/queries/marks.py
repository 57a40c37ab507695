"""What people say of a film without rating it: not interested, seen, to watch later."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import pandas as pd
from sqlalchemy import Connection, text

from db.queries.ratings import bump_revision

Mark = Literal["dismissed", "seen", "later"]
MARKS: tuple[Mark, ...] = get_args(Mark)


class AlreadyRatedError(ValueError):
    """The person has rated the film, which says more than a mark."""


def put(connection: Connection, user_id: int, movie_id: int, mark: Mark) -> None:
    """Mark a film, in place of another mark; the same mark again changes nothing.

    Raises
    ------
    AlreadyRatedError
        When the person has rated the film.
    """
    values = {"user_id": user_id, "movie_id": movie_id, "mark": mark}
    _take_turns(connection, user_id)
    if connection.scalar(
        text("SELECT true FROM ratings WHERE user_id = :user_id AND movie_id = :movie_id"), values
    ):
        raise AlreadyRatedError("You have rated this film: take the rating back first.")
    changed = connection.execute(
        text(
            "INSERT INTO marks (user_id, movie_id, mark) VALUES (:user_id, :movie_id, :mark) "
            "ON CONFLICT (user_id, movie_id) DO UPDATE SET mark = excluded.mark, "
            "marked_at = now() WHERE marks.mark <> excluded.mark"
        ),
        values,
    ).rowcount
    if changed:
        bump_revision(connection, user_id)


def get(connection: Connection, user_id: int, movie_id: int) -> Mark | None:
    """A person's mark on a film; None when there is none."""
    mark: Mark | None = connection.scalar(
        text("SELECT mark FROM marks WHERE user_id = :user_id AND movie_id = :movie_id"),
        {"user_id": user_id, "movie_id": movie_id},
    )
    return mark


def delete(connection: Connection, user_id: int, movie_id: int) -> bool:
    """Take a mark back; whether there was one."""
    _take_turns(connection, user_id)
    deleted = connection.execute(
        text("DELETE FROM marks WHERE user_id = :user_id AND movie_id = :movie_id"),
        {"user_id": user_id, "movie_id": movie_id},
    ).rowcount
    if deleted:
        bump_revision(connection, user_id)
    return bool(deleted)


def of_user(connection: Connection, user_id: int) -> pd.DataFrame:
    """A person's marks: movie_id, mark, marked_at; the newest first."""
    return pd.read_sql_query(
        text(
            "SELECT movie_id, mark, marked_at FROM marks WHERE user_id = :user_id "
            "ORDER BY marked_at DESC, movie_id"
        ),
        connection,
        params={"user_id": user_id},
    )


def marked_movies(connection: Connection, user_id: int) -> set[int]:
    """The numbers of the films that a person has marked."""
    return set(
        connection.scalars(
            text("SELECT movie_id FROM marks WHERE user_id = :user_id"), {"user_id": user_id}
        )
    )


def answered(
    connection: Connection, user_id: int, movie_ids: Sequence[int]
) -> tuple[bool, set[int]]:
    """Whether a person has rated anything, and which of these films they have rated or marked."""
    has_rated, films = connection.execute(
        text(
            "SELECT EXISTS (SELECT FROM ratings WHERE user_id = :user_id), ARRAY("
            "SELECT movie_id FROM ratings WHERE user_id = :user_id AND movie_id = ANY(:movies) "
            "UNION ALL "
            "SELECT movie_id FROM marks WHERE user_id = :user_id AND movie_id = ANY(:movies))"
        ),
        {"user_id": user_id, "movies": movie_ids},
    ).one()
    return has_rated, set(films)


def of_each(connection: Connection, user_ids: Sequence[int]) -> dict[int, dict[int, Mark]]:
    """The marks of each of these people by film; people without a mark are left out."""
    rows = connection.execute(
        text(
            "SELECT user_id, array_agg(movie_id) AS films, array_agg(mark) AS marks FROM marks "
            "WHERE user_id = ANY(:user_ids) GROUP BY user_id"
        ),
        {"user_ids": list(user_ids)},
    )
    return {row.user_id: dict(zip(row.films, row.marks, strict=True)) for row in rows}


def add_missing(connection: Connection, user_id: int, marks: Mapping[int, Mark]) -> int:
    """Add marks by film number, of films that the person has neither rated nor marked.

    Films that are not in the database are left out.

    Returns
    -------
    int
        How many were added.
    """
    _take_turns(connection, user_id)
    added = connection.execute(
        text(
            "INSERT INTO marks (user_id, movie_id, mark) "
            "SELECT :user_id, new.movie_id, new.mark "
            "FROM unnest(CAST(:movies AS int[]), CAST(:marks AS text[])) AS new (movie_id, mark) "
            "JOIN movies ON movies.id = new.movie_id WHERE NOT EXISTS (SELECT FROM ratings "
            "WHERE ratings.user_id = :user_id AND ratings.movie_id = new.movie_id) "
            "ON CONFLICT DO NOTHING"
        ),
        {"user_id": user_id, "movies": list(marks), "marks": list(marks.values())},
    ).rowcount
    if added:
        bump_revision(connection, user_id)
    return added


def _take_turns(connection: Connection, user_id: int) -> None:
    """Wait for what else is just being written of a person, a rating of the same film perhaps."""
    connection.execute(
        text("SELECT FROM users WHERE id = :user_id FOR NO KEY UPDATE"), {"user_id": user_id}
    )
