"""Totals of the data, and where it came from."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class Totals:
    """Totals of the data; the times are None while there is no rating."""

    films: int
    rated_films: int
    ratings: int
    people: int
    mean: float | None
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True)
class Load:
    """The last data load."""

    source: str
    loaded_at: datetime
    movies: int
    raters: int
    ratings: int
    rejected: int

    @property
    def fingerprint(self) -> str:
        """A text that shows whether a model was trained on this data."""
        return f"{self.source}: {self.movies} films, {self.raters} people, {self.ratings} ratings"


def totals(connection: Connection) -> Totals:
    """Return the totals."""
    row = connection.execute(
        text("SELECT films, rated_films, ratings, people, mean, first_at, last_at FROM totals")
    ).one()
    return Totals(**row._mapping)


def last_load(connection: Connection) -> Load | None:
    """Return the load of the data set in the database; None while there is none."""
    row = connection.execute(
        text(
            "SELECT source, loaded_at, movies, raters, ratings, rejected "
            "FROM loads ORDER BY id DESC LIMIT 1"
        )
    ).one_or_none()
    return None if row is None else Load(**row._mapping)


def installation(connection: Connection) -> UUID:
    """Return the id that distinguishes this database from others that share a Redis."""
    return UUID(str(connection.scalar(text("SELECT id FROM installation"))))
