"""Metrics of lists."""

import pytest

from recsys.data.metrics import (
    capped_recall,
    coverage,
    hit,
    ips_ndcg,
    median_popularity,
    ndcg,
    recall,
)


def test_ndcg_by_hand() -> None:
    assert ndcg([1, 2, 3], {1}, 3) == 1
    assert ndcg([9, 1, 3], {1}, 3) == pytest.approx(0.6309297535714575)
    assert ndcg([9, 1, 2], {1, 2, 7, 8}, 3) == pytest.approx((0.63093 + 0.5) / 2.13093, abs=1e-5)
    assert ndcg([1, 2, 3, 4], {4}, 3) == 0
    assert ndcg([], {4}, 3) == 0
    assert ndcg([4], {4, 5}, 3) == pytest.approx(1 / 1.63093, abs=1e-5)


def test_ndcg_without_relevant_films_is_an_error() -> None:
    with pytest.raises(ValueError, match="relevant"):
        ndcg([1], set(), 5)


# One person likes film 1, three like film 2, none film 3, 15 film 9: weights 8 ** 0.5, 2, 4 and 1.
LIKES = {1: 1, 2: 3, 9: 15}


def test_ips_ndcg_by_hand() -> None:
    most = 15
    assert ips_ndcg([3, 1, 2], {1, 2, 3}, LIKES, most, 3) == pytest.approx(1)
    assert ips_ndcg([9, 2, 3], {9, 2, 3}, LIKES, most, 3) == pytest.approx(
        (1 + 2 / 1.58496 + 4 / 2) / (4 + 2 / 1.58496 + 1 / 2), abs=1e-5
    )
    assert ips_ndcg([2, 8], {1, 2, 3}, LIKES, most, 2) == pytest.approx(
        2 / (4 + 8**0.5 / 1.58496), abs=1e-5
    ), "the ideal list of two has the two largest weights"
    assert ips_ndcg([8, 7], {1}, LIKES, most, 2) == 0
    assert ips_ndcg([], {1}, LIKES, most, 2) == 0


def test_ips_ndcg_equals_ndcg_for_equally_liked_films() -> None:
    listed, relevant = [9, 1, 2], {1, 2, 7, 8}
    alike = dict.fromkeys(range(10), 4)
    assert ips_ndcg(listed, relevant, alike, 4, 3) == pytest.approx(ndcg(listed, relevant, 3))


def test_ips_ndcg_without_relevant_films_is_an_error() -> None:
    with pytest.raises(ValueError, match="relevant"):
        ips_ndcg([1], set(), LIKES, 15, 5)


def test_median_popularity_pools_all_lists() -> None:
    assert median_popularity([[1, 2, 9], [3, 9]], LIKES, 2) == 2, "of 0, 1, 3 and 15"
    assert median_popularity([[]], LIKES, 2) == 0


def test_recall_is_capped_by_the_length_of_the_list() -> None:
    listed, relevant = [1, 2, 3], {1, 7, 8, 9}
    assert recall(listed, relevant, 2) == 1 / 4
    assert capped_recall(listed, relevant, 2) == 1 / 2
    assert capped_recall(listed, relevant, 5) == recall(listed, relevant, 5) == 1 / 4


def test_hit_only_uses_the_first_films() -> None:
    assert hit([1, 2, 3], {2}, 2)
    assert not hit([1, 2, 3], {3}, 2)


def test_coverage_counts_each_film_once() -> None:
    assert coverage([[1, 2, 3], [2, 1, 9]], films=10, k=2) == 0.2
