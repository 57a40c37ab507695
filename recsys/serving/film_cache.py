"""Films in memory: only a data load changes them, and a refresh of the statistics their means."""

from collections.abc import Collection
from dataclasses import dataclass, field
from time import monotonic

from sqlalchemy import Engine

from db.connection.engine import for_reading
from db.queries import movies
from db.queries.movies import Extent, Movie

LAST_SECONDS = 60.0
"""How much older the statistics of a film may be than those in the database."""


@dataclass(frozen=True)
class FilmCache:
    """The films of one data load that were requested in the last `LAST_SECONDS`.

    Attributes
    ----------
    load : int or None
        The number of the data load.
    """

    load: int | None
    _begun: float = field(default_factory=monotonic)
    _films: dict[int, Movie] = field(default_factory=dict)
    _extent: list[Extent] = field(default_factory=list)

    def are_of(self, load: int | None) -> bool:
        """Return whether they are those of this data load, and new enough."""
        return self.load == load and monotonic() - self._begun < LAST_SECONDS

    def get(self, engine: Engine, movie_ids: Collection[int]) -> dict[int, Movie]:
        """Return these films by ID, in this order; those that don't exist are skipped."""
        missing = [number for number in movie_ids if number not in self._films]
        if missing:
            with for_reading(engine).connect() as connection:
                self._films.update({film.id: film for film in movies.by_ids(connection, missing)})
        return {number: self._films[number] for number in movie_ids if number in self._films}

    def extent(self, engine: Engine) -> Extent:
        """Return `db.queries.movies.extent`, which reads all films, from memory if possible."""
        if not self._extent:
            with for_reading(engine).connect() as connection:
                self._extent.append(movies.extent(connection))
        return self._extent[0]
