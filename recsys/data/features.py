"""The features of films and people (Kula 2015, https://arxiv.org/abs/1507.08439).

A film's features are itself, its genres and its half-decade. A person's features are the films
they like, so that a newcomer has a vector with the first like, without any training.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys.data.series import series_of

HALF_DECADE = 5
NO_PERIOD = -1
RECENCY = 5
_STALE = 8 * RECENCY

# How many ratings of the overall mean stand beside a film's own.
_RATINGS_OF_DOUBT = 10
_NO_GENRE = "(no genres listed)"


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
    series : int32 array (films,)
        Which series each film is of, `recsys.data.series.NO_SERIES` for none.
    """

    movie_ids: NDArray[np.int32]
    genres: list[str]
    genre_mask: NDArray[np.bool_]
    periods: list[int]
    period: NDArray[np.int16]
    series: NDArray[np.int32]


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
    return Catalogue(
        movies["movie_id"].to_numpy(np.int32),
        genres,
        mask,
        periods,
        period,
        series_of(movies["title"].tolist()),
    )


@lru_cache(maxsize=512)
def history_weights(n: int) -> NDArray[np.float64]:
    """How much each of n likes counts at prediction, the newest last: w · w = 1.

    Most of a like's weight fades with its rank: 0.3 + 0.7 · exp(−rank / 10), the newest having
    rank 0, divided by the root of the sum of squares. Of equal weights each would be 1/√n, as in
    training. Chosen on a validation part of ml-latest-small (see docs/quality.md).
    """
    return _of_length_one(0.3 + 0.7 * np.exp(-np.arange(n)[::-1] / 10))


@lru_cache(maxsize=512)
def recency_weights(n: int) -> NDArray[np.float64]:
    """How much each of n likes counts for what is liked soon, the newest last: w · w = 1.

    exp(−rank / `FRESH`), the newest having rank 0; nothing from rank `_STALE` on, where it is less
    than 0.0004.
    """
    rank = np.arange(n)[::-1]
    return _of_length_one(np.exp(-rank / RECENCY) * (rank < _STALE))


def _of_length_one(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(weights):
        weights /= np.sqrt((weights**2).sum())
    weights.flags.writeable = False  # they are kept
    return weights


def genre_weights(films: Catalogue, likes: NDArray[np.int64]) -> NDArray[np.float32]:
    """How much it says that two films share a genre: -log of the genre's share of all likes.

    As inverse document frequency in text retrieval (Spärck Jones 1972): that two films are
    Westerns says much, that they are dramas says little.

    Parameters
    ----------
    films : Catalogue
    likes : int64 array (films,)

    Returns
    -------
    float32 array (genres,)
        0 for the genre of films that have none.
    """
    of_genre = likes @ films.genre_mask.astype(np.int64)
    shares = np.maximum(of_genre, 1) / max(int(likes.sum()), 1)
    weights = -np.log(np.minimum(shares, 1))
    weights[[genre == _NO_GENRE for genre in films.genres]] = 0
    return weights.astype(np.float32)


def quality(
    movie_ids: NDArray[np.int32], rated: NDArray[np.int64], stars: NDArray[np.floating[Any]]
) -> NDArray[np.float32]:
    """How well films are liked by those who rated them: a mean of stars, with a spread of 1.

    Beside a film's own ratings stand ten of the overall mean, so that one rating says little; 0 is
    the overall mean.

    Parameters
    ----------
    movie_ids : int32 array (films,)
        The catalogue, ascending.
    rated : int64 array (ratings,)
        Films' numbers; those that the catalogue lacks are left out.
    stars : float array (ratings,)

    Returns
    -------
    float32 array (films,)
    """
    places, is_known = find(rated, movie_ids)
    if not is_known.any():
        return np.zeros(len(movie_ids), np.float32)
    places, stars = places[is_known], stars[is_known]
    n = np.bincount(places, minlength=len(movie_ids))
    above = np.bincount(places, weights=stars - stars.mean(), minlength=len(movie_ids))
    shrunken = above / (n + _RATINGS_OF_DOUBT)
    spread = shrunken.std()
    return (shrunken / spread if spread > 0 else shrunken).astype(np.float32)


def find(
    wanted: NDArray[np.int64], movie_ids: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where films stand in the ascending `movie_ids`, and whether they do."""
    places = np.searchsorted(movie_ids, wanted)
    inside = np.minimum(places, len(movie_ids) - 1)
    is_known = movie_ids[inside] == wanted if len(movie_ids) else np.zeros(len(wanted), np.bool_)
    return places.astype(np.int64), is_known
