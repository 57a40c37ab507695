"""Ratings that are newer than a model."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class Moment:
    """The state of the ratings when a model read them.

    Attributes
    ----------
    at : datetime
        The start of the transaction.
    own_ratings : int
        Ratings that users gave or imported here, not those of the data set.
    """

    at: datetime
    own_ratings: int


def moment(connection: Connection) -> Moment:
    """Return the present state."""
    row = connection.execute(
        text("SELECT now() AS at, count(*) AS own_ratings FROM ratings WHERE is_own")
    ).one()
    return Moment(**row._mapping)


def newer_ratings(connection: Connection, since: Moment) -> int:
    """Count newer ratings: given since then, or imported with older dates."""
    row = connection.execute(
        text(
            "SELECT count(*) FILTER (WHERE rated_at > :at) AS given, count(*) AS all_own "
            "FROM ratings WHERE is_own"
        ),
        {"at": since.at},
    ).one()
    return max(int(row.given), int(row.all_own) - since.own_ratings)
