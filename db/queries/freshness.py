"""How new the ratings are, whatever their number."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class Moment:
    """What there was when a model read the ratings.

    Attributes
    ----------
    at : datetime
        The start of the transaction.
    own_ratings : int
        Ratings given or brought along here, not by the data set.
    """

    at: datetime
    own_ratings: int


def moment(connection: Connection) -> Moment:
    """This moment."""
    row = connection.execute(
        text("SELECT now() AS at, count(*) AS own_ratings FROM ratings WHERE is_own")
    ).one()
    return Moment(**row._mapping)


def newer_ratings(connection: Connection, since: Moment) -> int:
    """How many ratings are newer: given since, or brought along with older dates."""
    row = connection.execute(
        text(
            "SELECT count(*) FILTER (WHERE rated_at > :at) AS given, count(*) AS all_own "
            "FROM ratings WHERE is_own"
        ),
        {"at": since.at},
    ).one()
    return max(int(row.given), int(row.all_own) - since.own_ratings)
