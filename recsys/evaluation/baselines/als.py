"""Implicit-feedback ALS by implicit."""

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from recsys.evaluation.baselines.scored import ByScores, Matrix, Scores, likes_of_people
from recsys.evaluation.baselines.tuning import Grid, Tuned, tuned
from recsys.evaluation.contenders import Training

_GRID = Grid(
    {
        "alpha": (1, 2, 4, 8, 16, 32, 64),
        "regularization": (0.1, 0.3, 1, 3, 10, 30, 100),
        "factors": (8, 16, 32, 64, 128, 256),
        "iterations": (4, 8, 16, 32),
    },
    {"alpha": 8, "regularization": 10, "factors": 64, "iterations": 16},
)


def als(training: Training) -> Tuned:
    """Train ALS (Hu, Koren and Volinsky 2008, https://doi.org/10.1109/ICDM.2008.22).

    The parameters are those that Rendle et al. (2022, https://arxiv.org/abs/2110.14037) tune:
    factors, regularisation, iterations, and `alpha`, the weight of a like where a film that isn't
    liked has 1; their weight of the latter is 1 / alpha. implicit doesn't scale the regularisation
    by a film's or person's number of likes.
    """
    return tuned(training, _als, _GRID)


def _als(
    training: Training, alpha: float, regularization: float, factors: int, iterations: int
) -> ByScores:
    from implicit.als import AlternatingLeastSquares

    movie_ids, people = likes_of_people(training)
    model = AlternatingLeastSquares(
        factors=factors,
        alpha=alpha,
        regularization=regularization,
        iterations=iterations,
        random_state=training.seed,
    )
    with threadpool_limits(1, "blas"):  # recommended by implicit
        model.fit(sparse.csr_matrix(people), show_progress=False)

    def scores(likes: Matrix, _people: list[int]) -> Scores:
        rows = np.arange(likes.shape[0])
        persons = model.recalculate_user(rows, sparse.csr_matrix(likes))
        return np.asarray(persons @ model.item_factors.T)

    return ByScores(movie_ids, scores)
