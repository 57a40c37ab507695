"""Lookup of films by other services' ids, titles and years."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Connection, text


class Candidate(NamedTuple):
    """What identifies a film; `ratings` is their number, to rank likelier films first."""

    id: int
    title: str
    year: int | None
    imdb_id: int | None
    tmdb_id: int | None
    ratings: int


_SELECT = """
SELECT id, title, year, imdb_id, tmdb_id, coalesce(ratings, 0)
FROM movies LEFT JOIN movie_stats ON movie_stats.movie_id = movies.id
"""


def by_numbers(
    connection: Connection,
    *,
    ids: Collection[int],
    imdb_ids: Collection[int],
    tmdb_ids: Collection[int],
) -> list[Candidate]:
    """Return the films that have one of these ids, in a single query."""
    values = {"ids": list(ids), "imdb_ids": list(imdb_ids), "tmdb_ids": list(tmdb_ids)}
    if not any(values.values()):
        return []
    return _films(
        connection,
        "WHERE id = ANY(CAST(:ids AS int[])) OR imdb_id = ANY(CAST(:imdb_ids AS int[])) "
        "OR tmdb_id = ANY(CAST(:tmdb_ids AS int[]))",
        values,
    )


def all_films(connection: Connection) -> list[Candidate]:
    """Return every film; MovieLens has 87,585."""
    return _films(connection, "", {})


def _films(connection: Connection, condition: str, values: dict[str, Any]) -> list[Candidate]:
    rows = connection.execute(text(f"{_SELECT} {condition} ORDER BY id"), values)
    return [Candidate(*row) for row in rows]
