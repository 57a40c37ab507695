"""A user's ratings: half-stars from 0.5 to 5, one for each film."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import pandas as pd
from sqlalchemy import Connection, text


class Written(NamedTuple):
    """How many films `put_many` added and changed, and how many of them exist."""

    added: int
    changed: int
    known: int


class Tally(NamedTuple):
    """How many films a user has rated, liked, disliked and marked "not interested"."""

    rated: int
    liked: int
    disliked: int
    dismissed: int


def count(connection: Connection, user_id: int) -> int:
    """Count the films that a user has rated."""
    return int(
        connection.scalar(
            text("SELECT count(*) FROM ratings WHERE user_id = :user_id"), {"user_id": user_id}
        )
        or 0
    )


def tally(connection: Connection, user_id: int, *, like: float, dislike: float) -> Tally:
    """Count a user's ratings and marks; films of `like` stars or more count as liked."""
    row = connection.execute(
        text(
            "SELECT count(*), count(*) FILTER (WHERE rating >= :like), "
            "count(*) FILTER (WHERE rating <= :dislike), (SELECT count(*) FROM marks "
            "WHERE user_id = :user_id AND mark = 'dismissed') FROM ratings WHERE user_id = :user_id"
        ),
        {"user_id": user_id, "like": like, "dislike": dislike},
    ).one()
    return Tally(*row)


def put(connection: Connection, user_id: int, movie_id: int, rating: float) -> datetime:
    """Set a user's rating of a film, increment their revision, and return the rating's time.

    It replaces a mark on the film. Repeating a rating changes nothing. It becomes the user's
    newest, even if the clock has been set back.
    """
    values = {"user_id": user_id, "movie_id": movie_id, "rating": rating}
    changed = connection.execute(
        text(
            "INSERT INTO ratings (user_id, movie_id, rated_at, rating) "
            "SELECT :user_id, :movie_id, greatest(now(), max(rated_at) + interval '1 us'), :rating "
            "FROM ratings WHERE user_id = :user_id ON CONFLICT (user_id, movie_id) "
            "DO UPDATE SET rating = excluded.rating, rated_at = excluded.rated_at, is_own = true "
            "WHERE ratings.rating <> excluded.rating OR NOT ratings.is_own "
            "RETURNING rated_at"
        ),
        values,
    ).one_or_none()
    if changed is not None:
        bump_revision(connection, user_id)
        _delete_marks_of_rated(connection, user_id)
    else:
        changed = connection.execute(
            text("SELECT rated_at FROM ratings WHERE user_id = :user_id AND movie_id = :movie_id"),
            values,
        ).one()
    rated_at: datetime = changed.rated_at
    return rated_at


def get(connection: Connection, user_id: int, movie_id: int) -> float | None:
    """Return a user's rating of a film; None if there is none."""
    rating = connection.scalar(
        text(
            "SELECT rating::float8 FROM ratings WHERE user_id = :user_id AND movie_id = :movie_id"
        ),
        {"user_id": user_id, "movie_id": movie_id},
    )
    return None if rating is None else float(rating)


def add_missing(connection: Connection, user_id: int, history: pd.DataFrame) -> int:
    """Add ratings of films that the user hasn't rated yet.

    Parameters
    ----------
    connection : Connection
    user_id : int
    history : DataFrame
        movie_id, rating (0.5–5), rated_at; films that are not in the database are skipped.

    Returns
    -------
    int
        Number of ratings added.
    """
    added = connection.execute(
        text(
            "INSERT INTO ratings (user_id, movie_id, rating, rated_at) "
            "SELECT :user_id, new.movie_id, new.rating, new.rated_at "
            "FROM unnest(CAST(:movies AS int[]), CAST(:ratings AS real[]), "
            "CAST(:times AS timestamptz[])) AS new (movie_id, rating, rated_at) "
            "JOIN movies ON movies.id = new.movie_id ON CONFLICT DO NOTHING"
        ),
        {
            "user_id": user_id,
            "movies": history["movie_id"].tolist(),
            "ratings": history["rating"].tolist(),
            "times": [when.to_pydatetime() for when in history["rated_at"].dt.floor("us")],
        },
    ).rowcount
    if added:
        bump_revision(connection, user_id)
        _delete_marks_of_rated(connection, user_id)
    return added


def put_many(
    connection: Connection,
    user_id: int,
    rated: Sequence[tuple[int, float, datetime]],
    *,
    replace: bool,
) -> Written:
    """Set ratings (film, rating, time) of distinct films, and increment the revision once, if any.

    A film that the user has rated already keeps its rating; with `replace` it gets the new one if
    it differs. Films that are not in the database are skipped.
    """
    # Rows are locked in the order of film ids, so that concurrent imports don't deadlock; xmax is
    # 0 in a row that was inserted rather than updated.
    written = connection.execute(
        text(
            "WITH new AS MATERIALIZED ("
            "SELECT movie_id, new.rating, new.rated_at "
            "FROM unnest(CAST(:movies AS int[]), CAST(:ratings AS real[]), "
            "CAST(:times AS timestamptz[])) AS new (movie_id, rating, rated_at) "
            "JOIN movies ON movies.id = new.movie_id), "
            "written AS ("
            "INSERT INTO ratings (user_id, movie_id, rating, rated_at) "
            "SELECT :user_id, movie_id, rating, rated_at FROM new ORDER BY movie_id "
            "ON CONFLICT (user_id, movie_id) "
            "DO UPDATE SET rating = excluded.rating, rated_at = excluded.rated_at, is_own = true "
            "WHERE :replace AND ratings.rating <> excluded.rating "
            "RETURNING (xmax = 0) AS is_new) "
            "SELECT count(*) FILTER (WHERE is_new) AS added, "
            "count(*) FILTER (WHERE NOT is_new) AS changed, "
            "(SELECT count(*) FROM new) AS known FROM written"
        ),
        {
            "user_id": user_id,
            "movies": [movie_id for movie_id, _, _ in rated],
            "ratings": [rating for _, rating, _ in rated],
            "times": [rated_at for _, _, rated_at in rated],
            "replace": replace,
        },
    ).one()
    if written.added or written.changed:
        bump_revision(connection, user_id)
        _delete_marks_of_rated(connection, user_id)
    return Written(written.added, written.changed, written.known)


def delete(connection: Connection, user_id: int, movie_id: int) -> bool:
    """Remove a rating; return whether there was one."""
    deleted = connection.execute(
        text("DELETE FROM ratings WHERE user_id = :user_id AND movie_id = :movie_id"),
        {"user_id": user_id, "movie_id": movie_id},
    ).rowcount
    if deleted:
        bump_revision(connection, user_id)
    return bool(deleted)


def bump_revision(connection: Connection, user_id: int) -> None:
    """Invalidate the user's cached lists, in the transaction of the change."""
    connection.execute(
        text("UPDATE users SET ratings_revision = ratings_revision + 1 WHERE id = :user_id"),
        {"user_id": user_id},
    )


def _delete_marks_of_rated(connection: Connection, user_id: int) -> None:
    # After the revision, which waits for concurrent writes of this user's marks.
    connection.execute(
        text(
            "DELETE FROM marks USING ratings WHERE marks.user_id = :user_id "
            "AND ratings.user_id = marks.user_id AND ratings.movie_id = marks.movie_id"
        ),
        {"user_id": user_id},
    )
