"""Searches that only follow significant gains."""

import numpy as np
import pytest
from numpy.typing import NDArray

from recsys.training.search import Outcome, ascend, climb

Doubles = NDArray[np.float64]


def _outcome(*people: float) -> Outcome:
    return Outcome((np.array(people),), (1.0,))


def test_a_gain_counts_if_it_is_three_standard_errors() -> None:
    before = _outcome(0, 0, 0, 0)
    # Mean 1; the standard deviation 0.6 and 0.8 over the root of four people is 0.3 and 0.4.
    assert _outcome(0.4, 1.6, 0.4, 1.6).is_better_than(before)
    assert not _outcome(0.2, 1.8, 0.2, 1.8).is_better_than(before)
    assert _outcome(1, 1, 1, 1).is_better_than(before), "the same for everybody"
    assert not before.is_better_than(before)


def test_groups_count_by_their_shares() -> None:
    both = Outcome((np.array([1.0, 1.0]), np.array([4.0])), (0.75, 0.25))
    assert both.mean == 0.75 * 1 + 0.25 * 4
    worse_for_one = Outcome((np.array([1.1, 1.1]), np.array([3.8])), (0.75, 0.25))
    assert worse_for_one.is_better_than(both)
    assert not Outcome((np.array([1.1, 1.1]), np.array([3.6])), (0.75, 0.25)).is_better_than(both)


def test_ascent_finds_the_best_weights() -> None:
    target = np.array([0.7, 0.3, 0.0])

    def value(weights: Doubles) -> Outcome:
        return _outcome(*[-float(((weights - target) ** 2).sum())] * 5)

    found = ascend(value, np.array([0.2, 0.4, 0.4]))
    assert found.sum() == pytest.approx(1)
    assert found == pytest.approx(target, abs=0.05)


def test_noise_moves_nothing() -> None:
    """Fifty people each prefer other weights: the best mean would be chance."""
    tastes = np.random.default_rng(1).normal(size=(50, 4))
    start = np.array([0.1, 0.2, 0.3, 0.4])
    found = ascend(lambda weights: _outcome(*tastes @ weights), start)
    assert found.tolist() == start.tolist()


def test_climb_goes_up_step_by_step() -> None:
    options = (1.0, 2.0, 4.0, 8.0, 16.0)
    tried = []

    def is_better(one: float, other: float) -> bool:
        tried.append(one)
        return abs(one - 8) < abs(other - 8)

    assert climb(options, 2.0, is_better) == 8
    assert set(tried) == {1, 2, 4, 8, 16}
    assert climb(options, 2.0, lambda _one, _other: False) == 2
    assert climb(options, 2.0, lambda one, other: one < other) == 1
