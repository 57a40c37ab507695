"""Interactions: everybody's ratings, as models learn from them, and who has rated."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from db.connection.copying import BEGIN, driver, row_of
from db.queries.ratings import BEGINNING
from db.queries.users import FIRST_REGISTERED

_ROW = row_of(user_id=">i4", movie_id=">i4", rating=">f4", rated_at=">i8")
_KEPT = np.dtype(
    [("user_id", "i4"), ("movie_id", "i4"), ("rating", "f4"), ("rated_at", "datetime64[us]")]
)
_BUFFER_BYTES = 16 * 2**20


def frame(connection: Connection, people: Sequence[int] | None = None) -> pd.DataFrame:
    """Ratings for training, by person and film: user_id, movie_id, rating, rated_at.

    Of everybody, or of some people. In COPY's binary format, which takes a tenth of the time that
    rows take.
    """
    of_whom = "" if people is None else "WHERE user_id = ANY (%s) "
    parts: list[NDArray[np.void]] = []
    waiting = bytearray()
    with (
        driver(connection).cursor() as cursor,
        cursor.copy(
            f"COPY (SELECT user_id, movie_id, rating, rated_at FROM ratings {of_whom}"
            "ORDER BY user_id, movie_id) TO STDOUT (FORMAT binary)",
            None if people is None else (list(people),),
        ) as copy,
    ):
        for data in copy:
            waiting += data
            if len(waiting) > _BUFFER_BYTES:
                rows = (len(waiting) - len(BEGIN) * (not parts)) // _ROW.itemsize
                parts.append(_taken(waiting, rows, is_first=not parts))
    rows = (len(waiting) - len(BEGIN) * (not parts)) // _ROW.itemsize
    parts.append(_taken(waiting, rows, is_first=not parts))
    return pd.DataFrame(
        {
            name: np.concatenate([part[name] for part in parts])
            for name in ("user_id", "movie_id", "rating")
        }
        | {"rated_at": pd.DatetimeIndex(np.concatenate([p["rated_at"] for p in parts]), tz="UTC")}
    )


def _taken(waiting: bytearray, rows: int, *, is_first: bool) -> NDArray[np.void]:
    """The first rows of what COPY has sent, which are taken out of it."""
    start = len(BEGIN) if is_first else 0
    end = start + rows * _ROW.itemsize
    read = np.frombuffer(bytes(memoryview(waiting)[start:end]), _ROW)
    del waiting[:end]
    taken = np.empty(rows, _KEPT)
    for name in ("user_id", "movie_id", "rating"):
        taken[name] = read[name]
    taken["rated_at"] = BEGINNING + read["rated_at"].astype("timedelta64[us]")
    return taken


def number(connection: Connection) -> int:
    """How many ratings there are."""
    return int(connection.scalar(text("SELECT count(*) FROM ratings")) or 0)


def sample_of_people(connection: Connection, most: int, seed: int) -> list[int] | None:
    """The numbers of so many who have rated, drawn by chance; None where there aren't more."""
    drawn = connection.scalars(
        text(
            "SELECT id FROM users WHERE ratings_revision > 0 "
            "ORDER BY hashint8extended(id, :seed), id LIMIT :most"
        ),
        {"seed": seed, "most": most + 1},
    ).all()
    return sorted(drawn[:most]) if len(drawn) > most else None


def latest_raters(connection: Connection, most: int) -> list[int]:
    """Who rated last, the last one first: as the views have it, and what was rated here since."""
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


def likes_of_films(connection: Connection) -> dict[int, int]:
    """How many people like each film, at this moment; films that nobody likes are left out."""
    rows = connection.execute(
        text("SELECT movie_id, count(*) AS likes FROM ratings WHERE rating >= 4 GROUP BY movie_id")
    )
    return {row.movie_id: row.likes for row in rows}


def busiest_rater(connection: Connection) -> int | None:
    """The number of the data set's person with the most ratings; None where there is no rating."""
    found = connection.scalar(
        text(
            f"SELECT user_id FROM raters WHERE user_id < {FIRST_REGISTERED} "
            "ORDER BY ratings DESC, user_id LIMIT 1"
        )
    )
    return None if found is None else int(found)


def random_rater(connection: Connection, *, registered: bool) -> int | None:
    """The number of somebody of the data set who has rated something; None where there is nobody.

    Of those who `registered` here too, if told so.
    """
    of_whom = "" if registered else f"WHERE user_id < {FIRST_REGISTERED} "
    found = connection.scalar(
        text(
            f"SELECT user_id FROM raters JOIN users ON id = user_id {of_whom}"
            "ORDER BY random() LIMIT 1"
        )
    )
    return None if found is None else int(found)
