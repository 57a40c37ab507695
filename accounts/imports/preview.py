"""What an import would do, to be looked at before it is done."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from accounts.imports.rows import Row
from db.queries.marks import Mark
from db.queries.movies import Movie
from i18n.language import Text


class By(StrEnum):
    """What a film was recognised by."""

    MOVIELENS = Text("MovieLens number")
    IMDB = Text("IMDb number")
    TMDB = Text("TMDB number")
    TITLE = Text("title and year")


class Why(StrEnum):
    """Why somebody has to say which film is meant."""

    SEVERAL = Text("more than one film has this title and year")
    SEVERAL_NUMBERS = Text("more than one film has this number")
    YEAR = Text("the year differs")
    NO_YEAR = Text("the year is missing")
    SPELLING = Text("the title is spelled differently")
    NEAR = Text("another film of this title came out a year apart")
    NUMBER = Text("its number at IMDb or TMDB is that of another film")
    TYPE = Text("it may be a series or something else")


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
class Chosen:
    """What is to be imported: ratings, and marks by film."""

    ratings: tuple[Choice, ...]
    marks: Mapping[int, Mark]


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

    A film is matched once in each section of the file. `present` has the person's ratings of the
    films of `matched` and of all candidates.
    """

    matched: tuple[Matched, ...]
    unsure: tuple[Unsure, ...]
    not_found: tuple[Row, ...]
    superseded: tuple[Superseded, ...]
    present: Mapping[int, float]

    def without(self, sections: Collection[int]) -> "Preview":
        """The same without the rows of some sections."""
        return Preview(
            matched=tuple(each for each in self.matched if each.row.section not in sections),
            unsure=tuple(each for each in self.unsure if each.row.section not in sections),
            not_found=tuple(row for row in self.not_found if row.section not in sections),
            superseded=tuple(each for each in self.superseded if each.row.section not in sections),
            present=self.present,
        )


def status(row: Row, present: float | None) -> Status:
    """What a row is to the rating that the person has given its film, if any."""
    if present is None or row.rating is None:
        return Status.NEW
    return Status.SAME if present == row.rating else Status.DIFFERS


def chosen(
    preview: Preview,
    decided: Mapping[tuple[int, int], int] = MappingProxyType({}),
    *,
    marks_of: Mapping[int, Mark | None] = MappingProxyType({}),
) -> Chosen:
    """What is to be imported of a file.

    A film has one rating: of several that of the first section, for what a service calls ratings
    stands before a diary, and a diary before likes. A film with a rating has no mark, and one that
    was seen isn't one to watch later.

    Parameters
    ----------
    preview : Preview
    decided : mapping of (int, int) to int
        The film that somebody has chosen for a row, by `Row.place`.
    marks_of : mapping of int to {"seen", "later"}
        What the films of a list are to be, by the section; they are left out where it is missing.
    """
    rows = [(match.row, match.movie.id) for match in preview.matched]
    rows += [
        (each.row, decided[each.row.place]) for each in preview.unsure if each.row.place in decided
    ]
    ratings: dict[int, Row] = {}
    marks: dict[int, Mark] = {}
    for row, movie in rows:
        mark = row.mark or marks_of.get(row.section)
        if row.rating is not None:
            before = ratings.get(movie)
            if before is None or _counts_more(row, before):
                ratings[movie] = row
        elif mark is not None and marks.get(movie) != "seen":
            marks[movie] = mark
    return Chosen(
        tuple(
            Choice(movie, row.rating, row.rated_at)
            for movie, row in ratings.items()
            if row.rating is not None
        ),
        {movie: mark for movie, mark in marks.items() if movie not in ratings},
    )


def _counts_more(row: Row, before: Row) -> bool:
    if row.section != before.section:
        return row.section < before.section
    return row.rated_at is not None and (before.rated_at is None or row.rated_at >= before.rated_at)
