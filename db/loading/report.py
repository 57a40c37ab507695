"""The report of a data load: counts, changes and rejected lines."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

MOST_EXAMPLES = 100


class SourceError(ValueError):
    """The source can't be loaded; the text says what is wrong and what would be accepted."""


class Reason(StrEnum):
    """Why a line was rejected, as operators read it."""

    FIELDS = "wrong number of fields"
    QUOTES = "a quote that does not close, or closes in the wrong place"
    UNDECODABLE = "bytes that are not UTF-8, in a file that is UTF-8 elsewhere"
    NUL = "a NUL byte"
    USER = "user id is not a whole number from 1 to 999999999"
    FILM = "film id is not a whole number from 1 to 2147483647"
    RATING = "rating is not one of 0.5, 1, 1.5, up to 5"
    RATING_OF_5 = "rating is not a number above 0, up to 5"
    RATING_OF_10 = "rating is not a number above 0, up to 10"
    RATING_OF_100 = "rating is not a number from 0 to 100"
    TIME = "time is not in seconds or milliseconds, or a date, from 1970 to the end of 2200"
    LINK = "IMDb or TMDB id is not a whole number from 1 to 2147483647"
    GENRE = "a genre name of more than 100 characters"
    GENRES = "genres are not a list of names"
    TAG = "a tag of more than 100 characters"
    TAG_SIGN = "a tag with a control character, a direction mark or similar"
    NO_TAG = "no tag"
    NO_TITLE = "no title"
    SECOND_FILM = "second line for the same film (the first was kept)"
    UNKNOWN_FILM = "the film is not in the list of films"
    NO_LINK = "the film has no id in the list of links"
    TITLE_NUMBER = "title id is not tt and a number"
    PERSON_NUMBER = "person id is not nm and a number"
    MINUTES = "length is not a whole number of minutes up to 32767"
    ORDER = "place in the order is not a whole number up to 32767"
    LONG_NAME = "a title or name of more than 500 characters"
    NO_NAME = "no name"
    SECOND_RATING = "second rating of the film by the same user (the latest was kept)"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A rejected line.

    `line` counts from 1 and is where the record begins; in the demo set it is the row number.
    """

    file: str
    line: int
    reason: Reason


@dataclass(slots=True)
class Rejections:
    """Counts all rejected lines and stores the first hundred."""

    by_reason: Counter[Reason] = field(default_factory=Counter)
    examples: list[Rejection] = field(default_factory=list)

    @property
    def total(self) -> int:
        """The number of rejected lines."""
        return self.by_reason.total()

    def add(self, file: str, line: int, reason: Reason) -> None:
        """Add one line."""
        self.by_reason[reason] += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(Rejection(file, line, reason))

    def add_all(self, file: str, parts: Iterable[tuple[Reason, NDArray[np.int64]]]) -> None:
        """Add the lines of one block; within each part they are in ascending order."""
        room = MOST_EXAMPLES - len(self.examples)
        first: list[tuple[int, Reason]] = []
        for reason, lines in parts:
            if len(lines):
                self.by_reason[reason] += len(lines)
                first += [(int(line), reason) for line in lines[:room]]
        self.examples += [Rejection(file, line, reason) for line, reason in sorted(first)[:room]]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The result of `load`.

    `movies`, `raters`, `ratings` and `tags` (each tag of a film once) count what was accepted from
    the source. The database may differ: ratings that users gave here take precedence over the
    source's and preserve their films. The other counts are changed rows. `rejected_by_reason`
    counts all rejected lines, `examples` has the first hundred. `notes` are sentences for the
    operator.
    """

    source: str
    movies: int
    raters: int
    ratings: int
    tags: int
    movies_added: int
    movies_changed: int
    movies_removed: int
    raters_added: int
    raters_removed: int
    ratings_added: int
    ratings_changed: int
    ratings_removed: int
    tags_added: int
    tags_changed: int
    tags_removed: int
    rejected: int
    rejected_by_reason: Mapping[Reason, int]
    examples: tuple[Rejection, ...]
    notes: tuple[str, ...]
    seconds: float
