"""Top-k selection of scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.models import ranking
from recsys.models.ranking import best_films, best_of_each

ALL = np.ones(5, bool)


def test_best_first_and_ties_by_index() -> None:
    scores = np.array([1, 3, 2, 3, 0], np.float32)
    assert best_films(scores, ALL, 3).tolist() == [1, 3, 2]


def test_lowest_indices_win_ties() -> None:
    assert best_films(np.zeros(5, np.float32), ALL, 2).tolist() == [0, 1]


def test_only_eligible_films_are_ranked() -> None:
    scores = np.array([1, 3, 2, 3, 0], np.float32)
    eligible = np.array([True, False, True, False, True])
    assert best_films(scores, eligible, 9).tolist() == [2, 0, 4]
    assert best_films(scores, ~ALL, 2).tolist() == []
    assert best_films(scores, ALL, 0).tolist() == []


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.booleans()), max_size=40),
    st.integers(0, 45),
)
def test_equals_a_full_sort(films: list[tuple[int, bool]], k: int) -> None:
    scores = np.array([score for score, _ in films], np.float32)
    eligible = np.array([is_eligible for _, is_eligible in films], bool)
    places = [place for place, (_, is_eligible) in enumerate(films) if is_eligible]
    expected = sorted(places, key=lambda place: (-films[place][0], place))[:k]
    assert best_films(scores, eligible, k).tolist() == expected


def test_rows_are_ranked_separately() -> None:
    scores = np.array([[1, 3, 2], [-np.inf, 0, -np.inf]], np.float32)
    assert [best.tolist() for best in best_of_each(scores, 2)] == [[1, 2], [1]]


@pytest.mark.parametrize("k", [1, 3, 7])
def test_grouped_selection_loses_no_film(monkeypatch: pytest.MonkeyPatch, k: int) -> None:
    monkeypatch.setattr(ranking, "_GROUPS", 8)
    scores = np.random.default_rng(1).integers(0, 40, (50, 101)).astype(np.float32)
    scores[:, ::3] = -np.inf
    expected = [np.argsort(-row, kind="stable")[:k].tolist() for row in scores]
    assert [best.tolist() for best in best_of_each(scores, k)] == expected
