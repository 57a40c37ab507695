"""Deterministic top-k selection of scores."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_GROUPS = 1024


def best_films(
    scores: NDArray[np.float32], eligible: NDArray[np.bool_], k: int
) -> NDArray[np.int64]:
    """Return the indices of the k best eligible films, the best first, ties by index."""
    return best(np.where(eligible, scores, np.float32(-np.inf)), k)


def best(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the indices of the k best films; ineligible films have a score of minus infinity."""
    if k <= 0 or not len(scores):
        return np.zeros(0, np.int64)
    films = np.flatnonzero(scores >= _bounds(scores[None], k))
    values = scores[films]
    order = np.argsort(-values, kind="stable")[:k]
    return films[order[values[order] > -np.inf]]


def best_of_each(scores: NDArray[np.float32], k: int) -> list[NDArray[np.int64]]:
    """Return the k best columns of each row, the best first, ties by column.

    Parameters
    ----------
    scores : float32 array (people, films)
        Minus infinity for films that aren't eligible.
    k : int
        At most how many columns of each row to return.

    Returns
    -------
    list of int64 array (up to k,)
        One for each row.
    """
    people, films = scores.shape
    if k <= 0 or not films:
        return [np.zeros(0, np.int64)] * people
    # Keep all that tie with the k-th, so that the smallest indices among them win.
    flat = np.flatnonzero(scores >= _bounds(scores, k)[:, None])
    values = scores.ravel()[flat]
    is_eligible = values > -np.inf
    rows, columns = np.divmod(flat[is_eligible], films)
    order = np.lexsort((columns, -values[is_eligible], rows))
    starts = np.searchsorted(rows[order], np.arange(people + 1))
    return [columns[order[start : min(start + k, end)]] for start, end in pairwise(starts)]


def _bounds(scores: NDArray[np.float32], k: int) -> NDArray[np.float32]:
    """Return for each row a threshold that at least k of its scores reach, but few more do.

    It is the k-th best of the maxima of groups, which cost a fraction of a partition.
    """
    people, films = scores.shape
    groups = max(_GROUPS, 4 * k)
    if films >= 2 * groups:
        each = films // groups
        scores = scores[:, : each * groups].reshape(people, each, groups).max(axis=1)
        films = groups
    if k >= films:
        return np.full(people, -np.inf, np.float32)
    return np.asarray(np.partition(scores, films - k, axis=1)[:, films - k])
