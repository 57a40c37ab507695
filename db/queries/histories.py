"""Histories: users' ratings as arrays, together with their marks, from one snapshot."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, text

BEGINNING = np.datetime64("2000-01-01T00:00:00", "us")  # epoch of PostgreSQL's binary format

# Arrays as bytes cost a twentieth of what rows cost; sorting them is cheaper here than in the
# server. A constant, because building the statement each time takes a tenth of its own time.
_ALL = text(
    "SELECT string_agg(int4send(user_id), ''), string_agg(int4send(movie_id), ''), "
    "string_agg(float4send(rating), ''), string_agg(timestamptz_send(rated_at), ''), "
    "(SELECT string_agg(int4send(user_id) || int4send(movie_id) "
    "|| int4send((mark = 'dismissed')::int), '') FROM marks WHERE user_id = ANY(:user_ids)) "
    "FROM ratings WHERE user_id = ANY(:user_ids)"
)


class Histories(NamedTuple):
    """Ratings of several users, an entry for each rating in no order, and their marks.

    Attributes
    ----------
    people, movie_ids : int64 arrays (ratings,)
        Ids of users and films.
    stars : float64 array (ratings,)
    times : datetime64[us] array (ratings,)
        UTC.
    marked, dismissed : dict
        The films that each user has marked, and those marked "not interested"; users without such
        a mark are left out.
    """

    people: NDArray[np.int64]
    movie_ids: NDArray[np.int64]
    stars: NDArray[np.float64]
    times: NDArray[np.datetime64]
    marked: dict[int, set[int]]
    dismissed: dict[int, set[int]]


class History(NamedTuple):
    """A user's ratings, oldest first, and marks; fields as in `Histories`."""

    movie_ids: NDArray[np.int64]
    stars: NDArray[np.float64]
    times: NDArray[np.datetime64]
    marked: set[int]
    dismissed: set[int]

    @property
    def frame(self) -> pd.DataFrame:
        """The ratings as a frame: movie_id, rating, rated_at (UTC)."""
        times = pd.DatetimeIndex(self.times, tz="UTC")
        return pd.DataFrame({"movie_id": self.movie_ids, "rating": self.stars, "rated_at": times})

    @classmethod
    def of(
        cls, history: pd.DataFrame, marked: Iterable[int], dismissed: Iterable[int]
    ) -> "History":
        """Build it from a frame like `frame`, in its order, and from marks."""
        return cls(
            history["movie_id"].to_numpy(np.int64),
            history["rating"].to_numpy(np.float64),
            history["rated_at"].to_numpy("datetime64[us]"),
            set(marked),
            set(dismissed),
        )


def frame(connection: Connection, user_id: int) -> pd.DataFrame:
    """Return a user's ratings: columns movie_id, rating, rated_at (UTC); oldest first."""
    return get(connection, user_id).frame


def get(connection: Connection, user_id: int) -> History:
    """Return a user's ratings and marks from one snapshot."""
    own = get_many(connection, [user_id])
    order = np.lexsort((own.movie_ids, own.times))
    return History(
        own.movie_ids[order],
        own.stars[order],
        own.times[order],
        own.marked.get(user_id, set()),
        own.dismissed.get(user_id, set()),
    )


def get_many(connection: Connection, user_ids: Sequence[int]) -> Histories:
    """Return the ratings and marks of each of these users from one snapshot."""
    people, films, stars, times, marks = connection.execute(
        _ALL, {"user_ids": list(user_ids)}
    ).one()
    marked: dict[int, set[int]] = {}
    dismissed: dict[int, set[int]] = {}
    for person, film, is_dismissed in np.frombuffer(marks or b"", ">i4").reshape(-1, 3).tolist():
        marked.setdefault(person, set()).add(film)
        if is_dismissed:
            dismissed.setdefault(person, set()).add(film)
    return Histories(
        np.frombuffer(people or b"", ">i4").astype(np.int64),
        np.frombuffer(films or b"", ">i4").astype(np.int64),
        np.frombuffer(stars or b"", ">f4").astype(np.float64),
        BEGINNING + np.frombuffer(times or b"", ">i8").astype("timedelta64[us]"),
        marked,
        dismissed,
    )
