"""Learning in blocks of people gives what learning from all of them at once gives."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from monitoring.progress import ignore_progress
from recsys.data.dataset import Likes, joined, sample
from recsys.models import item_item
from recsys.models.item_item import DEFAULT
from recsys.training import blocks
from recsys.training.blocks import Epochs
from recsys.training.everybody import InMemory
from recsys.training.workers import Here

FILMS = 12


@pytest.fixture(scope="module")
def likes() -> Likes:
    """Return the likes of sixty people, more of them for films with low numbers."""
    numbers = np.random.default_rng(8)
    weights = np.arange(FILMS, 0, -1) / np.arange(FILMS, 0, -1).sum()
    histories = [
        numbers.choice(FILMS, numbers.integers(2, 9), replace=False, p=weights) for _ in range(60)
    ]
    people = np.repeat(np.arange(60), [len(each) for each in histories])
    return Likes(people, np.concatenate(histories))


def _of_five(people: int) -> Likes:
    return Likes(np.arange(people), np.arange(people) % 5)


def test_each_epoch_has_other_people_until_everybody_was_there() -> None:
    everybody = InMemory(_of_five(60), 2)
    epochs = Epochs(everybody, least=3, size=10, seed=1)
    assert [some.n_people for some in epochs] == [20, 20, 20]
    films = [some.films.tolist() for some in epochs]
    assert np.bincount(np.concatenate(films)).tolist() == [12] * 5, "everybody once"
    assert [some.films.tolist() for some in pickle.loads(pickle.dumps(epochs))] == films
    other = Epochs(everybody, least=3, size=10, seed=2)
    assert [some.films.tolist() for some in other] != films


@pytest.mark.parametrize(("people", "n_people"), [(15, [10, 10, 10]), (4, [4, 4, 4])])
def test_few_people_are_in_several_epochs(people: int, n_people: list[int]) -> None:
    epochs = Epochs(InMemory(_of_five(people), 1), least=3, size=10, seed=1)
    assert [some.n_people for some in epochs] == n_people


def test_very_many_people_are_in_more_epochs() -> None:
    epochs = Epochs(InMemory(_of_five(45), 1), least=3, size=10, seed=1)
    assert len(epochs) == 5
    assert [some.n_people for some in epochs] == [10] * 5


@pytest.mark.parametrize("size", [1, 7, 60])
def test_weights_from_blocks_are_those_of_all(likes: Likes, size: int) -> None:
    everybody, (some, _) = InMemory(likes, size), sample(likes, 60, FILMS, seed=1)
    for in_blocks, at_once in (
        (blocks.learn_item_item, item_item.learn_item_item),
        (blocks.learn_short_term, item_item.learn_short_term),
    ):
        reported: list[float] = []
        found = in_blocks(everybody, Here(), some, FILMS, reported.append, DEFAULT)
        expected = at_once(likes, FILMS, DEFAULT)
        np.testing.assert_array_equal(found.films, expected.films)
        np.testing.assert_allclose(found.weights, expected.weights, atol=2e-3)
        assert reported[-1] == 1.0


def test_people_outside_the_sample_are_learned_from(likes: Likes) -> None:
    some, drawn = sample(likes, 5, FILMS, seed=1)
    assert some.n_people == 5
    assert likes.films[np.isin(likes.people, drawn)].tolist() == some.films.tolist()
    assert some.counts_of(FILMS).tolist() == np.bincount(likes.films, minlength=FILMS).tolist()
    found = blocks.learn_item_item(
        InMemory(likes, 7), Here(), some, FILMS, ignore_progress, DEFAULT
    )
    of_sample = item_item.learn_item_item(replace(some, counts=None), FILMS, DEFAULT)
    assert len(found.films) == FILMS > len(of_sample.films)


def test_a_stage_without_films_is_empty() -> None:
    one = Likes(np.array([0, 1]), np.array([0, 1]))
    for learn in (blocks.learn_item_item, blocks.learn_short_term):
        assert not len(learn(InMemory(one, 1), Here(), one, 2, ignore_progress, DEFAULT).films)


def test_joined_likes_number_people_in_their_order() -> None:
    first, second = (
        Likes(np.array([0, 0, 1]), np.array([3, 1, 3])),
        Likes(np.array([0, 1]), np.array([2, 0])),
    )
    both = joined([first, second])
    assert both.people.tolist() == [0, 0, 1, 2, 3]
    assert both.films.tolist() == [3, 1, 3, 2, 0]
