"""Validation of models on held-out people."""

from dataclasses import replace

import numpy as np

from recsys.data.dataset import Likes
from recsys.data.dataset import likes as likes_of
from recsys.models.factors import ItemItem
from recsys.models.model import Model
from recsys.training import validation
from recsys.training.validation import HeldOut, hold_out_people, validate
from tests.recsys.frames import checkerboard

NOBODY = np.zeros(0, np.int64)


def _likes(people: int, each: int) -> Likes:
    return Likes(np.repeat(np.arange(people), each), np.tile(np.arange(each), people))


def test_held_out_people_are_not_in_training() -> None:
    likes = likes_of(checkerboard(120)[0], np.arange(1, 121, dtype=np.int32))
    held_out = hold_out_people(likes, seed=1)
    assert held_out is not None
    assert len(held_out.people) == 24
    assert held_out.training.n_people == 96
    assert len(held_out.training.films) + sum(map(len, held_out.people)) == len(likes.films)
    some = held_out.training.films[held_out.training.people == 5].tolist()
    assert some == likes.films[likes.people == held_out.kept[5]].tolist()
    for films in held_out.people:
        assert (np.diff(films) > 0).all(), "oldest first"
    again = hold_out_people(likes, seed=1)
    assert again is not None
    assert [films.tolist() for films in again.people] == [f.tolist() for f in held_out.people]


def test_too_few_people_or_likes_to_hold_out() -> None:
    assert hold_out_people(_likes(people=validation._LEAST_PEOPLE - 1, each=20), seed=1) is None
    assert hold_out_people(_likes(people=200, each=10), seed=1) is None


def test_good_model_gains_over_popularity(board: Model) -> None:
    """It only lists films of the person's colour, while popularity lists both colours."""
    people = [np.arange(colour, 24, 2) for colour in (0, 1)] * 3
    found = validate(board, HeldOut(_likes(1, 1), NOBODY, people))
    assert found.people == 6
    assert found.ips_gain > 1.5


def test_some_of_many_held_out_people_are_measured(board: Model) -> None:
    people = [np.arange(colour, 24, 2) for colour in (0, 1)] * 401
    assert validate(board, HeldOut(_likes(1, 1), NOBODY, people)).people == 401


def test_untrained_model_has_no_gain(board: Model) -> None:
    noise = np.random.default_rng(1).normal(size=board.factors.item.shape).astype(np.float32)
    misled = replace(
        board,
        factors=replace(board.factors, item=noise),
        item_item=ItemItem.empty(),
        short_term=ItemItem.empty(),
        likes=np.arange(24, 0, -1),
    )
    people = [np.array([23 - place, *range(5), *range(6, 13)]) for place in range(6)]
    assert validate(misled, HeldOut(_likes(1, 1), NOBODY, people)).ips_gain < 0.8


def test_no_held_out_people_means_no_gain(board: Model) -> None:
    assert validate(board, HeldOut(_likes(1, 1), NOBODY, [])).ips_gain == 0
