"""The figures of the Ratings page, each read from a materialised view."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pandas as pd
from sqlalchemy import Connection, text


@dataclass(frozen=True)
class Totals:
    """The data in one line; the times are None while there is no rating."""

    films: int
    rated_films: int
    ratings: int
    people: int
    mean: float | None
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True)
class Load:
    """What was loaded last."""

    source: str
    loaded_at: datetime
    movies: int
    raters: int
    ratings: int
    rejected: int

    @property
    def fingerprint(self) -> str:
        """Tells whether a model was trained on this data."""
        return f"{self.source}: {self.movies} films, {self.raters} people, {self.ratings} ratings"


def totals(connection: Connection) -> Totals:
    """How much there is."""
    row = connection.execute(
        text("SELECT films, rated_films, ratings, people, mean, first_at, last_at FROM totals")
    ).one()
    return Totals(**row._mapping)


def last_load(connection: Connection) -> Load | None:
    """The data set that is in the database; None while there is none."""
    row = connection.execute(
        text(
            "SELECT source, loaded_at, movies, raters, ratings, rejected "
            "FROM loads ORDER BY id DESC LIMIT 1"
        )
    ).one_or_none()
    return None if row is None else Load(**row._mapping)


def installation(connection: Connection) -> UUID:
    """What tells this database apart from others that share a Redis."""
    return UUID(str(connection.scalar(text("SELECT id FROM installation"))))


def rating_distribution(connection: Connection) -> pd.DataFrame:
    """How often each rating was given: rating, ratings."""
    return _read(
        connection,
        "SELECT rating::float8 AS rating, ratings FROM rating_distribution ORDER BY rating",
    )


def ratings_by_month(connection: Connection) -> pd.DataFrame:
    """Activity: month, ratings, people, mean."""
    return _read(
        connection, "SELECT month, ratings, people, mean FROM ratings_by_month ORDER BY month"
    )


def genres(connection: Connection) -> pd.DataFrame:
    """Genres by their films' ratings: genre, films, ratings, mean."""
    return _read(
        connection,
        "SELECT genre, films, ratings, mean FROM genre_stats ORDER BY ratings DESC, genre",
    )


def most_rated(connection: Connection, limit: int = 15) -> pd.DataFrame:
    """The films with the most ratings: movie_id, title, year, ratings, mean, bayesian_mean."""
    return _films(connection, "ratings DESC, movie_id", limit)


def best_rated(connection: Connection, limit: int = 15) -> pd.DataFrame:
    """The films with the best Bayesian mean; columns as in `most_rated`."""
    return _films(connection, "bayesian_mean DESC, movie_id", limit)


def long_tail(connection: Connection) -> pd.DataFrame:
    """Films by number of ratings: rank, ratings, films_share, ratings_share (cumulative, 0–1)."""
    return _read(
        connection, "SELECT rank, ratings, films_share, ratings_share FROM long_tail ORDER BY rank"
    )


def _films(connection: Connection, order: str, limit: int) -> pd.DataFrame:
    return _read(
        connection,
        "SELECT movie_id, title, year, ratings, movie_stats.mean, bayesian_mean "
        f"FROM movie_stats JOIN movies ON movies.id = movie_id ORDER BY {order} LIMIT {int(limit)}",
    ).astype({"year": "Int64"})


def _read(connection: Connection, query: str) -> pd.DataFrame:
    return pd.read_sql(text(query), connection)
