"""Films and their genres."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Row, text

PAGE = 20


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
    imdb_id: int | None = None
    tmdb_id: int | None = None

    @property
    def label(self) -> str:
        """The title with the year, as people read it."""
        return self.title if self.year is None else f"{self.title} ({self.year})"


_SELECT = """
SELECT movies.id, title, year, coalesce(ratings, 0) AS ratings, mean, coalesce(likes, 0) AS likes,
       imdb_id, tmdb_id,
       ARRAY(SELECT name FROM movie_genres JOIN genres ON genres.id = genre_id
             WHERE movie_genres.movie_id = movies.id ORDER BY name) AS genres
FROM movies LEFT JOIN movie_stats ON movie_stats.movie_id = movies.id
"""


def by_ids(connection: Connection, movie_ids: Sequence[int]) -> list[Movie]:
    """The films with these numbers, in this order; unknown numbers are left out."""
    rows = connection.execute(
        text(f"{_SELECT} WHERE movies.id = ANY(:ids)"), {"ids": list(movie_ids)}
    )
    found = {row.id: _movie(row) for row in rows}
    return [found[movie_id] for movie_id in movie_ids if movie_id in found]


def search(
    connection: Connection,
    *,
    query: str = "",
    genre: str | None = None,
    year_from: int | None = None,
    year_to: int | None = None,
    page: int = 1,
) -> tuple[list[Movie], int]:
    """Films by part of their title (any case), genre and years, the most rated first.

    Returns
    -------
    tuple of list of Movie and int
        The films of this page, `PAGE` at the most, and how many there are on all pages.
    """
    conditions = """
        WHERE movies.title ILIKE :pattern
        AND (CAST(:year_from AS int) IS NULL OR year >= :year_from)
        AND (CAST(:year_to AS int) IS NULL OR year <= :year_to)
        AND (CAST(:genre AS text) IS NULL OR EXISTS (
            SELECT FROM movie_genres JOIN genres ON genres.id = genre_id
            WHERE movie_genres.movie_id = movies.id AND genres.name = :genre))
    """
    literal = query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {
        "pattern": f"%{literal}%",
        "year_from": year_from,
        "year_to": year_to,
        "genre": genre,
    }
    total = connection.scalar(text(f"SELECT count(*) FROM movies {conditions}"), values)
    rows = connection.execute(
        text(
            f"{_SELECT} {conditions} ORDER BY coalesce(ratings, 0) DESC, movies.id "
            "LIMIT :limit OFFSET :offset"
        ),
        {**values, "limit": PAGE, "offset": (page - 1) * PAGE},
    )
    return [_movie(row) for row in rows], int(total or 0)


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


def _movie(row: Row[Any]) -> Movie:
    return Movie(**{**row._mapping, "genres": tuple(row.genres)})  # arrays come as lists
