"""Styles: how much popularity counts in a list; every user can choose.

Users who can choose it like their lists much better (Harper et al. 2015, "Putting users in control
of their recommendations", https://doi.org/10.1145/2792838.2800179).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Style = Literal["popular", "balanced", "adventurous"]

STYLES: tuple[Style, ...] = get_args(Style)
DEFAULT_STYLE: Style = "balanced"

# Chosen on validation parts of the demo set and ml-latest-small, and those of "adventurous" so that
# it is far from "balanced" on the taste panel. They say what a style means, so no data set may
# choose them otherwise (docs/quality.md).
_POPULAR = 0.47  # more than "balanced"
_ADVENTUROUS = 0.5
_SHORT_HISTORY = 6.0
_NICHE = 0.1
_QUALITY = 0.5


@dataclass(frozen=True)
class Appeals:
    """What each film's popularity adds to its score, by style: float32 arrays (films,).

    Attributes
    ----------
    liking : mapping of Style to array
        For people with likes.
    unknown : mapping of Style to array
        For people without likes (cold start).
    """

    liking: Mapping[Style, Floats]
    unknown: Mapping[Style, Floats]


def appeals(likes: NDArray[np.int64], quality: Floats, discount: float) -> Appeals:
    """Return what each film's popularity adds to its score, by style.

    "balanced" subtracts `discount` times log(1 + likes), scaled, from a score, and "popular" adds
    as much more as distinguishes it. "adventurous" prefers films with about as many likes as the
    least popular films that together have a tenth of all likes: −(log of the ratio)², so that films
    nobody has tried are avoided too.

    Parameters
    ----------
    likes : int64 array (films,)
        How many people like each film.
    quality : float32 array (films,)
        How well people who rated the films like them; see `recsys.data.features.quality`.
    discount : float

    Returns
    -------
    Appeals
    """
    popularity = scaled_popularity(likes)
    rare = -_ADVENTUROUS * (np.log1p(likes) - np.log1p(_niche(likes))) ** 2
    liking: dict[Style, NDArray[np.float64]] = {
        "popular": (_POPULAR - discount) * popularity,
        "balanced": -discount * popularity,
        "adventurous": rare,
    }
    unknown: dict[Style, NDArray[np.float64]] = {
        "popular": popularity,
        "balanced": popularity + _QUALITY * quality,
        "adventurous": rare + _QUALITY * quality,
    }
    return Appeals(_single(liking), _single(unknown))


def scaled_popularity(likes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return log(1 + likes) with a standard deviation of 1 over films: float64 array (films,)."""
    logarithm = np.log1p(likes)
    spread = float(logarithm.std()) if len(likes) else 0.0
    return np.asarray(logarithm / spread if spread > 0 else logarithm)


def emphasis(style: Style, n_likes: int) -> float:
    """Return the factor of the appeal for a person with this many likes.

    With fewer likes, the scores of the most similar films stand out more.
    """
    return 1 + _SHORT_HISTORY / n_likes if style == "adventurous" and n_likes else 1.0


def _single(appeal: Mapping[Style, NDArray[np.float64]]) -> dict[Style, Floats]:
    return {style: each.astype(np.float32) for style, each in appeal.items()}


def _niche(likes: NDArray[np.int64]) -> int:
    """Return the number of likes up to which films have a share of `_NICHE` of all likes."""
    in_order = np.sort(likes)
    shares = np.cumsum(in_order)
    if not len(shares) or not shares[-1]:
        return 0
    return int(in_order[np.searchsorted(shares, _NICHE * shares[-1])])
