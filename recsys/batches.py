"""The best films of many people at once."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from os import cpu_count

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from recsys.history import History
from recsys.learned import Floats, ItemItem
from recsys.model import Model
from recsys.ranking import best_of_each

_PEOPLE_AT_ONCE = 64


def rank_for_each(
    model: Model, pasts: Sequence[History], k: int
) -> Iterator[tuple[NDArray[np.int64], Floats]]:
    """For each person the k best films (indices) that they haven't rated, and their scores."""
    item_item, soon = model.item_item.in_single_precision(), model.soon.in_single_precision()

    def rank(some: Sequence[History]) -> list[tuple[NDArray[np.int64], Floats]]:
        scores = _scores(model, some, item_item, soon)
        for row, past in enumerate(some):
            scores[row, past.rated] = -np.inf
        best = best_of_each(scores, k)
        return [(films, own[films]) for films, own in zip(best, scores, strict=True)]

    starts = range(0, len(pasts), _PEOPLE_AT_ONCE)
    blocks = [pasts[start : start + _PEOPLE_AT_ONCE] for start in starts]
    # Blocks are done side by side, each in one thread.
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(cpu_count()) as pool:
        yield from chain.from_iterable(pool.map(rank, blocks))


def _scores(model: Model, pasts: Sequence[History], item_item: ItemItem, soon: ItemItem) -> Floats:
    """As `Model.scores`, a row for each of some people."""
    films = np.concatenate([past.liked for past in pasts])
    ends = np.cumsum([0, *(len(past.liked) for past in pasts)])

    def weighed(weights: list[NDArray[np.float64]]) -> sparse.csr_array:
        every = np.concatenate(weights).astype(np.float32)
        return sparse.csr_array((every, films, ends), shape=(len(pasts), len(model.movie_ids)))

    likes = weighed([past.weights for past in pasts])
    trust = np.array([[past.alpha, 1 - past.alpha] for past in pasts], np.float32)
    vectors = np.concatenate([likes @ model.factors.history, trust], axis=1)
    scores = np.asarray(vectors @ model.film_vectors.T)
    _add(scores, item_item, likes)
    _add(scores, soon, weighed([past.fresh for past in pasts]))
    return scores


def _add(scores: Floats, stage: ItemItem, likes: sparse.csr_array) -> None:
    """As `ItemItem.add_scores`, for many people: scores and weighed likes, both (people, films)."""
    if len(stage.films):
        scores[:, stage.films] += likes[:, stage.films] @ stage.weights
