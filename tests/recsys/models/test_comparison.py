"""Comparison of several models on the same history."""

import numpy as np
import pytest

from recsys.data.dataset import likes as likes_of
from recsys.data.learned import Learned
from recsys.models.baselines import EASE, ITEM_KNN
from recsys.models.comparison import (
    FIVE_FILMS,
    LIGHTFM,
    POPULARITY,
    Comparison,
    agreement,
    jaccard,
    overlap,
    ranks,
)
from recsys.models.model import Model
from recsys.models.results import Recommendation
from recsys.training.baselines import learn_baselines
from tests.recsys.frames import checkerboard, history, ids, likes


@pytest.fixture(scope="module")
def comparison(board: Model) -> Comparison:
    """Return a comparison on the checkerboard."""
    ratings, _ = checkerboard()
    baselines = learn_baselines(likes_of(ratings, board.movie_ids), board.movie_ids, Learned())
    return Comparison.of(board, baselines)


def _list(*movie_ids: int) -> list[Recommendation]:
    return [Recommendation(movie_id, 1 / movie_id, []) for movie_id in movie_ids]


def test_each_model_has_its_own_list(comparison: Comparison, board: Model) -> None:
    mine = likes(2, 4, 6)
    lists = comparison.lists(mine, k=3)
    assert list(lists) == [FIVE_FILMS, LIGHTFM, POPULARITY, ITEM_KNN, EASE]
    assert lists[FIVE_FILMS] == board.recommend(mine, k=3)
    for name in (FIVE_FILMS, LIGHTFM, ITEM_KNN, EASE):
        assert all(film % 2 == 0 for film in ids(lists[name])), name
        assert all(each.reasons for each in lists[name]), name
    assert ids(lists[POPULARITY]) == [1, 3, 5], "all have equal likes"
    assert not any(each.reasons for each in lists[POPULARITY])


def test_lightfm_is_the_active_model_without_item_item_weights(comparison: Comparison) -> None:
    mine = likes(2, 4)
    served, lightfm = comparison.served, comparison.lightfm
    profile, alone = served.read_history(mine), lightfm.read_history(mine)
    expected = served.film_factors @ (alone.weights[:, 0] @ served.factors.history[alone.films])
    expected += alone.bias * served.film_vectors[:, -1]
    assert lightfm.scores(alone) == pytest.approx(expected, abs=1e-4)
    assert np.abs(served.scores(profile) - lightfm.scores(alone)).max() > 0.1


def test_excluded_films_are_never_recommended(comparison: Comparison) -> None:
    for name, items in comparison.lists(likes(2), k=24, exclude=[4, 999]).items():
        assert not {2, 4} & {*ids(items)}, name


def test_three_lists_without_baselines(board: Model) -> None:
    assert list(Comparison.of(board, None).lists(likes(2))) == [FIVE_FILMS, LIGHTFM, POPULARITY]


def test_baselines_are_empty_without_history(comparison: Comparison) -> None:
    lists = comparison.lists(likes(), k=2)
    assert ids(lists[FIVE_FILMS]) == ids(lists[LIGHTFM]) == ids(lists[POPULARITY]) == [1, 2]
    assert lists[ITEM_KNN] == lists[EASE] == []


def test_ranks_of_the_first_films_of_all_lists() -> None:
    found = ranks({"A": _list(1, 2, 3), "B": _list(3, 4, 1), "C": []}, k=2)
    assert found.index.tolist() == [1, 2, 3, 4]
    assert found.astype("object").where(found.notna(), None).to_dict("list") == {
        "A": [1, 2, 3, None],
        "B": [3, None, 1, 2],
        "C": [None] * 4,
    }
    assert ranks({"A": []}, k=2).empty


def test_overlap_and_jaccard_use_the_first_films() -> None:
    some, others = _list(1, 2, 3, 4), _list(2, 1, 5, 3)
    assert (overlap(some, others, 2), jaccard(some, others, 2)) == (2, 1.0)
    assert (overlap(some, others, 3), jaccard(some, others, 3)) == (2, 0.5)
    assert (overlap(some, [], 3), jaccard(some, [], 3), jaccard([], [], 3)) == (0, 0, 0)


def test_agreement_on_films_that_both_rated() -> None:
    one = history((1, 5.0, 1), (2, 4.0, 2), (3, 1.0, 3), (4, 3.0, 4))
    other = history((3, 2.0, 1), (2, 5.0, 2), (1, 4.5, 3), (9, 5.0, 4))
    found = agreement(one, other)
    assert found.films.values.tolist() == [[1, 5.0, 4.5], [2, 4.0, 5.0], [3, 1.0, 2.0]]
    assert found.correlation == pytest.approx(np.corrcoef([5, 4, 1], [4.5, 5, 2])[0, 1])
    assert found.difference == pytest.approx((0.5 + 1 + 1) / 3)
    assert (found.both_like, found.same_side) == (2, 3)


def test_no_correlation_for_few_films_or_constant_ratings() -> None:
    two = history((1, 5.0, 1), (2, 2.0, 2))
    assert agreement(two, two).correlation is None
    all_alike = history((1, 4.0, 1), (2, 4.0, 2), (3, 4.0, 3))
    found = agreement(all_alike, history((1, 1.0, 1), (2, 2.0, 2), (3, 3.0, 3)))
    assert (found.correlation, found.both_like, found.same_side) == (None, 0, 0)
    nothing = agreement(two, likes())
    assert (nothing.films.empty, nothing.difference, nothing.correlation) == (True, None, None)
