"""What a file from another service holds once it is read."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from db.queries.marks import Mark
from i18n.language import Text


class Service(StrEnum):
    """Where a file comes from, named as people know it."""

    LETTERBOXD = "Letterboxd"
    IMDB = "IMDb"
    MOVIELENS = "MovieLens"
    TRAKT = "Trakt"
    TMDB = "TMDB"
    KINOPOISK = "Kinopoisk"
    KINORIUM = "Kinorium"
    CRITICKER = "Criticker"
    SIMKL = "Simkl"
    NETFLIX = "Netflix"
    TABLE = Text("a table")


class Says(StrEnum):
    """What a section of a file says of its films."""

    RATED = Text("ratings")
    DIARY = Text("diary")
    REVIEWED = Text("reviews")
    LIKED = Text("likes")
    SEEN = Text("seen")
    LATER = Text("watch later")
    LISTED = Text("a list")


DateOrder = Literal["dmy", "mdy"]
"""Which of the numbers in 4/3/2021 is the month: the second or the first."""

Scale = Literal[5, 10, 100]
"""The best rating there is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One film of a file.

    Attributes
    ----------
    line : int
        The line of the file that it starts on; the header is on line 1. In JSON and XML, the
        number of the entry.
    title : str
        As written, but for control characters and marks that turn the direction of text; empty
        when the file names films by number alone. Never HTML: escape it where it is shown.
    year : int or None
        1870 to 2100.
    rating : float or None
        Half-stars, 0.5 to 5; None where the film was seen, wanted or listed without a rating.
    rated_at : datetime or None
        In UTC, from 1900 to now; a date without a time is its midnight.
    movielens_id, imdb_id, tmdb_id : int or None
        The film at each service, 1 to 2,147,483,647; IMDb's without "tt".
    original_title : str
        The title in the film's own language, or empty.
    is_film : bool or None
        False for series, episodes, specials, games and music videos, which are found by number
        and never by title; None when the file gives a type that is unknown here, which is found by
        number, and by title only with a question.
    mark : {"seen", "later"} or None
        What a row without a rating says of its film; None in a list, which may mean anything.
    address, directors : str
        What tells two films of one title and year apart, or empty.
    section : int
        The place of its section in `Parsed.sections`.
    """

    line: int
    title: str
    year: int | None
    rating: float | None
    rated_at: datetime | None = None
    movielens_id: int | None = None
    imdb_id: int | None = None
    tmdb_id: int | None = None
    original_title: str = ""
    is_film: bool | None = True
    mark: Mark | None = None
    address: str = field(default="", compare=False)
    directors: str = field(default="", compare=False)
    section: int = field(default=0, compare=False)

    @property
    def place(self) -> tuple[int, int]:
        """The section and the line: no two rows of a file have the same."""
        return self.section, self.line


@dataclass(frozen=True, slots=True)
class Unusable:
    """A row that can't be imported: its line, its title as far as it has one, and why."""

    line: int
    title: str
    reason: str
    section: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a file that can be left out: one of the tables in a zip, or all there is.

    Attributes
    ----------
    name : str
        The file that it stands in.
    says : Says
        What it says of its films.
    rows, rewatches, undated : int
        How many rows can be used, say that the film was seen again, or have a date that can't be
        read.
    is_date_open : bool
        Whether somebody has to say which number of its dates is the month; until then, its rows
        have no dates.
    has_thumbs : bool
        Whether ratings are likes, thumbs or the like, and what they count as is to be told.
    scale : {5, 10, 100} or None
        The best rating, where the file doesn't say it and the ratings themselves had to; None
        elsewhere.
    """

    name: str
    says: Says
    rows: int
    rewatches: int = 0
    undated: int = 0
    is_date_open: bool = False
    has_thumbs: bool = False
    scale: Scale | None = None


@dataclass(frozen=True, slots=True)
class UnknownTable:
    """A table of no known service.

    Attributes
    ----------
    columns : tuple of str
        The names of the columns as written.
    sample : tuple of tuple of str
        The first rows, to recognise the columns by.
    roles : dict of str to str
        What was taken for what: the role ("title", "rating", …) and the column's name.
    """

    columns: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    roles: dict[str, str]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file: at least one row, usable or not, in the order of the file.

    Attributes
    ----------
    service : Service
    rows : tuple of Row
    unusable : tuple of Unusable
    sections : tuple of Section
        The parts of the file, those that say most of a film first.
    unread : tuple of str
        The files in a zip that were not recognised.
    table : UnknownTable or None
        The columns and what they were taken for, where the file is of no known service.
    """

    service: Service
    rows: tuple[Row, ...]
    unusable: tuple[Unusable, ...]
    sections: tuple[Section, ...] = ()
    unread: tuple[str, ...] = ()
    table: UnknownTable | None = None
