"""The features of films and people (Kula 2015, https://arxiv.org/abs/1507.08439).

A film's features are itself, its genres and its half-decade. A person's features are the films
they like, so that a newcomer has a vector with the first like, without any training.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

HALF_DECADE = 5
NO_PERIOD = -1
FRESH = 5


@dataclass(frozen=True)
class Catalogue:
    """The films, numbered by their place in `movie_ids`.

    Attributes
    ----------
    movie_ids : int32 array (films,)
        Ascending.
    genres : list of str
        In alphabetical order.
    genre_mask : bool array (films, genres)
    periods : list of int
        First years of the half-decades that there are.
    period : int16 array (films,)
        Index into `periods`, `NO_PERIOD` for a film without a year.
    """

    movie_ids: NDArray[np.int32]
    genres: list[str]
    genre_mask: NDArray[np.bool_]
    periods: list[int]
    period: NDArray[np.int16]


def catalogue(movies: pd.DataFrame) -> Catalogue:
    """Number films, genres and half-decades; in the order of film numbers, whatever the frame's."""
    movies = movies.sort_values("movie_id")
    genres = sorted({genre for each in movies["genres"] for genre in each})
    places = {genre: place for place, genre in enumerate(genres)}
    mask = np.zeros((len(movies), len(genres)), dtype=bool)
    for row, each in enumerate(movies["genres"]):
        mask[row, [places[genre] for genre in each]] = True

    years = movies["year"].astype("Int64")
    starts = (years // HALF_DECADE * HALF_DECADE).fillna(NO_PERIOD).to_numpy(np.int64)
    periods = sorted({int(start) for start in starts if start != NO_PERIOD})
    period = np.full(len(movies), NO_PERIOD, dtype=np.int16)
    for place, start in enumerate(periods):
        period[starts == start] = place
    return Catalogue(movies["movie_id"].to_numpy(np.int32), genres, mask, periods, period)


@lru_cache(maxsize=512)
def history_weights(n: int) -> NDArray[np.float64]:
    """How much each of n likes counts at prediction, the newest last: w · w = 1.

    Most of a like's weight fades with its rank: 0.3 + 0.7 · exp(−rank / 10), the newest having
    rank 0, divided by the root of the sum of squares. Of equal weights each would be 1/√n, as in
    training. Chosen on a validation part of ml-latest-small (see docs/quality.md).
    """
    return _of_length_one(0.3 + 0.7 * np.exp(-np.arange(n)[::-1] / 10))


@lru_cache(maxsize=512)
def fresh_weights(n: int) -> NDArray[np.float64]:
    """How much each of n likes counts for what is liked soon, the newest last: w · w = 1.

    exp(−rank / `FRESH`), the newest having rank 0.
    """
    return _of_length_one(np.exp(-np.arange(n)[::-1] / FRESH))


def _of_length_one(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(weights):
        weights /= np.sqrt((weights**2).sum())
    weights.flags.writeable = False  # they are kept
    return weights


def popularity(counts: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
    """Films' popularity from their likes: log(1 + likes), with a standard deviation of 1."""
    logarithm = np.log1p(np.asarray(counts, dtype=np.float64))
    spread = logarithm.std() if len(logarithm) else 0.0
    return (logarithm / spread if spread > 0 else logarithm).astype(np.float32)
