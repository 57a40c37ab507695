"""Interactions (ratings as models learn from them), and the users who gave them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from db.connection.copying import BEGIN, driver, row_of
from db.queries.histories import BEGINNING
from db.queries.users import FIRST_REGISTERED
from db.scale import LIKE

_ROW = row_of(user_id=">i4", movie_id=">i4", rating=">f4", rated_at=">i8")
_RESULT = np.dtype(
    [("user_id", "i4"), ("movie_id", "i4"), ("rating", "f4"), ("rated_at", "datetime64[us]")]
)
_BUFFER_BYTES = 16 * 2**20


class Block(NamedTuple):
    """People whose likes are read together.

    Attributes
    ----------
    first, last : int
        The lowest and the highest id of these users.
    likes : int
        How many likes they have, to check what is read.
    """

    first: int
    last: int
    likes: int


def frame(connection: Connection, people: Sequence[int] | None = None) -> pd.DataFrame:
    """Read the interactions of all users, or of some.

    COPY's binary format takes a tenth of the time that rows take.

    Parameters
    ----------
    connection : Connection
    people : sequence of int, optional
        Users to restrict to.

    Returns
    -------
    DataFrame
        user_id, movie_id (int32), rating (float32, 0.5–5), rated_at (UTC); sorted by user and film.
    """
    if people is None:
        return _copied(connection, "true")
    return _copied(connection, "user_id = ANY (%s)", list(people))


def likes_of(connection: Connection, first: int, last: int) -> pd.DataFrame:
    """Read the likes of the users `first` to `last`, as `frame` does all interactions."""
    return _copied(connection, "user_id BETWEEN %s AND %s AND rating >= %s", first, last, LIKE)


def _copied(connection: Connection, condition: str, *values: Any) -> pd.DataFrame:
    """Read the interactions that fulfil a condition."""
    parts: list[NDArray[np.void]] = []
    waiting = bytearray()
    with (
        driver(connection).cursor() as cursor,
        cursor.copy(
            f"COPY (SELECT user_id, movie_id, rating, rated_at FROM ratings WHERE {condition} "
            "ORDER BY user_id, movie_id) TO STDOUT (FORMAT binary)",
            values,
        ) as copy,
    ):
        for data in copy:
            waiting += data
            if len(waiting) > _BUFFER_BYTES:
                rows = (len(waiting) - len(BEGIN) * (not parts)) // _ROW.itemsize
                parts.append(_take(waiting, rows, is_first=not parts))
    rows = (len(waiting) - len(BEGIN) * (not parts)) // _ROW.itemsize
    parts.append(_take(waiting, rows, is_first=not parts))
    return pd.DataFrame(
        {
            name: np.concatenate([part[name] for part in parts])
            for name in ("user_id", "movie_id", "rating")
        }
        | {"rated_at": pd.DatetimeIndex(np.concatenate([p["rated_at"] for p in parts]), tz="UTC")}
    )


def _take(waiting: bytearray, rows: int, *, is_first: bool) -> NDArray[np.void]:
    """Remove the first rows from COPY's data and return them."""
    start = len(BEGIN) if is_first else 0
    end = start + rows * _ROW.itemsize
    read = np.frombuffer(bytes(memoryview(waiting)[start:end]), _ROW)
    del waiting[:end]
    taken = np.empty(rows, _RESULT)
    for name in ("user_id", "movie_id", "rating"):
        taken[name] = read[name]
    taken["rated_at"] = BEGINNING + read["rated_at"].astype("timedelta64[us]")
    return taken


def blocks_of_people(connection: Connection, size: int) -> list[Block]:
    """Divide the users who like a film into blocks of `size`, by id; the last one may be smaller.

    Users without likes belong to no block.
    """
    rows = connection.execute(
        text(
            "SELECT min(user_id), max(user_id), sum(likes)::bigint FROM ("
            "SELECT user_id, count(*) AS likes, (row_number() OVER (ORDER BY user_id) - 1) / :size "
            "AS block FROM ratings WHERE rating >= :like GROUP BY user_id"
            ") AS people GROUP BY block ORDER BY block"
        ),
        {"size": size, "like": LIKE},
    )
    return [Block(*row) for row in rows]


def sample_of_people(connection: Connection, most: int, seed: int) -> list[int] | None:
    """Return `most` random users who have rated, by id; None if there are no more than that."""
    drawn = connection.scalars(
        text(
            "SELECT id FROM users WHERE ratings_revision > 0 "
            "ORDER BY hashint8extended(id, :seed), id LIMIT :most"
        ),
        {"seed": seed, "most": most + 1},
    ).all()
    return sorted(drawn[:most]) if len(drawn) > most else None


def latest_raters(connection: Connection, most: int) -> list[int]:
    """Return the users who rated last, latest first, from the views and from ratings since then."""
    found = connection.scalars(
        text(
            "SELECT user_id FROM ("
            "(SELECT user_id, last_at FROM raters ORDER BY last_at DESC, user_id LIMIT :most) "
            "UNION ALL (SELECT user_id, max(rated_at) FROM ratings WHERE is_own AND rated_at > "
            "(SELECT computed_at - interval '1 hour' FROM figures_state) GROUP BY user_id)"
            ") AS latest GROUP BY user_id ORDER BY max(last_at) DESC, user_id LIMIT :most"
        ),
        {"most": most},
    )
    return list(found)


def film_sums(connection: Connection) -> pd.DataFrame:
    """Add up the ratings of each film over all people.

    Parameters
    ----------
    connection : Connection

    Returns
    -------
    DataFrame
        movie_id (int32), ratings (how many), stars (their sum, float64), likes (how many); sorted
        by film, without films that nobody has rated.
    """
    rows = connection.execute(
        text(
            # PostgreSQL adds `real` up as `real`, which has no half-stars beyond 8 million.
            "SELECT movie_id, count(*) AS ratings, sum(rating::float8) AS stars, "
            "count(*) FILTER (WHERE rating >= :like) AS likes "
            "FROM ratings GROUP BY movie_id ORDER BY movie_id"
        ),
        {"like": LIKE},
    )
    kinds = {"movie_id": "int32", "ratings": "int64", "stars": "float64", "likes": "int64"}
    return pd.DataFrame(rows.all(), columns=list(kinds)).astype(kinds)


def busiest_rater(connection: Connection) -> int | None:
    """Return the data set's user with the most ratings; None if there is no rating."""
    found = connection.scalar(
        text(
            f"SELECT user_id FROM raters WHERE user_id < {FIRST_REGISTERED} "
            "ORDER BY ratings DESC, user_id LIMIT 1"
        )
    )
    return None if found is None else int(found)


def random_rater(connection: Connection, *, registered: bool) -> int | None:
    """Return a random user of the data set who has rated something; None if there is none.

    With `registered`, users who registered here are drawn too.
    """
    of_whom = "" if registered else f"WHERE user_id < {FIRST_REGISTERED} "
    found = connection.scalar(
        text(
            f"SELECT user_id FROM raters JOIN users ON id = user_id {of_whom}"
            "ORDER BY random() LIMIT 1"
        )
    )
    return None if found is None else int(found)
