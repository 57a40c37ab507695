"""Lists for many people at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from os import cpu_count
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from recsys.models.contributions import blocks, with_reasons
from recsys.models.diversity import arranged_of_each
from recsys.models.factors import Floats, ItemItem
from recsys.models.profiles import Profile
from recsys.models.ranking import best_of_each
from recsys.models.results import Recommendation
from recsys.models.scoring import GENRES, ITEM_ITEM, LIGHTFM, SHORT_TERM, add_popularity_and_series
from recsys.models.weights import Weights

Result = TypeVar("Result")


def rank_for_each(
    model: Weights, profiles: Sequence[Profile], k: int
) -> Iterator[tuple[NDArray[np.int64], Floats]]:
    """Yield for each person the k best films (indices) they haven't rated, and their scores."""
    return _in_blocks(profiles, partial(_ranked, _in_single_precision(model), k))


def recommend_for_each(
    model: Weights, profiles: Sequence[Profile], k: int, explained: int | None = None
) -> Iterator[list[Recommendation]]:
    """Yield each person's diversified list of k films, with reasons as in `Model.recommend`."""
    ranking = _in_single_precision(model)

    def recommend(some: Sequence[Profile]) -> list[list[Recommendation]]:
        return with_reasons(
            model, some, arranged_of_each(model, some, _eligible(ranking, some), k), explained
        )

    return _in_blocks(profiles, recommend)


def _in_single_precision(model: Weights) -> Weights:
    single = model.in_single_precision()
    for name in ("film_vectors", "genre_directions", "appeals"):  # unchanged, and slow to compute
        vars(single)[name] = getattr(model, name)
    return single


def _in_blocks(
    profiles: Sequence[Profile], work: Callable[[Sequence[Profile]], Sequence[Result]]
) -> Iterator[Result]:
    """Process blocks of people in parallel, one thread each; yield results in people's order."""
    together = blocks([len(profile.films) for profile in profiles])
    found: dict[int, Result] = {}
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(cpu_count()) as pool:
        done = pool.map(work, [[profiles[person] for person in block] for block in together])
        for block, results in zip(together, done, strict=True):
            found.update(zip(block, results, strict=True))
    return (found[person] for person in range(len(profiles)))


def _ranked(
    model: Weights, k: int, profiles: Sequence[Profile]
) -> list[tuple[NDArray[np.int64], Floats]]:
    scores = _eligible(model, profiles)
    return [(films, own[films]) for films, own in zip(best_of_each(scores, k), scores, strict=True)]


def _eligible(model: Weights, profiles: Sequence[Profile]) -> Floats:
    """Return scores (people, films), minus infinity for films that must not be recommended."""
    scores = scores_of_many(model, profiles)
    for row, profile in enumerate(profiles):
        scores[row, profile.rated] = -np.inf
    return scores


def scores_of_many(model: Weights, profiles: Sequence[Profile]) -> Floats:
    """Compute the same as `recsys.models.scoring.scores_of_each`, with sparse matrices."""
    films = np.concatenate([profile.films for profile in profiles])
    weights = np.concatenate([profile.weights for profile in profiles]).astype(np.float32)
    ends = np.cumsum([0, *(len(profile.films) for profile in profiles)])

    def weighed(column: int) -> sparse.csr_array:
        return sparse.csr_array(
            (weights[:, column], films, ends), shape=(len(profiles), len(model.movie_ids))
        )

    biases = np.array([[profile.bias] for profile in profiles], np.float32)
    factors = weighed(LIGHTFM) @ model.factors.history
    vectors = np.concatenate([factors, weighed(GENRES) @ model.genre_directions, biases], axis=1)
    scores = np.asarray(vectors @ model.film_vectors.T)
    _add(scores, model.item_item, weighed(ITEM_ITEM))
    _add(scores, model.short_term, weighed(SHORT_TERM))
    for row, profile in zip(scores, profiles, strict=True):
        add_popularity_and_series(model, row, profile)
    return scores


def _add(scores: Floats, stage: ItemItem, rated: sparse.csr_array) -> None:
    """Add a stage for many people: scores and weighted rated films, both (people, films)."""
    if len(stage.films):
        added = rated[:, stage.films] @ stage.weights
        added += scores.take(stage.films, axis=1)  # twice as fast as +=, which indexes twice
        scores[:, stage.films] = added
