"""One person's ratings: half-stars from 0.5 to 5, one for each film."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, text

BEGINNING = np.datetime64("2000-01-01T00:00:00", "us")  # of time, as PostgreSQL sends it

# As the bytes of arrays, which are a twentieth of the work that rows are; what reads it sorts, for
# less than the server does. Here, for to make a text of it again takes a tenth of the statement.
_TOLD = text(
    "SELECT string_agg(int4send(user_id), ''), string_agg(int4send(movie_id), ''), "
    "string_agg(float4send(rating), ''), string_agg(timestamptz_send(rated_at), ''), "
    "(SELECT string_agg(int4send(user_id) || int4send(movie_id) "
    "|| int4send((mark = 'dismissed')::int), '') FROM marks WHERE user_id = ANY(:user_ids)) "
    "FROM ratings WHERE user_id = ANY(:user_ids)"
)


class Written(NamedTuple):
    """How many films `put_many` added and changed, and how many of those given there are."""

    added: int
    changed: int
    known: int


class Told(NamedTuple):
    """What some people have told: a row for each rating, in no order, and the marks.

    Attributes
    ----------
    people, movie_ids : int64 arrays (ratings,)
        Their numbers.
    stars : float64 array (ratings,)
    times : datetime64[us] array (ratings,)
        UTC.
    marked, dismissed : dict
        The films that each has marked, and those among them that they aren't interested in; people
        without such a mark are left out.
    """

    people: NDArray[np.int64]
    movie_ids: NDArray[np.int64]
    stars: NDArray[np.float64]
    times: NDArray[np.datetime64]
    marked: dict[int, set[int]]
    dismissed: dict[int, set[int]]


class Tally(NamedTuple):
    """How many films a person has rated, liked, disliked and isn't interested in."""

    rated: int
    liked: int
    disliked: int
    dismissed: int


class Own(NamedTuple):
    """What one person has told: their ratings, oldest first, and the marks; fields as in `Told`."""

    movie_ids: NDArray[np.int64]
    stars: NDArray[np.float64]
    times: NDArray[np.datetime64]
    marked: set[int]
    dismissed: set[int]

    @property
    def history(self) -> pd.DataFrame:
        """The ratings as a frame: movie_id, rating, rated_at."""
        times = pd.DatetimeIndex(self.times, tz="UTC")
        return pd.DataFrame({"movie_id": self.movie_ids, "rating": self.stars, "rated_at": times})

    @classmethod
    def of(cls, history: pd.DataFrame, marked: Iterable[int], dismissed: Iterable[int]) -> "Own":
        """The ratings of such a frame, in its order, and marks."""
        return cls(
            history["movie_id"].to_numpy(np.int64),
            history["rating"].to_numpy(np.float64),
            history["rated_at"].to_numpy("datetime64[us]"),
            set(marked),
            set(dismissed),
        )


def history(connection: Connection, user_id: int) -> pd.DataFrame:
    """What a person has rated: movie_id, rating, rated_at; oldest first."""
    return told(connection, user_id).history


def told(connection: Connection, user_id: int) -> Own:
    """What a person has rated and the films they have marked, at one moment."""
    own = told_by_each(connection, [user_id])
    order = np.lexsort((own.movie_ids, own.times))
    return Own(
        own.movie_ids[order],
        own.stars[order],
        own.times[order],
        own.marked.get(user_id, set()),
        own.dismissed.get(user_id, set()),
    )


def told_by_each(connection: Connection, user_ids: Sequence[int]) -> Told:
    """What each of these people has rated and marked, all at one moment."""
    people, films, stars, times, marks = connection.execute(
        _TOLD, {"user_ids": list(user_ids)}
    ).one()
    marked: dict[int, set[int]] = {}
    dismissed: dict[int, set[int]] = {}
    for person, film, is_dismissed in np.frombuffer(marks or b"", ">i4").reshape(-1, 3).tolist():
        marked.setdefault(person, set()).add(film)
        if is_dismissed:
            dismissed.setdefault(person, set()).add(film)
    return Told(
        np.frombuffer(people or b"", ">i4").astype(np.int64),
        np.frombuffer(films or b"", ">i4").astype(np.int64),
        np.frombuffer(stars or b"", ">f4").astype(np.float64),
        BEGINNING + np.frombuffer(times or b"", ">i8").astype("timedelta64[us]"),
        marked,
        dismissed,
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


def tally(connection: Connection, user_id: int, *, like: float, dislike: float) -> Tally:
    """Count what a person has told; liked are the films of `like` stars or more."""
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
    """Set a person's rating of a film; the person's revision moves on in the same transaction.

    It takes the place of a mark on the film. The same rating again changes nothing. It is the
    person's newest, also when the clock has been set back.

    Returns
    -------
    datetime
        When the film was rated.
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
