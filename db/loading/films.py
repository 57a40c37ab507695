"""The films of a data set in any format."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from db.loading.refusals import Lines
from db.loading.report import Reason, Rejections, SourceError
from db.loading.sources import no_good_line
from db.loading.titles import FIRST_YEAR, LAST_YEAR, Title
from db.loading.values import whole

MOST_GENRE_LETTERS = 100
MOST_GENRES = 1000

_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_NO_GENRE = ("", "(no genres listed)", "unknown")
_YEAR = re.compile(r"([0-9]{4})(?:\.0*|-.*)?")


@dataclass(frozen=True, slots=True)
class SourceFilm:
    """A film as it is stored: title for display, genres without duplicates."""

    title: str
    year: int | None
    genres: tuple[str, ...]


@dataclass(slots=True)
class SourceFilms:
    """The films of a data set by id; `links` are (IMDb id, TMDB id)."""

    by_id: dict[int, SourceFilm] = field(default_factory=dict)
    untitled: set[int] = field(default_factory=set)
    links: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def ids(self) -> NDArray[np.int32]:
        """The ids of the films, int32 array (films,)."""
        return np.fromiter(self.by_id, np.int32, len(self.by_id))

    @property
    def untitled_ids(self) -> NDArray[np.int32]:
        """The ids of films that are rejected because they lack a title, int32 array (films,)."""
        lacking = self.untitled - self.by_id.keys()
        return np.fromiter(lacking, np.int32, len(lacking))

    def add(self, film: str, title: Title, genres: Sequence[str]) -> Reason | None:
        """Add a film given as texts, or return what is wrong with it."""
        texts = (film, title.title, *genres)
        if any(_NOT_UTF8.search(text) for text in texts):
            return Reason.UNDECODABLE
        if any("\0" in text for text in texts):
            return Reason.NUL
        film_id = whole(film)
        if film_id is None:
            return Reason.FILM
        if film_id in self.by_id:
            return Reason.SECOND_FILM
        if not title.title:
            self.untitled.add(film_id)
            return Reason.NO_TITLE
        named = tuple(dict.fromkeys(name.strip() for name in genres))
        if any(len(name) > MOST_GENRE_LETTERS for name in named):
            return Reason.GENRE
        self.by_id[film_id] = SourceFilm(
            *title, tuple(name for name in named if name not in _NO_GENRE)
        )
        return None

    def add_link(self, film: str, imdb: str, tmdb: str) -> Reason | None:
        """Add a film's ids on other sites, either of which may be empty."""
        film_id = whole(film)
        if film_id is None:
            return Reason.FILM
        if film_id not in self.by_id:
            return Reason.NO_TITLE if film_id in self.untitled else Reason.UNKNOWN_FILM
        if film_id in self.links:
            return Reason.SECOND_FILM
        ids = read_link(imdb, tmdb)
        if isinstance(ids, Reason):
            return ids
        self.links[film_id] = ids
        return None

    def check(self, file: str) -> None:
        """Raise `SourceError` if this can't be a list of films."""
        if not self.by_id:
            raise no_good_line(file)
        genres = {name for film in self.by_id.values() for name in film.genres}
        if len(genres) > MOST_GENRES:
            raise SourceError(f"{file} has {len(genres):,} genres, so it can't be a list of films")


def read_link(imdb: str, tmdb: str) -> tuple[int | None, int | None] | Reason:
    """Read a film's ids on IMDb and TMDB; some programs write the latter as 862.0."""
    texts = [imdb.strip(), tmdb.strip().removesuffix(".0")]
    ids = [whole(text) for text in texts]
    if any(found is None and text for found, text in zip(ids, texts, strict=True)):
        return Reason.LINK
    return ids[0], ids[1]


def read_year(text: str) -> int | None:
    """Read the year, 1870 to 2100, at the beginning of a date or a number (1995, 1995.0)."""
    found = _YEAR.fullmatch(text.strip())
    year = int(found[1]) if found else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def take(file: str, read: Iterable[tuple[int, Reason | None]], rejections: Rejections) -> None:
    """Record the rejected lines of a list of films.

    Parameters
    ----------
    file : str
    read : iterable of tuple of int and Reason or None
        The number of each line and what is wrong with it; None: nothing.
    rejections : Rejections

    Raises
    ------
    SourceError
        If most lines are broken.
    """
    lines = Lines()
    for number, reason in read:
        if reason:
            rejections.add(file, number, reason)
        lines.add_line(file, number, reason)
    lines.check()
