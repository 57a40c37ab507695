"""What a file of ratings holds once it is read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Service(StrEnum):
    """Where a file of ratings comes from, named as people know it."""

    LETTERBOXD = "Letterboxd"
    IMDB = "IMDb"
    MOVIELENS = "MovieLens"


@dataclass(frozen=True, slots=True)
class Row:
    """One rating of a file.

    Attributes
    ----------
    line : int
        The line of the file that it starts on; the header is on line 1.
    title : str
        As written, but for control characters and marks that turn the direction of text; empty
        when the file names films by number alone. Never HTML: escape it where it is shown.
    year : int or None
        1870 to 2100.
    rating : float
        Half-stars, 0.5 to 5.
    rated_at : datetime or None
        In UTC, from 1900 to now; a date without a time is its midnight.
    movielens_id, imdb_id, tmdb_id : int or None
        The film at each service, 1 to 2,147,483,647; IMDb's without "tt".
    original_title : str
        The title in the film's own language, or empty.
    is_film : bool
        False for series, episodes and games, which are found by number and never by title.
    """

    line: int
    title: str
    year: int | None
    rating: float
    rated_at: datetime | None = None
    movielens_id: int | None = None
    imdb_id: int | None = None
    tmdb_id: int | None = None
    original_title: str = ""
    is_film: bool = True


@dataclass(frozen=True, slots=True)
class Unusable:
    """A row that can't be imported: its line, its title as far as it has one, and why."""

    line: int
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file of ratings: at least one row, usable or not, in the order of the file."""

    service: Service
    rows: tuple[Row, ...]
    unusable: tuple[Unusable, ...]
