"""Ratings: half-stars from 0.5 to 5, one for each person and film."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

_COLUMNS = "movie_id, rating::float8 AS rating, rated_at"


class Written(NamedTuple):
    """How many films `put_many` added and changed, and how many of those given there are."""

    added: int
    changed: int
    known: int


def history(connection: Connection, user_id: int) -> pd.DataFrame:
    """What a person has rated: movie_id, rating, rated_at; oldest first."""
    # As three arrays, which are a tenth of the work that rows and `read_sql` are.
    films, stars, times = connection.execute(
        text(
            "SELECT array_agg(movie_id ORDER BY rated_at, movie_id), "
            "array_agg(rating::float8 ORDER BY rated_at, movie_id), "
            "array_agg((extract(epoch FROM rated_at) * 1000000)::bigint "
            "ORDER BY rated_at, movie_id) FROM ratings WHERE user_id = :user_id"
        ),
        {"user_id": user_id},
    ).one()
    return pd.DataFrame(
        {
            "movie_id": np.array(films or [], np.int64),
            "rating": np.array(stars or [], np.float64),
            "rated_at": pd.DatetimeIndex(np.array(times or [], "datetime64[us]"), tz="UTC"),
        }
    )


def rated_movies(connection: Connection, user_id: int) -> set[int]:
    """The numbers of the films that a person has rated."""
    return set(
        connection.scalars(
            text("SELECT movie_id FROM ratings WHERE user_id = :user_id"), {"user_id": user_id}
        )
    )


def count(connection: Connection, user_id: int) -> int:
    """How many films a person has rated."""
    return int(
        connection.scalar(
            text("SELECT count(*) FROM ratings WHERE user_id = :user_id"), {"user_id": user_id}
        )
        or 0
    )


def busiest_rater(connection: Connection) -> int | None:
    """The number of the data set's person with the most ratings; None where there is no rating."""
    found = connection.scalar(
        text(
            "SELECT user_id FROM raters WHERE user_id < 1000000000 "
            "ORDER BY ratings DESC, user_id LIMIT 1"
        )
    )
    return None if found is None else int(found)


def random_rater(connection: Connection) -> int | None:
    """The number of somebody who has rated something, anybody; None where there is no rating."""
    found = connection.scalar(
        text("SELECT user_id FROM raters JOIN users ON id = user_id ORDER BY random() LIMIT 1")
    )
    return None if found is None else int(found)


def put(connection: Connection, user_id: int, movie_id: int, rating: float) -> datetime:
    """Set a person's rating of a film; the person's revision moves on in the same transaction.

    It takes the place of a mark on the film. The same rating again changes nothing.

    Returns
    -------
    datetime
        When the film was rated.
    """
    values = {"user_id": user_id, "movie_id": movie_id, "rating": rating}
    changed = connection.execute(
        text(
            "INSERT INTO ratings (user_id, movie_id, rated_at, rating) "
            "VALUES (:user_id, :movie_id, now(), :rating) ON CONFLICT (user_id, movie_id) "
            "DO UPDATE SET rating = excluded.rating, rated_at = excluded.rated_at, is_own = true "
            "WHERE ratings.rating <> excluded.rating OR NOT ratings.is_own "
            "RETURNING rated_at"
        ),
        values,
    ).one_or_none()
    if changed is not None:
        bump_revision(connection, user_id)
        _forget_marks_of_rated(connection, user_id)
    else:
        changed = connection.execute(
            text("SELECT rated_at FROM ratings WHERE user_id = :user_id AND movie_id = :movie_id"),
            values,
        ).one()
    rated_at: datetime = changed.rated_at
    return rated_at


def get(connection: Connection, user_id: int, movie_id: int) -> float | None:
    """A person's rating of a film; None when there is none."""
    rating = connection.scalar(
        text(
            "SELECT rating::float8 FROM ratings WHERE user_id = :user_id AND movie_id = :movie_id"
        ),
        {"user_id": user_id, "movie_id": movie_id},
    )
    return None if rating is None else float(rating)


def add_missing(connection: Connection, user_id: int, history: pd.DataFrame) -> int:
    """Add ratings (movie_id, rating, rated_at) of films that the person hasn't rated.

    Films that are not in the database are left out.

    Returns
    -------
    int
        How many were added.
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
        _forget_marks_of_rated(connection, user_id)
    return added


def put_many(
    connection: Connection,
    user_id: int,
    rated: Sequence[tuple[int, float, datetime]],
    *,
    replace: bool,
) -> Written:
    """Set ratings (film, rating, time) of different films; the revision moves on once, if at all.

    A film that the person has rated already keeps its rating, or with `replace` is given the new
    one where that is different. Films that are not in the database are left out.
    """
    # Rows are locked by the number of the film, so that two imports at a time wait for each other
    # instead of for ever; xmax is 0 in a row that was inserted and not updated.
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
        _forget_marks_of_rated(connection, user_id)
    return Written(written.added, written.changed, written.known)


def delete(connection: Connection, user_id: int, movie_id: int) -> bool:
    """Take a rating back; whether there was one."""
    deleted = connection.execute(
        text("DELETE FROM ratings WHERE user_id = :user_id AND movie_id = :movie_id"),
        {"user_id": user_id, "movie_id": movie_id},
    ).rowcount
    if deleted:
        bump_revision(connection, user_id)
    return bool(deleted)


def frame(connection: Connection, rows: int = 500_000) -> pd.DataFrame:
    """All ratings for training, by person and film: user_id, movie_id, rating, rated_at."""
    chunks: Iterator[pd.DataFrame] = pd.read_sql(
        text(f"SELECT user_id, {_COLUMNS} FROM ratings ORDER BY user_id, movie_id"),
        connection.execution_options(stream_results=True, max_row_buffer=rows),
        chunksize=rows,
    )
    kinds = {"user_id": "int32", "movie_id": "int32", "rating": "float32"}
    parts = [chunk.astype(kinds) for chunk in chunks]
    return pd.concat(parts, ignore_index=True)


def bump_revision(connection: Connection, user_id: int) -> None:
    """Make the person's cached lists those of yesterday; in the transaction of the change."""
    connection.execute(
        text("UPDATE users SET ratings_revision = ratings_revision + 1 WHERE id = :user_id"),
        {"user_id": user_id},
    )


def _forget_marks_of_rated(connection: Connection, user_id: int) -> None:
    # After the revision, which waits for marks of this person that are just being written.
    connection.execute(
        text(
            "DELETE FROM marks USING ratings WHERE marks.user_id = :user_id "
            "AND ratings.user_id = marks.user_id AND ratings.movie_id = marks.movie_id"
        ),
        {"user_id": user_id},
    )
