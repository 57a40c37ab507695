"""Item-item weights: EASE, the next likes and the short-term model."""

from dataclasses import replace

import numpy as np
import pytest

from recsys.data.dataset import Likes
from recsys.data.learned import Learned
from recsys.models.factors import ItemItem
from recsys.models.item_item import (
    DEFAULT,
    films_that_take_part,
    learn_item_item,
    learn_short_term,
)
from recsys.models.regressions import Following, ease, following


def _likes(*histories: list[int]) -> Likes:
    people = np.repeat(np.arange(len(histories)), [len(each) for each in histories])
    return Likes(people, np.array([film for each in histories for film in each], np.int64))


@pytest.mark.parametrize("people", [2, 4])
def test_ease_equals_the_closed_form(people: int) -> None:
    """B = I − P / diag(P), P = (XᵀX + λI)⁻¹, with zeros on the diagonal.

    It is computed differently if there are fewer people than films.
    """
    likes = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1], [1, 0, 0]], np.float64)[:people]
    inverse = np.linalg.inv(likes.T @ likes + 2 * np.eye(3))
    expected = np.eye(3) - inverse / np.diag(inverse)
    histories = [np.flatnonzero(row) for row in likes]
    found = ease(histories, 3, ridge=2.0)
    assert found == pytest.approx(expected, abs=1e-6)


def test_next_likes_are_a_ridge_regression() -> None:
    """Film 0 comes before film 1: the only split point has [1, 0] before and [0, 1] after it."""
    histories = [np.array([0, 1])] * 3
    found = following(histories, 2, Following(decay=40.0, ahead=1, moments=10), ridge=1.0)
    assert found == pytest.approx(np.array([[0, 3 / (3 + 1)], [0, 0]]))


def test_only_ease_ignores_order() -> None:
    in_order = _likes(*[[0, 1, 2]] * 9, [2])
    found = learn_item_item(in_order, 3)
    assert found.films.tolist() == [0, 1, 2]
    assert found.weights[0, 1] > found.weights[1, 0]
    assert np.diag(found.weights).tolist() == [0, 0, 0]
    for of_next, of_after in ((1.0, 0.0), (0.0, 1.0)):
        learned = Learned(next_share=of_next, after_share=of_after)
        choices = replace(DEFAULT, learned=learned)
        alone = learn_item_item(in_order, 3, choices=choices)
        assert alone.weights[0, 1] > alone.weights[1, 0]
    of_ease = replace(DEFAULT, learned=Learned(next_share=0.0, after_share=0.0))
    both = learn_item_item(in_order, 3, choices=of_ease)
    assert both.weights[0, 1] == both.weights[1, 0]


def test_short_term_weights_use_next_and_close_likes() -> None:
    likes = _likes(*[[0, 1, 2, 3, 4, 5]] * 9, [5, 0])
    short_term = learn_short_term(likes, 6)
    assert short_term.films.tolist() == [0, 1, 2, 3, 4, 5]
    assert short_term.weights[0, 1] > short_term.weights[1, 0] > short_term.weights[2, 0] > 0
    assert np.diag(short_term.weights).tolist() == [0] * 6
    very_next, near = (
        learn_short_term(likes, 6, choices=replace(DEFAULT, learned=Learned(near_share=share)))
        for share in (0.0, 1.0)
    )
    assert np.flatnonzero(very_next.weights[5]).tolist() == [0], "no other film follows film 5"
    assert near.weights.tolist() == near.weights.T.tolist(), "co-occurrence alone has no order"
    assert learn_short_term(_likes([0, 1], [0, 2]), 9).films.tolist() == []


def test_most_liked_films_with_two_likes_have_weights() -> None:
    likes = _likes([0, 1, 4], [0, 1, 4], [0, 1], [3])
    assert learn_item_item(likes, 9).films.tolist() == [0, 1, 4]
    small = replace(DEFAULT, most_films=2)
    assert learn_item_item(likes, 9, choices=small).films.tolist() == [0, 1]
    assert learn_item_item(_likes([0, 1], [0, 2]), 9).films.tolist() == []


def test_films_beyond_the_3000_most_liked_need_five_likes() -> None:
    often, rarely = range(3_000), range(3_000, 3_010)
    likes = _likes(*[[*often, *rarely]] * 4, [*often, 3_007], [*often])
    assert films_that_take_part(likes, 4_000).tolist() == [*often, 3_007]
    assert films_that_take_part(likes, 4_000, most=2_000).tolist() == [*range(2_000)]


def test_contributions_add_up_to_scores() -> None:
    numbers = np.random.default_rng(3)
    stage = ItemItem(np.array([1, 4, 5], np.int32), numbers.normal(size=(3, 3)).astype(np.float16))
    liked, weights = np.array([0, 4, 5]), np.array([0.9, 0.5, 0.2])
    scores = np.zeros(7, np.float32)
    stage.add_scores(scores, liked, weights)
    parts = np.zeros((3, 7))
    stage.add_parts(parts, np.arange(7)[None], liked, np.zeros(3, np.int64), weights)
    assert parts.sum(axis=0) == pytest.approx(scores, abs=1e-6)
    assert scores[[0, 2, 3, 6]].tolist() == [0, 0, 0, 0]
