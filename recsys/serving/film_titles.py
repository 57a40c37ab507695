"""Films' titles, years and genres in memory: they change with a load alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine

from db.queries import movies
from db.queries.movies import Extent, Movie


@dataclass(frozen=True)
class Titles:
    """The films of one load that somebody has asked for; their figures may be old.

    Attributes
    ----------
    load : int or None
        The load that they are of.
    """

    load: int | None
    _films: dict[int, Movie] = field(default_factory=dict)
    _extent: list[Extent] = field(default_factory=list)

    def of(self, engine: Engine, movie_ids: Collection[int]) -> Mapping[int, Movie]:
        """At least these films, by number; those that the database doesn't have are left out."""
        missing = [number for number in movie_ids if number not in self._films]
        if missing:
            with engine.connect() as connection:
                self._films.update({film.id: film for film in movies.by_ids(connection, missing)})
        return self._films

    def extent(self, engine: Engine) -> Extent:
        """As `db.queries.movies.extent`, which looks at all films."""
        if not self._extent:
            with engine.connect() as connection:
                self._extent.append(movies.extent(connection))
        return self._extent[0]
