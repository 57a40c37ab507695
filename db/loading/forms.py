"""Formats of data sets: the files that identify them, and how to read these."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeAlias

from db.loading.blocks import Block
from db.loading.films import SourceFilms
from db.loading.report import Rejections
from db.loading.sources import Member
from db.loading.values import Scale
from monitoring.progress import OnRead

Files: TypeAlias = Mapping[str, Member]
"""The files of a folder by name, without the path."""

Patterns: TypeAlias = tuple[str, ...]
"""The names that a file may have, preferred one first; * matches anything."""


@dataclass(frozen=True, slots=True)
class Form:
    """A format of data sets.

    `films` and `ratings` are the names of these files, `more` those of other required files.
    `folder` is the name of an inner folder whose files are treated like those beside it.
    """

    films: Patterns
    ratings: Patterns
    read_films: Callable[[Files, SourceFilms, Rejections], None]
    read_ratings: Callable[[Sequence[Member], Scale | None, OnRead], Iterator[Block]]
    more: tuple[Patterns, ...] = ()
    folder: str | None = None

    @property
    def needed(self) -> tuple[Patterns, ...]:
        """The names of each required file."""
        return (self.films, self.ratings, *self.more)

    def is_in(self, files: Files) -> bool:
        """Return whether these include all required files."""
        return all(find_all(files, patterns) for patterns in self.needed)


def find_all(files: Files, patterns: Patterns) -> list[Member]:
    """Return the files that match the first pattern with any match, sorted by name."""
    for pattern in patterns:
        names = [name for name in files if fnmatchcase(name, pattern)]
        if names:
            return [files[name] for name in sorted(names)]
    return []
