"""What an import would do, to be looked at before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts.imports.rows import Row
from db.movies import Movie
from language import Text


class By(StrEnum):
    """What a film was recognised by."""

    MOVIELENS = Text("MovieLens number")
    IMDB = Text("IMDb number")
    TMDB = Text("TMDB number")
    TITLE = Text("title and year")


class Why(StrEnum):
    """Why somebody has to say which film is meant."""

    SEVERAL = Text("several films have this title and year")
    SEVERAL_NUMBERS = Text("several films have this number")
    YEAR = Text("the year is another one")
    NO_YEAR = Text("the year is missing")
    SPELLING = Text("the title is spelled differently")


class Status(StrEnum):
    """What a row is to the ratings that a person has."""

    NEW = Text("new")
    SAME = Text("same")
    DIFFERS = Text("differs")


@dataclass(frozen=True, slots=True)
class Choice:
    """A rating to be imported; `rated_at` None means now."""

    movie_id: int
    rating: float
    rated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """A row whose film is certain; `present` is the person's rating of it, None without one."""

    row: Row
    movie: Movie
    by: By
    present: float | None

    @property
    def status(self) -> Status:
        """New, the same as the present rating, or different from it."""
        return status(self.row, self.present)

    @property
    def choice(self) -> Choice:
        """The rating to be imported."""
        return choice(self.row, self.movie.id)


@dataclass(frozen=True, slots=True)
class Unsure:
    """A row that may be one of one to five films, the likeliest first."""

    row: Row
    candidates: tuple[Movie, ...]
    why: Why


@dataclass(frozen=True, slots=True)
class Superseded:
    """A row that is not imported because of a later one of the same film."""

    row: Row
    by: Row


@dataclass(frozen=True, slots=True)
class Preview:
    """Every usable row of a file, each in one of the four lists, in the order of the file.

    `present` has the person's ratings of the films of `matched` and of all candidates.
    """

    matched: tuple[Matched, ...]
    unsure: tuple[Unsure, ...]
    not_found: tuple[Row, ...]
    superseded: tuple[Superseded, ...]
    present: Mapping[int, float]


def choice(row: Row, movie_id: int) -> Choice:
    """The rating to be imported once somebody has said which film a row is."""
    return Choice(movie_id, row.rating, row.rated_at)


def status(row: Row, present: float | None) -> Status:
    """What a row is to the rating that the person has given its film, if any."""
    if present is None:
        return Status.NEW
    return Status.SAME if present == row.rating else Status.DIFFERS
