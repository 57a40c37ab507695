"""Linear autoencoders: each film predicted from all others, with a ridge.

SLIM (Ning and Karypis 2011) adds an L1 penalty and non-negative weights, and needs an iterative
solver; EASE and EDLAE have its form and a closed solution.
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

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

    Its ridge is chosen with `edlae_weights` without dropout, which are the same several times
    faster where there are fewer people than films.
    """
    chosen = choose(training, partial(_edlae, dropout=0.0), _OF_EASE)
    return Tuned(_ease(training, float(chosen["ridge"])), chosen)


def edlae(training: Training) -> Tuned:
    """Train EDLAE (Steck 2020); see `edlae_weights`."""
    return tuned(training, _edlae, *_OF_EDLAE)


def edlae_weights(likes: Matrix, dropout: float, ridge: float) -> NDArray[np.float32]:
    """Return EDLAE's weights, from row to column.

    Linear regression of each film on the others, where `dropout` is the share of likes that are
    left out at random of what it predicts from. Its expectation is a ridge that grows with a film's
    likes, so nothing is drawn:

        B = I − C · diag(1 / diag(C)),  C = (G + p / (1 − p) · diag(G) + ridge · I)⁻¹,  G = XᵀX

    (Steck 2020, "Autoencoders that don't overfit towards the identity",
    https://proceedings.neurips.cc/paper/2020/hash/e33d974aae13e4d877477d51d8bafdc4-Abstract.html).
    With fewer people than films, and P for the penalties on the diagonal, C is computed as
    P⁻¹ − P⁻¹ Xᵀ (I + X P⁻¹ Xᵀ)⁻¹ X P⁻¹ (Woodbury). Without dropout it is EASE, and RecTools has
    only that.

    Parameters
    ----------
    likes : sparse array (people, films)
        X: 1 for each like.
    dropout : float
        p, from 0 to less than 1.
    ridge : float
        More than 0.

    Returns
    -------
    float32 array (films, films)
        Zeros on the diagonal.
    """
    penalties = dropout / (1 - dropout) * np.asarray(likes.sum(axis=0)) + ridge
    people, films = likes.shape
    if people < films:  # inverting a matrix of people is cheaper
        divided = (likes / penalties).toarray().astype(np.float32)
        factor = linalg.cholesky(np.eye(people, dtype=np.float32) + likes @ divided.T, lower=True)
        half = linalg.solve_triangular(factor, divided, lower=True, overwrite_b=True)
        weights = half.T @ half
        weights *= -1
        weights[np.diag_indices(films)] += 1 / penalties
    else:
        gram = (likes.T @ likes).toarray()
        gram[np.diag_indices(films)] += penalties
        weights = linalg.inv(gram, overwrite_a=True, assume_a="pos")
    weights /= -np.diag(weights).copy()
    np.fill_diagonal(weights, 0)
    return np.asarray(weights, np.float32)


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
    return _by_weights(movie_ids, columns, edlae_weights(likes[:, columns], dropout, ridge))


def _by_weights(
    movie_ids: NDArray[np.int32], columns: NDArray[np.integer], weights: NDArray[np.float32]
) -> ByScores:
    def scores(likes: Matrix, _people: list[int]) -> Scores:
        found = np.full(likes.shape, -np.inf, np.float32)
        found[:, columns] = likes[:, columns] @ weights
        return found

    return ByScores(movie_ids, scores)
