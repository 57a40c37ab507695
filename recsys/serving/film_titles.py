"""Titles, years and genres of films in memory: only a data load changes them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine

from db.queries import movies
from db.queries.movies import Extent, Movie


@dataclass(frozen=True)
class Titles:
    """The films of one data load that were requested before; their statistics may be outdated.

    Attributes
    ----------
    load : int or None
        The number of the data load.
    """

    load: int | None
    _films: dict[int, Movie] = field(default_factory=dict)
    _extent: list[Extent] = field(default_factory=list)

    def of(self, engine: Engine, movie_ids: Collection[int]) -> Mapping[int, Movie]:
        """Return at least these films, by ID; films that the database doesn't have are omitted."""
        missing = [number for number in movie_ids if number not in self._films]
        if missing:
            with engine.connect() as connection:
                self._films.update({film.id: film for film in movies.by_ids(connection, missing)})
        return self._films

    def extent(self, engine: Engine) -> Extent:
        """Return `db.queries.movies.extent`, which reads all films, from memory if possible."""
        if not self._extent:
            with engine.connect() as connection:
                self._extent.append(movies.extent(connection))
        return self._extent[0]
