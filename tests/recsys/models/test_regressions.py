"""Closed forms of the ridge regressions from likes to likes."""

import numpy as np
import pytest

from recsys.models.regressions import ease


@pytest.mark.parametrize("people", [2, 4])
def test_people_with_many_likes_can_count_less(people: int) -> None:
    """Each row of X is multiplied by the root of m ** activity, and EASE learns from that.

    It is computed differently if there are fewer people than films.
    """
    likes = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1], [1, 0, 0]], np.float64)[:people]
    weighted = likes * (likes.sum(axis=1, keepdims=True) ** -0.5) ** 0.5
    gram = weighted.T @ weighted
    inverse = np.linalg.inv(gram + np.diag(0.25 * np.diag(gram)) + 2 * np.eye(3))
    expected = np.eye(3) - inverse / np.diag(inverse)
    histories = [np.flatnonzero(row) for row in likes]
    found = ease(histories, 3, ridge=2.0, dropout=0.2, activity=-0.5)
    assert found == pytest.approx(expected, abs=1e-6)
