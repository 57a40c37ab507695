"""Implicit-feedback ALS by implicit."""

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from recsys.evaluation.baselines.scored import ByScores, Matrix, Scores, likes_of_people
from recsys.evaluation.baselines.tuning import Grid, Tuned, tuned
from recsys.evaluation.contenders import Training

_GRID = Grid(
    {
        "alpha": (0.5, 0.7, 1, 1.4, 2, 3, 5, 10, 20, 40),
        "regularization": (0.1, 0.3, 1, 2, 3, 5, 7, 10, 14, 20, 50, 100),
        "iterations": (4, 8, 16, 32),
        "factors": (8, 16, 32, 64, 128, 256),
    },
    {"alpha": 2, "regularization": 10, "iterations": 16, "factors": 64},
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
    training: Training, alpha: float, regularization: float, iterations: int, factors: int
) -> ByScores:
    from implicit.als import AlternatingLeastSquares

    movie_ids, people = likes_of_people(training)
    with threadpool_limits(1, "blas"):  # recommended by implicit
        model = AlternatingLeastSquares(
            factors=factors,
            alpha=alpha,
            regularization=regularization,
            iterations=iterations,
            random_state=training.seed,
        )
        model.fit(sparse.csr_matrix(people), show_progress=False)

    def scores(likes: Matrix, _people: list[int]) -> Scores:
        rows = np.arange(likes.shape[0])
        persons = model.recalculate_user(rows, sparse.csr_matrix(likes))
        return np.asarray(persons @ model.item_factors.T)

    return ByScores(movie_ids, scores)
