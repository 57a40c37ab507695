"""The MovieLens releases on disk: which files make one, and how each is read."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from db.loading.films import (
    Films,
    read_csv_films,
    read_dat_films,
    read_flag_films,
    read_links,
)
from db.loading.ratings import Block, read_ratings
from db.loading.report import Rejections, SourceError
from db.loading.sources import ACCEPTED, Folders, Member, no_good_line, open_folders

_CSV = ("movies.csv", "ratings.csv")
_DAT = ("movies.dat", "ratings.dat")
_TAB = ("u.item", "u.data", "u.genre")


class DataSet(Protocol):
    """What can be loaded: films first, then the ratings in blocks."""

    @property
    def name(self) -> str:
        """What to call it in the list of loads."""

    @property
    def size(self) -> int:
        """How much `ratings` tells `advance` in all."""

    def films(self, rejections: Rejections, /) -> Films:
        """All films."""

    def ratings(self, advance: Callable[[int], None]) -> Iterator[Block]:
        """All ratings; `advance` is told how much of `size` was read."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release in one of the three formats."""

    name: str
    files: Mapping[str, Member]

    @property
    def size(self) -> int:
        """Bytes of the file of ratings."""
        return self._ratings.size

    @property
    def _ratings(self) -> Member:
        return next(self.files[found[1]] for found in (_CSV, _DAT, _TAB) if self._has(found))

    def _has(self, names: tuple[str, ...]) -> bool:
        return all(name in self.files for name in names)

    def films(self, rejections: Rejections) -> Films:
        """All films, with their links where the release has them.

        Raises
        ------
        SourceError
            When a file is not what its name says.
        """
        films = Films()
        files = self.files
        if self._has(_CSV):
            read_csv_films(files["movies.csv"], films, rejections)
            if "links.csv" in files:
                read_links(files["links.csv"], films, rejections)
        elif self._has(_DAT):
            read_dat_films(files["movies.dat"], films, rejections)
        else:
            read_flag_films(files["u.genre"], files["u.item"], films, rejections)
        return films

    def ratings(self, advance: Callable[[int], None]) -> Iterator[Block]:
        """All ratings; `advance` is told the bytes read.

        Raises
        ------
        SourceError
            When the file is not what its name says.
        """
        if self._has(_CSV):
            return read_ratings(self._ratings, b",", "userId,movieId,rating,timestamp", advance)
        return read_ratings(self._ratings, b"::" if self._has(_DAT) else b"\t", None, advance)


@contextmanager
def open_release(path: Path) -> Iterator[Release]:
    """Recognise the release in a folder or zip by its files.

    Raises
    ------
    SourceError
        When there is none, only a part of one, several, or a file is empty.
    """
    with open_folders(path) as folders:
        files = folders[_only_release(folders)]
        release = Release(path.resolve().name, files)
        for name in next(names for names in (_CSV, _DAT, _TAB) if release._has(names)):
            if files[name].size == 0:
                raise no_good_line(name)
        yield release


def _only_release(folders: Folders) -> PurePosixPath:
    formats = (_CSV, _DAT, _TAB)
    whole = [
        folder
        for folder, files in folders.items()
        if any(all(name in files for name in names) for names in formats)
    ]
    if not whole:
        for files in folders.values():
            for names in formats:
                lacking = [name for name in names if name not in files]
                if len(lacking) < len(names):
                    here = ", ".join(name for name in names if name in files)
                    raise SourceError(
                        f"there is {here}, but {', '.join(lacking)} is missing; {ACCEPTED}"
                    )
        raise SourceError(f"there are no MovieLens files in it; {ACCEPTED}")
    depth = min(len(folder.parts) for folder in whole)
    nearest = sorted(folder for folder in whole if len(folder.parts) == depth)
    if len(nearest) > 1:
        raise SourceError(
            f"there are several data sets in it ({', '.join(map(str, nearest))}): name one"
        )
    return nearest[0]
