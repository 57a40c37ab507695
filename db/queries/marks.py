"""Marks that users put on films without rating them: not interested, seen, watch later."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import pandas as pd
from sqlalchemy import Connection, text

from db.queries.ratings import bump_revision

Mark = Literal["dismissed", "seen", "later"]
MARKS: tuple[Mark, ...] = get_args(Mark)


class AlreadyRatedError(ValueError):
    """The user has rated the film, which says more than a mark."""


def put(connection: Connection, user_id: int, movie_id: int, mark: Mark) -> None:
    """Mark a film, replacing another mark; repeating a mark changes nothing.

    Parameters
    ----------
    connection : Connection
    user_id : int
    movie_id : int
    mark : "dismissed", "seen" or "later"

    Raises
    ------
    AlreadyRatedError
        If the user has rated the film.
    """
    values = {"user_id": user_id, "movie_id": movie_id, "mark": mark}
    _lock_user(connection, user_id)
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
    """Return a user's mark on a film; None if there is none."""
    mark: Mark | None = connection.scalar(
        text("SELECT mark FROM marks WHERE user_id = :user_id AND movie_id = :movie_id"),
        {"user_id": user_id, "movie_id": movie_id},
    )
    return mark


def delete(connection: Connection, user_id: int, movie_id: int) -> bool:
    """Remove a mark; return whether there was one."""
    _lock_user(connection, user_id)
    deleted = connection.execute(
        text("DELETE FROM marks WHERE user_id = :user_id AND movie_id = :movie_id"),
        {"user_id": user_id, "movie_id": movie_id},
    ).rowcount
    if deleted:
        bump_revision(connection, user_id)
    return bool(deleted)


def of_user(connection: Connection, user_id: int) -> pd.DataFrame:
    """Return a user's marks: columns movie_id, mark, marked_at (UTC); newest first."""
    return pd.read_sql_query(
        text(
            "SELECT movie_id, mark, marked_at FROM marks WHERE user_id = :user_id "
            "ORDER BY marked_at DESC, movie_id"
        ),
        connection,
        params={"user_id": user_id},
    )


def marked_movies(connection: Connection, user_id: int) -> set[int]:
    """Return the ids of the films that a user has marked."""
    return set(
        connection.scalars(
            text("SELECT movie_id FROM marks WHERE user_id = :user_id"), {"user_id": user_id}
        )
    )


def answered(
    connection: Connection, user_id: int, movie_ids: Sequence[int]
) -> tuple[bool, set[int]]:
    """Return whether a user has rated anything, and which of these films they rated or marked."""
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
    """Return the marks of each of these users by film; users without marks are left out."""
    rows = connection.execute(
        text(
            "SELECT user_id, array_agg(movie_id) AS films, array_agg(mark) AS marks FROM marks "
            "WHERE user_id = ANY(:user_ids) GROUP BY user_id"
        ),
        {"user_ids": list(user_ids)},
    )
    return {row.user_id: dict(zip(row.films, row.marks, strict=True)) for row in rows}


def add_missing(connection: Connection, user_id: int, marks: Mapping[int, Mark]) -> int:
    """Add marks to films that the user has neither rated nor marked; return how many.

    Films that are not in the database are skipped.
    """
    _lock_user(connection, user_id)
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


def _lock_user(connection: Connection, user_id: int) -> None:
    """Wait for concurrent writes of the same user, such as a rating of the same film."""
    connection.execute(
        text("SELECT FROM users WHERE id = :user_id FOR NO KEY UPDATE"), {"user_id": user_id}
    )
