"""What a model makes of somebody's ratings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys.dataset import LIKE


@dataclass(frozen=True)
class History:
    """Somebody's ratings as a model reads them.

    Attributes
    ----------
    rated : int64 array
        Indices of all known films in it, liked or not: none of them is recommended.
    liked : int64 array (n,)
        Indices of the newest likes, oldest first.
    weights, fresh : float64 arrays (n,)
        What each like counts, in all and for what is liked soon, already multiplied by `alpha`.
    alpha : float
        The model's share against popularity's.
    """

    rated: NDArray[np.int64]
    liked: NDArray[np.int64]
    weights: NDArray[np.float64]
    fresh: NDArray[np.float64]
    alpha: float


def rated_and_liked(
    history: pd.DataFrame, movie_ids: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of the known films that somebody rated, and of those they like, oldest first.

    Of two ratings of one film the later one counts. In numpy, for pandas takes milliseconds to
    sort a few rows, and this stands before every list.

    Parameters
    ----------
    history : DataFrame
        movie_id, rating, rated_at.
    movie_ids : int32 array (films,)
        The catalogue, ascending.
    """
    films = history["movie_id"].to_numpy(np.int64)
    order = np.lexsort((films, history["rated_at"].to_numpy("datetime64[ns]")))
    places, is_known = find(films[order], movie_ids)
    places, is_like = places[is_known], history["rating"].to_numpy()[order][is_known] >= LIKE
    rated, from_the_end = np.unique(places[::-1], return_index=True)
    last = np.sort(len(places) - 1 - from_the_end)
    return rated, places[last][is_like[last]]


def rated_and_liked_of_each(
    histories: Sequence[pd.DataFrame], movie_ids: NDArray[np.int32]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """`rated_and_liked` of many people at once, for pandas takes its time with each frame."""
    filled = [history for history in histories if len(history)]
    if not filled:
        return [rated_and_liked(history, movie_ids) for history in histories]
    every = pd.concat(filled, ignore_index=True)
    films = every["movie_id"].to_numpy(np.int64)
    people = np.repeat(np.arange(len(histories)), [len(history) for history in histories])
    times = pd.to_datetime(every["rated_at"], utc=True).to_numpy("datetime64[ns]")
    order = np.lexsort((films, times, people))
    places, is_known = find(films[order], movie_ids)
    people, places = people[order][is_known], places[is_known]
    is_like = every["rating"].to_numpy()[order][is_known] >= LIKE

    # The last of each person's ratings of a film, by person and film, and then by time.
    of_whom_and_what = people * len(movie_ids) + places
    _, from_the_end = np.unique(of_whom_and_what[::-1], return_index=True)
    by_film = len(places) - 1 - from_the_end
    by_time = np.sort(by_film)
    by_time = by_time[is_like[by_time]]
    numbers = np.arange(len(histories) + 1)
    rated = pairwise(np.searchsorted(people[by_film], numbers))
    liked = pairwise(np.searchsorted(people[by_time], numbers))
    return [
        (places[by_film[slice(*each)]], places[by_time[slice(*likes)]])
        for each, likes in zip(rated, liked, strict=True)
    ]


def find(
    wanted: NDArray[np.int64], movie_ids: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where films stand in the ascending `movie_ids`, and whether they do."""
    places = np.searchsorted(movie_ids, wanted)
    inside = np.minimum(places, len(movie_ids) - 1)
    is_known = movie_ids[inside] == wanted if len(movie_ids) else np.zeros(len(wanted), np.bool_)
    return places.astype(np.int64), is_known
