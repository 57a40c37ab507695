"""Which ratings count: by their film, their time and the person who gave them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from i18n.language import Text

RELEASE_STEP = 5
"""Films are counted in so many years of release at a time."""

BANDS = (Text("under 20"), "20-49", "50-99", "100-299", "300-999", Text("1000 and more"))
"""People by how many ratings they have given in all; the view `raters` has the same limits."""


@dataclass(frozen=True)
class Slice:
    """What the figures are of; nothing chosen means all.

    Attributes
    ----------
    genres : tuple of str
        Films of any of these.
    released_from, released_to : int or None
        Years of release, both included: the first and the last of `RELEASE_STEP` years, as 1990
        and 1999. With either, films of an unknown year don't count.
    rated_from, rated_to : int or None
        Years (UTC) in which the rating was given, both included.
    bands : tuple of int
        Places in `BANDS`: people by the number of all their ratings.
    """

    genres: tuple[str, ...] = ()
    released_from: int | None = None
    released_to: int | None = None
    rated_from: int | None = None
    rated_to: int | None = None
    bands: tuple[int, ...] = ()

    @property
    def is_of_all_films(self) -> bool:
        """Whether no film is left out."""
        return not self.genres and self.released_from is None and self.released_to is None

    @property
    def is_of_all_times(self) -> bool:
        """Whether no time is left out."""
        return self.rated_from is None and self.rated_to is None

    @property
    def is_summed(self) -> bool:
        """Whether the cubes have a single row for each film or kind of films."""
        return self.is_of_all_times and not self.bands

    @property
    def values(self) -> dict[str, Any]:
        """What the conditions below refer to."""
        return {
            "genres": list(self.genres),
            "released_from": self.released_from or 1,
            "released_to": self.released_to or 9999,
            "rated_from": self.rated_from or 1,
            "rated_to": self.rated_to or 9999,
            "bands": list(self.bands or range(len(BANDS))),
        }

    def of_cube(self, *, by_year: bool = False, by_band: bool = False) -> str:
        """The condition on `film_cube` and `rating_cube`, where year 0 and band -1 are sums.

        Parameters
        ----------
        by_year, by_band : bool
            Whether rows of single years or bands are wanted even if all of them count.
        """
        conditions = [
            "band = ANY(:bands)" if self.bands or by_band else "band = -1",
            ("year > 0" if by_year else "year = 0")
            if self.is_of_all_times
            else "year BETWEEN :rated_from AND :rated_to",
        ]
        return " AND ".join([*conditions, *self._of_films()])

    def of_months(self) -> str:
        """The condition on `rating_months`, which knows nothing of films."""
        conditions = ["date_part('year', month) BETWEEN :rated_from AND :rated_to"]
        if self.bands:
            conditions.append("band = ANY(:bands)")
        return " AND ".join(conditions)

    def of_sample(self) -> str:
        """The condition on `sampled_ratings`, where nothing is summed."""
        conditions = ["year BETWEEN :rated_from AND :rated_to"]
        if self.bands:
            conditions.append("band = ANY(:bands)")
        return " AND ".join([*conditions, *self._of_films()])

    def _of_films(self) -> list[str]:
        if self.is_of_all_films:
            return []
        of_kinds = []
        if self.genres:
            of_kinds.append("genres && ARRAY(SELECT id FROM genres WHERE name = ANY(:genres))")
        if self.released_from is not None or self.released_to is not None:
            of_kinds.append("release BETWEEN :released_from AND :released_to")
        # "IS TRUE" keeps this a look-up in a hash; as a join it is planned far too late or early.
        return [f"(kind IN (SELECT kind FROM kinds WHERE {' AND '.join(of_kinds)})) IS TRUE"]


EVERYTHING = Slice()


@dataclass(frozen=True)
class Choices:
    """What there is to choose from.

    Attributes
    ----------
    genres : tuple of str
        In the order of the alphabet.
    releases : tuple of int
        The first of each five years in which a film came out, from the oldest to the newest.
    years : tuple of int
        The years in which ratings were given, from the first to the last.
    """

    genres: tuple[str, ...]
    releases: tuple[int, ...]
    years: tuple[int, ...]


def choices(connection: Connection) -> Choices:
    """What the filters can be set to."""
    genres = connection.execute(text("SELECT genre FROM genre_stats ORDER BY genre")).scalars()
    first, last = connection.execute(
        text("SELECT min(release), max(release) FROM kinds WHERE release > 0")
    ).one()
    from_year, to_year = connection.execute(
        text("SELECT min(year), max(year) FROM rating_cube WHERE band = -1 AND year > 0")
    ).one()
    return Choices(
        genres=tuple(genres),
        releases=() if first is None else tuple(range(first, last + 1, RELEASE_STEP)),
        years=() if from_year is None else tuple(range(from_year, to_year + 1)),
    )
