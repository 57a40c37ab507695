"""Linear autoencoders: each film predicted from all others, with a ridge.

SLIM (Ning and Karypis 2011) adds an L1 penalty and non-negative weights, and needs an iterative
solver; EASE and EDLAE have its form and a closed solution.
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from recsys.evaluation.baselines.scored import (
    ByScores,
    Matrix,
    Scores,
    as_rectools,
    liked,
    likes_of_people,
)
from recsys.evaluation.baselines.tuning import Grid, Tuned, choose, tuned
from recsys.evaluation.contenders import Training
from recsys.models.regressions import edlae as edlae_of_likes

_RIDGES = (1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 400, 600, 800, 1_200, 1_600)
_OF_EASE = Grid({"ridge": _RIDGES}, {"ridge": 200})
_OF_BOTH = {"dropout": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), "ridge": _RIDGES}
# Less of one is made up for by more of the other, so a climb from one side ends on it.
_OF_EDLAE = (
    Grid(_OF_BOTH, {"dropout": 0.5, "ridge": 50}),
    Grid(_OF_BOTH, {"dropout": 0.0, "ridge": 200}),
)


def ease(training: Training) -> Tuned:
    """Train EASE (Steck 2019, https://arxiv.org/abs/1905.03375) by RecTools.

    Its ridge is chosen with `recsys.models.regressions.edlae` without dropout, whose weights are
    the same, and which is several times faster where there are fewer people than films.
    """
    chosen = choose(training, partial(_edlae, dropout=0.0), _OF_EASE)
    return Tuned(_ease(training, float(chosen["ridge"])), chosen)


def edlae(training: Training) -> Tuned:
    """Train EDLAE (Steck 2020); see `recsys.models.regressions.edlae`."""
    return tuned(training, _edlae, *_OF_EDLAE)


def _ease(training: Training, ridge: float) -> ByScores:
    from rectools.dataset import Dataset
    from rectools.models import EASEModel

    movie_ids = np.sort(training.movies["movie_id"].to_numpy(np.int32))
    dataset = Dataset.construct(as_rectools(liked(training.ratings)))
    model = EASEModel(regularization=ridge)
    model.fit(dataset)
    columns = np.searchsorted(movie_ids, dataset.item_id_map.external_ids.astype(np.int32))
    return _by_weights(movie_ids, columns, model.weight)


def _edlae(training: Training, dropout: float, ridge: float) -> ByScores:
    movie_ids, likes = likes_of_people(training)
    columns = np.unique(likes.indices)
    return _by_weights(movie_ids, columns, edlae_of_likes(likes[:, columns], dropout, ridge))


def _by_weights(
    movie_ids: NDArray[np.int32], columns: NDArray[np.integer], weights: NDArray[np.float32]
) -> ByScores:
    def scores(likes: Matrix, _people: list[int]) -> Scores:
        found = np.full(likes.shape, -np.inf, np.float32)
        found[:, columns] = likes[:, columns] @ weights
        return found

    return ByScores(movie_ids, scores)
