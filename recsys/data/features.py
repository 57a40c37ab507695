"""The features of films and people (Kula 2015, https://arxiv.org/abs/1507.08439).

A film's features are its identity, its genres and its half-decade. A person's features are the
films they like, so a new person has a vector from the first like on, without training.
"""

from collections.abc import Collection
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

# Damping: how many ratings equal to the overall mean are added to a film's own.
_RATINGS_OF_DOUBT = 10
_NO_GENRE = "(no genres listed)"


@dataclass(frozen=True)
class Catalogue:
    """The films that a model knows, numbered by their position in `movie_ids`.

    Attributes
    ----------
    movie_ids : int32 array (films,)
        Ascending.
    genres : list of str
        Sorted alphabetically.
    genre_mask : bool array (films, genres)
    periods : list of int
        The first years of the half-decades that occur, ascending.
    period : int16 array (films,)
        Index into `periods`, `NO_PERIOD` for a film without a year.
    series : int32 array (films,)
        The series of each film, `recsys.data.series.NO_SERIES` for none.
    """

    movie_ids: NDArray[np.int32]
    genres: list[str]
    genre_mask: NDArray[np.bool_]
    periods: list[int]
    period: NDArray[np.int16]
    series: NDArray[np.int32]


def catalogue(movies: pd.DataFrame) -> Catalogue:
    """Build a catalogue: films are numbered by ID, whatever the order of the frame."""
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
def history_weights(n: int, oldest: float) -> NDArray[np.float64]:
    """Return the weights of n likes at prediction, the newest last: float64 array (n,), w · w = 1.

    A like's weight decays with its rank: oldest + (1 − oldest) · exp(−rank / 10), where the newest
    has rank 0, divided by the root of the sum of squares. With `oldest` = 1, each like weighs 1/√n,
    as in training. `oldest` is learned; ten likes were best on validation parts (docs/quality.md).
    """
    return _of_length_one(oldest + (1 - oldest) * np.exp(-np.arange(n)[::-1] / 10))


@lru_cache(maxsize=512)
def recency_weights(n: int) -> NDArray[np.float64]:
    """Return the weights of n likes in the short-term model, the newest last, with w · w = 1.

    exp(−rank / `RECENCY`), where the newest has rank 0; zero from rank `_STALE` on, where it would
    be less than 0.0004.
    """
    rank = np.arange(n)[::-1]
    return _of_length_one(np.exp(-rank / RECENCY) * (rank < _STALE))


def _of_length_one(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(weights):
        weights /= np.sqrt((weights**2).sum())
    weights.flags.writeable = False  # the arrays are cached
    return weights


def genre_weights(films: Catalogue, likes: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return how informative it is that two films share a genre: -log(share of all likes).

    Like inverse document frequency in text retrieval (Spärck Jones 1972): two Westerns have much
    in common, two dramas have little.

    Parameters
    ----------
    films : Catalogue
    likes : int64 array (films,)
        How many people like each film.

    Returns
    -------
    float32 array (genres,)
        0 for the genre "(no genres listed)".
    """
    of_genre = likes @ films.genre_mask.astype(np.int64)
    shares = np.maximum(of_genre, 1) / max(int(likes.sum()), 1)
    weights = -np.log(np.minimum(shares, 1))
    weights[[genre == _NO_GENRE for genre in films.genres]] = 0
    return weights.astype(np.float32)


def quality(
    movie_ids: NDArray[np.int32], rated: NDArray[np.int64], stars: NDArray[np.floating[Any]]
) -> NDArray[np.float32]:
    """Return how well people who rated a film like it: a damped mean, scaled to unit variance.

    Ten ratings equal to the overall mean are added to each film's own, so that a single rating
    has little effect. 0 is the overall mean.

    Parameters
    ----------
    movie_ids : int32 array (films,)
        The catalogue, ascending.
    rated : int64 array (ratings,)
        Film IDs; those outside the catalogue are ignored.
    stars : float array (ratings,)
        From 0.5 to 5.

    Returns
    -------
    float32 array (films,)
        0 for films without ratings.
    """
    places, is_known = find(rated, movie_ids)
    if not is_known.any():
        return np.zeros(len(movie_ids), np.float32)
    places, stars = places[is_known], stars[is_known]
    n = np.bincount(places, minlength=len(movie_ids))
    above = np.bincount(places, weights=stars - stars.mean(), minlength=len(movie_ids))
    return _damped(above, n)


def quality_of(ratings: NDArray[np.int64], stars: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the same as `quality`, except for rounding, from sums of each film's ratings.

    Parameters
    ----------
    ratings : int64 array (films,)
        How many ratings each film has.
    stars : float64 array (films,)
        Their sum.

    Returns
    -------
    float32 array (films,)
        0 for films without ratings.
    """
    mean = stars.sum() / max(int(ratings.sum()), 1)
    return _damped(stars - ratings * mean, ratings)


def _damped(above: NDArray[np.number[Any]], n: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return damped means of unit variance, from sums of what n ratings are above the mean."""
    shrunken = above / (n + _RATINGS_OF_DOUBT)
    spread = shrunken.std() if len(shrunken) else 0.0
    return (shrunken / spread if spread > 0 else shrunken).astype(np.float32)


def find(
    wanted: NDArray[np.int64], movie_ids: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the positions of films in the ascending `movie_ids`, and whether they are in it."""
    places = np.searchsorted(movie_ids, wanted)
    inside = np.minimum(places, len(movie_ids) - 1)
    is_known = movie_ids[inside] == wanted if len(movie_ids) else np.zeros(len(wanted), np.bool_)
    return places.astype(np.int64), is_known


def find_known(
    wanted: Collection[int] | NDArray[np.int64], movie_ids: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Return the positions of films in the ascending `movie_ids`, without those not in it.

    Parameters
    ----------
    wanted : collection of int or int64 array
        Film IDs.
    movie_ids : int32 array (films,)

    Returns
    -------
    int64 array
        In the order of `wanted`.
    """
    if not isinstance(wanted, np.ndarray):
        wanted = np.fromiter(wanted, np.int64, len(wanted))
    places, is_known = find(wanted, movie_ids)
    return places[is_known]
