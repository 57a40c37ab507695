"""EDLAE's closed form beside a direct solution and beside RecTools' EASE."""

import numpy as np
import pytest
from scipy import sparse

from recsys.evaluation.baselines.scored import as_rectools
from recsys.models.regressions import edlae
from tests.recsys.frames import checkerboard

MANY_PEOPLE = [[1, 1, 0], [1, 1, 1], [0, 1, 1], [1, 0, 0], [0, 1, 0]]
FEW_PEOPLE = [[1, 1, 0, 1], [0, 1, 1, 1]]
DROPOUT, RIDGE = 0.25, 0.5


@pytest.mark.parametrize("rows", [MANY_PEOPLE, FEW_PEOPLE])
def test_weights_solve_the_regularised_regression_of_each_film_on_the_others(
    rows: list[list[int]],
) -> None:
    likes = np.array(rows, np.float32)
    found = edlae(sparse.csr_array(likes), DROPOUT, RIDGE)
    n = likes.shape[1]
    assert np.diag(found).tolist() == [0] * n
    for film in range(n):
        others = [other for other in range(n) if other != film]
        x, y = likes[:, others], likes[:, film]
        penalties = DROPOUT / (1 - DROPOUT) * x.sum(axis=0) + RIDGE
        solved = np.linalg.solve(x.T @ x + np.diag(penalties), x.T @ y)
        assert found[others, film] == pytest.approx(solved, abs=1e-6)


def test_weights_by_hand() -> None:
    """Two films: one of the three who like the second likes the first, and so on."""
    likes = sparse.csr_array(np.array([[1, 1], [0, 1], [0, 1]], np.float32))
    found = edlae(likes, dropout=0.5, ridge=1)
    assert found == pytest.approx(np.array([[0, 1 / (1 + 1 + 1)], [1 / (3 + 3 + 1), 0]]))


def test_dropout_is_the_expectation_of_leaving_likes_out() -> None:
    """The regression on many copies of the people, with likes left out at random."""
    likes = np.array(MANY_PEOPLE, np.float32)
    copies = np.tile(likes, (40_000, 1))
    kept = copies * (np.random.default_rng(1).random(copies.shape) > DROPOUT) / (1 - DROPOUT)
    found = edlae(sparse.csr_array(likes), DROPOUT, ridge=1e-3)
    x = kept[:, 1:]
    solved = np.linalg.lstsq(x, copies[:, 0], rcond=None)[0]
    assert found[1:, 0] == pytest.approx(solved, abs=0.01)


@pytest.mark.parametrize("size", [10, 24])
def test_without_dropout_it_is_ease(size: int) -> None:
    pytest.importorskip("rectools", reason="requirements-peers.txt is not installed")
    from rectools.dataset import Dataset
    from rectools.models import EASEModel

    board, _ = checkerboard(size)
    dataset = Dataset.construct(as_rectools(board[board["user_id"] < 20]))
    ease = EASEModel(regularization=3)
    ease.fit(dataset)
    likes = sparse.csr_array(dataset.get_user_item_matrix())
    assert edlae(likes, dropout=0, ridge=3) == pytest.approx(ease.weight, abs=1e-5)
