"""Typical films: those with the median number of likes, which stand for films without ratings."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from recsys.models.styles import Appeals, Floats, Style, appeals

Places = NDArray[np.int64]


def typical_films(likes: NDArray[np.int64]) -> Places:
    """Return the indices of the films with the median number of likes of all films with likes.

    Parameters
    ----------
    likes : int64 array (films,)
        How many people like each film.

    Returns
    -------
    int64 array
        All films if none has likes.
    """
    liked = np.sort(likes[likes > 0])
    return np.flatnonzero(likes == (liked[(len(liked) - 1) // 2] if len(liked) else 0))


def appeals_with_new(
    likes: NDArray[np.int64], quality: Floats, new: Places, discount: float
) -> Appeals:
    """Return what each film's popularity adds to its score; new films count as typical ones.

    Parameters
    ----------
    likes : int64 array (films,)
        How many people like each film.
    quality : float32 array (films,)
        How well people who rated the films like them.
    new : int64 array
        Indices of films that nobody could rate. The values of the others don't depend on them.
    discount : float
        As for `recsys.models.styles.appeals`.

    Returns
    -------
    Appeals
    """
    if not len(new):
        return appeals(likes, quality, discount)
    others = np.delete(np.arange(len(likes)), new)
    known = appeals(likes[others], quality[others], discount)
    typical = typical_films(likes[others])
    # Of films with the same number of likes, the one that is liked as well as most.
    typical = typical[np.argsort(quality[others[typical]], kind="stable")]
    middle = typical[(len(typical) - 1) // 2 :][:1]

    def with_new(by_style: Mapping[Style, Floats]) -> dict[Style, Floats]:
        every = {}
        for style, values in by_style.items():
            every[style] = np.full(len(likes), values[middle].sum(), np.float32)
            every[style][others] = values
        return every

    return Appeals(with_new(known.liking), with_new(known.unknown))
