"""Co-occurrence of likes."""

from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.models.cooccurrence import cooccurrence


def test_ordered_weights_decay_with_distance() -> None:
    """One person likes 0, 1, 2 and another 1, 0: films 0 and 1 have two likes each, film 2 one."""
    found = cooccurrence([np.array([0, 1, 2]), np.array([1, 0])], 3, 1.0, ordered=True)
    next_to_it, two_away = exp(-1), exp(-2)
    expected = [
        [0, next_to_it / 2, two_away / sqrt(2)],
        [next_to_it / 2, 0, next_to_it / sqrt(2)],
        [0, 0, 0],
    ]
    assert found == pytest.approx(np.array(expected))


def test_unordered_weights_are_symmetric() -> None:
    found = cooccurrence([np.array([0, 1, 2])], 4, 1.0, ordered=False)
    assert found[0, 2] == found[2, 0] == pytest.approx(exp(-2))
    assert not found[3].any(), "no one likes it"


def test_distant_likes_have_no_weight() -> None:
    found = cooccurrence([np.arange(10)], 10, 2.0, ordered=True)
    assert found[0, 8] == pytest.approx(exp(-4))
    assert found[0, 9] == 0, "more than four times the decay"


def test_empty_and_single_film_histories_have_no_weights() -> None:
    assert not cooccurrence([], 2, 5.0, ordered=True).any()
    assert not cooccurrence([np.array([0]), np.array([1])], 2, 5.0, ordered=False).any()


@given(st.lists(st.permutations(range(6)).map(lambda films: films[:4]), min_size=1, max_size=5))
def test_weights_are_sums_over_pairs(histories: list[list[int]]) -> None:
    expected = np.zeros((6, 6))
    for films in histories:
        for place, film in enumerate(films):
            for later in range(place + 1, len(films)):
                expected[film, films[later]] += exp(-(later - place) / 3)
    likes = np.maximum(np.bincount(np.concatenate(histories), minlength=6), 1)
    expected /= np.sqrt(np.outer(likes, likes))
    people = [np.array(films) for films in histories]
    assert cooccurrence(people, 6, 3.0, ordered=True) == pytest.approx(expected, abs=1e-6)
    both_ways = cooccurrence(people, 6, 3.0, ordered=False)
    assert both_ways == pytest.approx(expected + expected.T, abs=1e-6)
