"""How good lists are."""

import pytest

from recsys.metrics import coverage, hit, ndcg


def test_ndcg_by_hand() -> None:
    assert ndcg([1, 2, 3], {1}, 3) == 1
    assert ndcg([9, 1, 3], {1}, 3) == pytest.approx(0.6309297535714575)
    assert ndcg([9, 1, 2], {1, 2, 7, 8}, 3) == pytest.approx((0.63093 + 0.5) / 2.13093, abs=1e-5)
    assert ndcg([1, 2, 3, 4], {4}, 3) == 0
    assert ndcg([], {4}, 3) == 0
    assert ndcg([4], {4, 5}, 3) == pytest.approx(1 / 1.63093, abs=1e-5)


def test_ndcg_of_nothing_relevant_has_no_value() -> None:
    with pytest.raises(ValueError, match="relevant"):
        ndcg([1], set(), 5)


def test_hit_looks_at_the_first_places_alone() -> None:
    assert hit([1, 2, 3], {2}, 2)
    assert not hit([1, 2, 3], {3}, 2)


def test_coverage_counts_each_film_once() -> None:
    assert coverage([[1, 2, 3], [2, 1, 9]], films=10, k=2) == 0.2
