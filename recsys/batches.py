"""The best films of many people at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from os import cpu_count
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from recsys.history import History
from recsys.learned import Floats, ItemItem
from recsys.model import Model
from recsys.parts import blocks, with_reasons
from recsys.ranking import best_of_each
from recsys.results import Recommendation

Result = TypeVar("Result")


def rank_for_each(
    model: Model, pasts: Sequence[History], k: int
) -> Iterator[tuple[NDArray[np.int64], Floats]]:
    """For each person the k best films (indices) that they haven't rated, and their scores."""
    return _in_blocks(pasts, partial(_ranked, _in_single_precision(model), k))


def recommend_for_each(
    model: Model, pasts: Sequence[History], k: int
) -> Iterator[list[Recommendation]]:
    """The same with reasons."""
    ranking = _in_single_precision(model)

    def recommend(some: Sequence[History]) -> list[list[Recommendation]]:
        return with_reasons(model, some, _ranked(ranking, k, some))

    return _in_blocks(pasts, recommend)


def _in_single_precision(model: Model) -> Model:
    single = model.in_single_precision()
    vars(single)["film_vectors"] = model.film_vectors  # which are the same, and take their time
    return single


def _in_blocks(
    pasts: Sequence[History], work: Callable[[Sequence[History]], Sequence[Result]]
) -> Iterator[Result]:
    """Blocks of people are done side by side, each in one thread; results in the people's order."""
    together = blocks([len(past.liked) for past in pasts])
    found: dict[int, Result] = {}
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(cpu_count()) as pool:
        done = pool.map(work, [[pasts[person] for person in block] for block in together])
        for block, results in zip(together, done, strict=True):
            found.update(zip(block, results, strict=True))
    return (found[person] for person in range(len(pasts)))


def _ranked(
    model: Model, k: int, pasts: Sequence[History]
) -> list[tuple[NDArray[np.int64], Floats]]:
    scores = _scores(model, pasts)
    for row, past in enumerate(pasts):
        scores[row, past.rated] = -np.inf
    best = best_of_each(scores, k)
    return [(films, own[films]) for films, own in zip(best, scores, strict=True)]


def _scores(model: Model, pasts: Sequence[History]) -> Floats:
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
    _add(scores, model.item_item, likes)
    _add(scores, model.soon, weighed([past.fresh for past in pasts]))
    return scores


def _add(scores: Floats, stage: ItemItem, likes: sparse.csr_array) -> None:
    """As `ItemItem.add_scores`, for many people: scores and weighed likes, both (people, films)."""
    if len(stage.films):
        added = likes[:, stage.films] @ stage.weights
        added += scores.take(stage.films, axis=1)  # twice as fast as +=, which finds them twice
        scores[:, stage.films] = added
