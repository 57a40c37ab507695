"""Films and their genres."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, text


@dataclass(frozen=True)
class Movie:
    """A film as cards and handles show it; `mean` is on the scale 0.5 to 5."""

    id: int
    title: str
    year: int | None
    genres: tuple[str, ...]
    ratings: int
    mean: float | None
    likes: int

    @property
    def label(self) -> str:
        """The title with the year, as people read it."""
        return self.title if self.year is None else f"{self.title} ({self.year})"


_SELECT = """
SELECT movies.id, title, year, coalesce(ratings, 0) AS ratings, mean, coalesce(likes, 0) AS likes,
       ARRAY(SELECT name FROM movie_genres JOIN genres ON genres.id = genre_id
             WHERE movie_genres.movie_id = movies.id ORDER BY name) AS genres
FROM movies LEFT JOIN movie_stats ON movie_stats.movie_id = movies.id
"""


def by_ids(connection: Connection, movie_ids: Sequence[int]) -> list[Movie]:
    """The films with these numbers, in this order; unknown numbers are left out."""
    rows = connection.execute(
        text(f"{_SELECT} WHERE movies.id = ANY(:ids)"), {"ids": list(movie_ids)}
    )
    found = {
        row.id: Movie(**{**row._mapping, "genres": tuple(row.genres)})  # arrays come as lists
        for row in rows
    }
    return [found[movie_id] for movie_id in movie_ids if movie_id in found]


def genres(connection: Connection) -> list[str]:
    """Every genre that a film has, in alphabetical order."""
    return list(connection.scalars(text("SELECT name FROM genres ORDER BY name")))


def all_ids(connection: Connection) -> set[int]:
    """The numbers of all films."""
    return set(connection.scalars(text("SELECT id FROM movies")))


def count(connection: Connection) -> int:
    """The number of films."""
    return int(connection.scalar(text("SELECT count(*) FROM movies")) or 0)


def frame(connection: Connection) -> pd.DataFrame:
    """All films for training: movie_id, title, year (Int64), genres (lists)."""
    films = pd.read_sql(
        text(
            "SELECT movies.id AS movie_id, title, year, "
            "coalesce(array_agg(name ORDER BY name) FILTER (WHERE name IS NOT NULL), '{}') "
            "AS genres FROM movies LEFT JOIN movie_genres ON movie_id = movies.id "
            "LEFT JOIN genres ON genres.id = genre_id GROUP BY movies.id ORDER BY movies.id"
        ),
        connection,
    )
    return films.astype({"year": "Int64"})


def likes(connection: Connection) -> pd.DataFrame:
    """How many likes each film has: movie_id, likes."""
    return pd.read_sql(text("SELECT movie_id, likes FROM movie_stats"), connection)
