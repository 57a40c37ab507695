"""Sums over blocks of people give the weights that all people together give."""

from dataclasses import replace

import numpy as np
import pytest

from recsys.data.dataset import Likes
from recsys.data.learned import Learned
from recsys.models import item_item, sums
from recsys.models.item_item import DEFAULT, Choices, histories_of

FILMS = 12
CHOICES = replace(DEFAULT, learned=Learned(ridge=5.0, dropout=0.2, activity=-0.5, next_ridge=3.0))


@pytest.fixture(scope="module")
def likes() -> Likes:
    numbers = np.random.default_rng(5)
    histories = [numbers.permutation(FILMS)[: numbers.integers(1, FILMS)] for _ in range(90)]
    people = np.repeat(np.arange(90), [len(each) for each in histories])
    return Likes(people, np.concatenate(histories))


def test_products_are_sums_over_people() -> None:
    found = sums.item_item_sums([[np.array([0, 1])], [np.array([1])]], 2, DEFAULT)
    assert found.likes.tolist() == [1, 2]
    assert found.products["gram"].tolist() == [[1, 1], [1, 2]]
    assert found.__sizeof__() == 2 * 8 + 4 * (2 * 2 * 4), "by which Dask decides where to add"
    assert found.products["pairs"] == pytest.approx(np.array([[0, np.exp(-1 / 20)], [0, 0]]))
    twice = sums.item_item_sums([[np.array([0, 1])], [np.array([1])]], 2, DEFAULT).plus(found)
    assert twice.likes.tolist() == [2, 4]
    assert twice.products["gram"].tolist() == [[2, 2], [2, 4]]


@pytest.mark.parametrize("choices", [CHOICES, replace(CHOICES, learned=Learned().without_order())])
def test_blocks_give_the_item_item_weights_of_all(likes: Likes, choices: Choices) -> None:
    films = np.arange(FILMS)
    histories = histories_of(likes, films)
    added = sums.item_item_sums([histories[:40]], FILMS, choices)
    for start in (40, 65):
        added = added.plus(sums.item_item_sums([histories[start : start + 25]], FILMS, choices))
    found = sums.item_item_weights(added, films, histories, choices)
    expected = item_item.learn_item_item(likes, FILMS, choices)
    assert found.films.tolist() == expected.films.tolist()
    np.testing.assert_allclose(found.weights, expected.weights, atol=2e-3)


@pytest.mark.parametrize("near_share", [0.0, 0.7, 1.0])
def test_blocks_give_the_short_term_weights_of_all(likes: Likes, near_share: float) -> None:
    films = np.arange(FILMS)
    histories = histories_of(likes, films)
    choices = replace(DEFAULT, learned=Learned(short_term_ridge=5.0, near_share=near_share))
    added = sums.short_term_sums([histories[:40]], FILMS, choices).plus(
        sums.short_term_sums([histories[40:70], histories[70:]], FILMS, choices)
    )
    found = sums.short_term_weights(added, films, histories, choices)
    expected = item_item.learn_short_term(likes, FILMS, choices)
    np.testing.assert_allclose(found.weights, expected.weights, atol=2e-3)


def test_products_without_a_share_are_left_out() -> None:
    blocks = [[np.array([0, 1])]]
    found = sums.item_item_sums(blocks, 2, replace(DEFAULT, learned=Learned().without_order()))
    assert [*found.products] == ["gram"]
    for near_share, names in ((0.0, ["before", "moment"]), (1.0, ["pairs"])):
        choices = replace(DEFAULT, learned=Learned(near_share=near_share))
        assert [*sums.short_term_sums(blocks, 2, choices).products] == names
