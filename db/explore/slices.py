"""Filters of ratings: by film, by time and by user."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from i18n.language import Text

RELEASE_STEP = 5
"""Films are grouped by this many years of release."""

BANDS = (Text("under 20"), "20-49", "50-99", "100-299", "300-999", Text("1000 and more"))
"""Users by their total number of ratings; the view `raters` has the same limits."""


@dataclass(frozen=True)
class Slice:
    """The ratings that statistics are computed from; without filters, all of them.

    Attributes
    ----------
    genres : tuple of str
        Films of any of these.
    released_from, released_to : int or None
        Years of release, inclusive: the first and the last of a `RELEASE_STEP` period, such as
        1990 and 1999. With either, films of an unknown year are excluded.
    rated_from, rated_to : int or None
        Years (UTC) of the rating, inclusive.
    bands : tuple of int
        Indices into `BANDS`: users by their total number of ratings.
    """

    genres: tuple[str, ...] = ()
    released_from: int | None = None
    released_to: int | None = None
    rated_from: int | None = None
    rated_to: int | None = None
    bands: tuple[int, ...] = ()

    @property
    def is_of_all_films(self) -> bool:
        """Whether no film is excluded."""
        return not self.genres and self.released_from is None and self.released_to is None

    @property
    def is_of_all_times(self) -> bool:
        """Whether no time is excluded."""
        return self.rated_from is None and self.rated_to is None

    @property
    def is_summed(self) -> bool:
        """Whether the cubes have a single row for each film or kind of film."""
        return self.is_of_all_times and not self.bands

    @property
    def values(self) -> dict[str, Any]:
        """Parameters of the conditions below."""
        return {
            "genres": list(self.genres),
            "released_from": self.released_from or 1,
            "released_to": self.released_to or 9999,
            "rated_from": self.rated_from or 1,
            "rated_to": self.rated_to or 9999,
            "bands": list(self.bands or range(len(BANDS))),
        }

    def of_cube(self, *, by_year: bool = False, by_band: bool = False) -> str:
        """Return the condition on `film_cube` and `rating_cube`; year 0 and band -1 are sums.

        Parameters
        ----------
        by_year : bool
            Select rows of single years even if all years count.
        by_band : bool
            Select rows of single bands even if all bands count.

        Returns
        -------
        str
        """
        conditions = [
            "band = ANY(:bands)" if self.bands or by_band else "band = -1",
            ("year > 0" if by_year else "year = 0")
            if self.is_of_all_times
            else "year BETWEEN :rated_from AND :rated_to",
        ]
        return " AND ".join([*conditions, *self._of_films()])

    def of_months(self) -> str:
        """Return the condition on `rating_months`, which doesn't distinguish films."""
        conditions = ["date_part('year', month) BETWEEN :rated_from AND :rated_to"]
        if self.bands:
            conditions.append("band = ANY(:bands)")
        return " AND ".join(conditions)

    def of_sample(self) -> str:
        """Return the condition on `sampled_ratings`, which has no sums."""
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
        # "IS TRUE" keeps this a hash lookup; as a join it gets a bad place in the query plan.
        return [f"(kind IN (SELECT kind FROM kinds WHERE {' AND '.join(of_kinds)})) IS TRUE"]


EVERYTHING = Slice()


@dataclass(frozen=True)
class Choices:
    """The available filter values.

    Attributes
    ----------
    genres : tuple of str
        In alphabetical order.
    releases : tuple of int
        The first year of each `RELEASE_STEP` period of release, oldest first.
    years : tuple of int
        The years of ratings, oldest first.
    """

    genres: tuple[str, ...]
    releases: tuple[int, ...]
    years: tuple[int, ...]


def choices(connection: Connection) -> Choices:
    """Return the values that the filters can be set to."""
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
