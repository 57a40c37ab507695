"""What makes a form of data sets: the files that it is known by, and how they are read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeAlias

from db.loading.blocks import Block
from db.loading.films import Films
from db.loading.ratings import Advance
from db.loading.report import Rejections
from db.loading.sources import Member
from db.loading.values import Scale

Files: TypeAlias = Mapping[str, Member]
"""The files of a folder by their bare names."""

Patterns: TypeAlias = tuple[str, ...]
"""The names that a file may have, the one that is taken first in front; * is anything."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of data sets.

    `films` and `ratings` are the names of these files, `more` those of others that it needs.
    `folder` is the name of an inner folder whose files count as beside the others.
    """

    films: Patterns
    ratings: Patterns
    read_films: Callable[[Files, Films, Rejections], None]
    read_ratings: Callable[[Sequence[Member], Scale | None, Advance], Iterator[Block]]
    more: tuple[Patterns, ...] = ()
    folder: str | None = None

    @property
    def needed(self) -> tuple[Patterns, ...]:
        """The names of each file that it needs."""
        return (self.films, self.ratings, *self.more)

    def is_in(self, files: Files) -> bool:
        """Whether these are all files that it needs."""
        return all(find_all(files, patterns) for patterns in self.needed)


def find_all(files: Files, patterns: Patterns) -> list[Member]:
    """The files whose names match the first pattern that any name matches, by name."""
    for pattern in patterns:
        names = [name for name in files if fnmatchcase(name, pattern)]
        if names:
            return [files[name] for name in sorted(names)]
    return []
