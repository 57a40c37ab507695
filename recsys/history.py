"""What a model makes of somebody's ratings."""

from dataclasses import dataclass

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
    weights : float64 array (n,)
        What each like counts, already multiplied by `alpha`.
    alpha : float
        The model's share against popularity's.
    """

    rated: NDArray[np.int64]
    liked: NDArray[np.int64]
    weights: NDArray[np.float64]
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


def find(
    wanted: NDArray[np.int64], movie_ids: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where films stand in the ascending `movie_ids`, and whether they do."""
    places = np.searchsorted(movie_ids, wanted)
    inside = np.minimum(places, len(movie_ids) - 1)
    is_known = movie_ids[inside] == wanted if len(movie_ids) else np.zeros(len(wanted), np.bool_)
    return places.astype(np.int64), is_known
