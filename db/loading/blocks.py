"""Blocks of some thousand ratings: as they were read, and after all checks."""

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
"""Text ids, as bytes."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some thousand checked ratings of one file, as arrays (ratings,), and the rejected lines.

    `lines` are line numbers from 1, `seconds` are since 1970 UTC, `ratings` are half-stars
    from 0.5 to 5. `above` counts the ratings rejected because they exceed the scale, and
    `highest` is the highest of all ratings as given.
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
        """Return only the ratings of `listed` films; record the others and the broken lines."""
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
    """Unchecked ratings as they were read, as arrays (ratings,), and the unreadable lines.

    `times` are seconds or milliseconds. `unread` is a record that continues in the next block.
    """

    lines: NDArray[np.int64]
    users: Ids | Texts
    films: Ids | Texts
    ratings: NDArray[np.float64]
    times: NDArray[np.int64] | NDArray[np.float64]
    rejected: Mapping[Reason, NDArray[np.int64]] = field(default_factory=dict)
    unread: bytes = b""


def checked(file: str, raw: Raw, users: Ids, films: Ids, scale: Scale | None) -> Block:
    """Check ratings, and reject each wrong line for the first reason that applies.

    Parameters
    ----------
    file : str
    raw : Raw
    users : int64 array (ratings,)
        The ids as numbers; 0 if there is none.
    films : int64 array (ratings,)
        The same for films.
    scale : Scale or None
        The highest rating possible; None: half-stars up to 5 and nothing else.

    Returns
    -------
    Block
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
        rejected_lines = raw.lines[good & wrong]
        if len(rejected_lines):
            rejected[reason] = rejected_lines
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
