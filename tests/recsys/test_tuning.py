"""How far the model is trusted, and how that is chosen."""

from dataclasses import replace

import numpy as np
import pytest

from recsys import tuning
from recsys.dataset import Likes
from recsys.dataset import likes as likes_of
from recsys.learned import ItemItem
from recsys.model import Model
from recsys.shrinkage import Shrinkage
from recsys.tuning import HeldOut, choose_shrinkage, hold_out_people
from tests.recsys.frames import checkerboard


def test_trust_begins_at_nothing_and_grows() -> None:
    shrinkage = Shrinkage(half=4.0)
    assert shrinkage.alpha(0) == 0
    assert shrinkage.alpha(1) == pytest.approx(1 / 9)
    assert shrinkage.alpha(4) == pytest.approx(0.5)
    assert shrinkage.alpha(10**6) == pytest.approx(1.0, abs=1e-4)


def _likes(people: int, each: int) -> Likes:
    return Likes(np.repeat(np.arange(people), each), np.tile(np.arange(each), people))


def test_held_out_people_are_not_in_training() -> None:
    likes = likes_of(checkerboard(120)[0], np.arange(1, 121, dtype=np.int32))
    held_out = hold_out_people(likes, seed=1)
    assert held_out is not None
    assert len(held_out.people) == 24
    assert held_out.training.n_people == 96
    assert len(held_out.training.films) + sum(map(len, held_out.people)) == len(likes.films)
    for films in held_out.people:
        assert (np.diff(films) > 0).all(), "oldest first"
    again = hold_out_people(likes, seed=1)
    assert again is not None
    assert [films.tolist() for films in again.people] == [f.tolist() for f in held_out.people]


def test_too_few_people_or_likes_to_hold_any_out() -> None:
    assert hold_out_people(_likes(people=tuning._LEAST_PEOPLE - 1, each=20), seed=1) is None
    assert hold_out_people(_likes(people=200, each=10), seed=1) is None


def test_a_model_that_knows_taste_is_trusted_soon(board: Model) -> None:
    people = [np.arange(colour, 24, 2) for colour in (0, 1)] * 3
    chosen, found = choose_shrinkage(board, HeldOut(_likes(1, 1), people))
    assert chosen.alpha(3) > 0.4
    assert found.people == 6
    assert found.gain > 1.2


def test_a_model_that_knows_nothing_is_not_trusted(board: Model) -> None:
    noise = np.random.default_rng(1).normal(size=board.factors.item.shape).astype(np.float32)
    misled = replace(
        board,
        factors=replace(board.factors, item=noise),
        item_item=ItemItem.empty(),
        soon=ItemItem.empty(),
        popularity=np.linspace(3, 0, 24).astype(np.float32),
    )
    people = [np.array([23 - place, *range(5), *range(6, 13)]) for place in range(6)]
    chosen, found = choose_shrinkage(misled, HeldOut(_likes(1, 1), people))
    assert chosen.alpha(10) < 0.4
    assert found.gain < 1.01
