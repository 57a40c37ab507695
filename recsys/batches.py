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

from recsys.diversity import arranged_of_each
from recsys.history import History
from recsys.learned import Floats, ItemItem
from recsys.model import Model
from recsys.parts import blocks, with_reasons
from recsys.ranking import best_of_each
from recsys.results import Recommendation
from recsys.scoring import GENRES, ITEM_ITEM, LIGHTFM, SOON, add_popularity_and_series

Result = TypeVar("Result")


def rank_for_each(
    model: Model, pasts: Sequence[History], k: int
) -> Iterator[tuple[NDArray[np.int64], Floats]]:
    """For each person the k best films (indices) that they haven't rated, and their scores."""
    return _in_blocks(pasts, partial(_ranked, _in_single_precision(model), k))


def recommend_for_each(
    model: Model, pasts: Sequence[History], k: int, explained: int | None = None
) -> Iterator[list[Recommendation]]:
    """For each person their first k films, arranged; reasons as in `Model.recommend`."""
    ranking = _in_single_precision(model)

    def recommend(some: Sequence[History]) -> list[list[Recommendation]]:
        return with_reasons(
            model, some, arranged_of_each(model, some, _eligible(ranking, some), k), explained
        )

    return _in_blocks(pasts, recommend)


def _in_single_precision(model: Model) -> Model:
    single = model.in_single_precision()
    for name in ("film_vectors", "told_genres", "appeals"):  # the same, and they take their time
        vars(single)[name] = getattr(model, name)
    return single


def _in_blocks(
    pasts: Sequence[History], work: Callable[[Sequence[History]], Sequence[Result]]
) -> Iterator[Result]:
    """Blocks of people are done side by side, each in one thread; results in the people's order."""
    together = blocks([len(past.told) for past in pasts])
    found: dict[int, Result] = {}
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(cpu_count()) as pool:
        done = pool.map(work, [[pasts[person] for person in block] for block in together])
        for block, results in zip(together, done, strict=True):
            found.update(zip(block, results, strict=True))
    return (found[person] for person in range(len(pasts)))


def _ranked(
    model: Model, k: int, pasts: Sequence[History]
) -> list[tuple[NDArray[np.int64], Floats]]:
    scores = _eligible(model, pasts)
    return [(films, own[films]) for films, own in zip(best_of_each(scores, k), scores, strict=True)]


def _eligible(model: Model, pasts: Sequence[History]) -> Floats:
    """Scores, minus infinity for films that are not recommended."""
    scores = _scores(model, pasts)
    for row, past in enumerate(pasts):
        scores[row, past.rated] = -np.inf
    return scores


def _scores(model: Model, pasts: Sequence[History]) -> Floats:
    """As `recsys.scoring.scores_of_each`."""
    films = np.concatenate([past.told for past in pasts])
    weights = np.concatenate([past.weights for past in pasts]).astype(np.float32)
    ends = np.cumsum([0, *(len(past.told) for past in pasts)])

    def weighed(column: int) -> sparse.csr_array:
        return sparse.csr_array(
            (weights[:, column], films, ends), shape=(len(pasts), len(model.movie_ids))
        )

    biases = np.array([[past.bias] for past in pasts], np.float32)
    factors = weighed(LIGHTFM) @ model.factors.history
    vectors = np.concatenate([factors, weighed(GENRES) @ model.told_genres, biases], axis=1)
    scores = np.asarray(vectors @ model.film_vectors.T)
    _add(scores, model.item_item, weighed(ITEM_ITEM))
    _add(scores, model.soon, weighed(SOON))
    for row, past in zip(scores, pasts, strict=True):
        add_popularity_and_series(model, row, past)
    return scores


def _add(scores: Floats, stage: ItemItem, told: sparse.csr_array) -> None:
    """As `ItemItem.add_scores`, for many: scores and weighed told films, both (people, films)."""
    if len(stage.films):
        added = told[:, stage.films] @ stage.weights
        added += scores.take(stage.films, axis=1)  # twice as fast as +=, which finds them twice
        scores[:, stage.films] = added
