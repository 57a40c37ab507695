"""Some thousand ratings at a time: as they were read, and after every check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from db.loading.report import Reason, Rejections
from db.loading.values import MOST_FILM, MOST_USER, Scale, half_stars, no_rating, seconds

Ids: TypeAlias = NDArray[np.int64]
Texts: TypeAlias = pa.Array
"""Ids that are texts, as bytes."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some thousand ratings of one file, as arrays of one length, and the lines left out.

    `lines` are line numbers from 1, `seconds` are since 1970 UTC, `ratings` are half-stars
    from 0.5 to 5. `above` counts the ratings left out for being better than the best, and
    `highest` is the greatest of all ratings.
    """

    file: str
    lines: NDArray[np.int64]
    users: NDArray[np.int32]
    films: NDArray[np.int32]
    ratings: NDArray[np.float32]
    seconds: NDArray[np.int64]
    rejected: Mapping[Reason, NDArray[np.int64]]
    above: int = 0
    highest: float = 0

    def of_listed(
        self,
        listed: NDArray[np.int32],
        untitled_films: NDArray[np.int32],
        rejections: Rejections,
    ) -> "Block":
        """Only the ratings of `listed` films; notes the others and the broken lines."""
        known = np.isin(self.films, listed)
        untitled = ~known & np.isin(self.films, untitled_films)
        rejections.add_all(
            self.file,
            [
                *self.rejected.items(),
                (Reason.NO_TITLE, self.lines[untitled]),
                (Reason.UNKNOWN_FILM, self.lines[~known & ~untitled]),
            ],
        )
        if known.all():
            return self
        return Block(
            self.file,
            self.lines[known],
            self.users[known],
            self.films[known],
            self.ratings[known],
            self.seconds[known],
            {},
        )


@dataclass(frozen=True, slots=True)
class Raw:
    """Ratings as they were read, each number yet unchecked, and the lines that can't be read.

    `times` are seconds or milliseconds. `unread` is a record that goes on in the next block.
    """

    lines: NDArray[np.int64]
    users: Ids | Texts
    films: Ids | Texts
    ratings: NDArray[np.float64]
    times: NDArray[np.int64] | NDArray[np.float64]
    rejected: Mapping[Reason, NDArray[np.int64]] = field(default_factory=dict)
    unread: bytes = b""


def checked(file: str, raw: Raw, users: Ids, films: Ids, scale: Scale | None) -> Block:
    """Leave out what is wrong, each line for the first reason that holds.

    Parameters
    ----------
    file : str
    raw : Raw
    users, films : ndarray of int64
        The ids as numbers, 0 where there is none.
    scale : Scale or None
        What the ratings are out of; None: half-stars up to 5, nothing else.
    """
    stars = half_stars(raw.ratings, scale)
    times = seconds(raw.times)
    rejected = dict(raw.rejected)
    good = np.ones(len(raw.lines), np.bool_)
    for reason, wrong in (
        (Reason.USER, (users < 1) | (users > MOST_USER)),
        (Reason.FILM, (films < 1) | (films > MOST_FILM)),
        (no_rating(scale), np.isnan(stars)),
        (Reason.TIME, times < 0),
    ):
        left_out = raw.lines[good & wrong]
        if len(left_out):
            rejected[reason] = left_out
        good &= ~wrong
    best = 5 if scale is None else int(scale)
    above = int(np.count_nonzero(raw.ratings > best))
    highest = float(np.fmax.reduce(raw.ratings, initial=0))
    chosen: slice | NDArray[np.bool_] = slice(None) if good.all() else good
    return Block(
        file,
        raw.lines[chosen],
        users[chosen].astype(np.int32),
        films[chosen].astype(np.int32),
        stars[chosen].astype(np.float32),
        times[chosen],
        rejected,
        above,
        highest,
    )
