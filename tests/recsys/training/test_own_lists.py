"""The choice of the hyperparameters of single regressions by their own lists."""

from dataclasses import replace

import numpy as np
import pytest

from recsys.data.dataset import Likes
from recsys.data.learned import Learned
from recsys.models.item_item import DEFAULT, learn_short_term
from recsys.models.regressions import following
from recsys.training.candidates import Question
from recsys.training.own_lists import choose_ease, choose_next, choose_short_term

FILMS = 40
ALL = np.arange(FILMS)

People = tuple[list[Question], list[np.ndarray]]


def _people(likes_together: bool) -> People:
    """Return 200 people to ask about and 200 to learn from, who like 12 of 40 films.

    They like either films by chance, popular ones more often, or those of one half.
    """
    numbers = np.random.default_rng(5)
    popular = 1 / np.arange(1, FILMS + 1)
    halves = [popular * (np.arange(FILMS) % 2 == half) for half in (0, 1)]
    histories = []
    for person in range(400):
        chances = halves[person % 2] if likes_together else popular
        drawn = numbers.choice(FILMS, 12, replace=False, p=chances / chances.sum())
        histories.append(drawn.astype(np.int64))
    known = [Question(np.sort(each[:8]), each[8:]) for each in histories[:200]]
    return known, histories[200:]


def _in_a_row() -> People:
    """Return 40 people to ask about and 80 to learn from, who like 12 of 40 films in a row."""
    histories = [(start + np.arange(12)) % FILMS for start in range(FILMS)]
    return [Question(each[:8], each[8:]) for each in histories], histories * 2


def test_ridge_grows_where_likes_are_chance() -> None:
    known, histories = _people(likes_together=False)
    learned, gain = choose_ease(known, ALL, histories, Learned(ridge=25.0))
    assert learned.ridge > 25
    assert gain > 0.02


def test_a_good_start_is_kept() -> None:
    known, histories = _people(likes_together=True)
    start = Learned(ridge=200.0)
    learned, gain = choose_ease(known, ALL, histories, start)
    assert learned == start
    assert gain == 0


def test_ridges_grow_where_order_is_chance() -> None:
    known, histories = _people(likes_together=False)
    start = replace(
        DEFAULT, learned=Learned(next_ridge=25.0, short_term_ridge=25.0, near_share=0.0)
    )
    of_next, gain, _ = choose_next(known, ALL, histories, start)
    assert of_next.next_ridge > 25
    assert of_next == replace(start.learned, next_ridge=of_next.next_ridge)
    assert gain > 0.02
    of_short_term, gain, _ = choose_short_term(known, ALL, histories, start)
    assert of_short_term.short_term_ridge > 25
    assert gain > 0.02


def test_the_defaults_are_kept_where_every_ridge_finds_all() -> None:
    known, histories = _in_a_row()
    of_next, gain, _ = choose_next(known, ALL, histories, DEFAULT)
    assert (of_next, gain) == (Learned(), 0)
    of_short_term, gain, _ = choose_short_term(known, ALL, histories, DEFAULT)
    assert (of_short_term, gain) == (Learned(), 0)


def test_the_regression_has_a_share_where_order_says_everything() -> None:
    """Co-occurrence alone expects the films before one as much as those after it."""
    known, histories = _in_a_row()
    start = replace(DEFAULT, learned=Learned(near_share=1.0))
    learned, gain, _ = choose_short_term(known, ALL, histories, start)
    assert learned.near_share < 1
    assert gain > 0.1


def test_co_occurrence_has_more_where_order_says_nothing() -> None:
    known, histories = _people(likes_together=True)
    learned, gain, _ = choose_short_term(known, ALL, histories, DEFAULT)
    assert learned.near_share > 0.7
    assert gain > 0.01


def test_weights_are_those_of_a_training_to_the_byte() -> None:
    known, histories = _people(likes_together=False)
    learned, _, weights = choose_next(known, ALL, histories, DEFAULT)
    assert learned.next_ridge == 800, "not where it started"
    expected = following(histories, FILMS, DEFAULT.next, 800.0)
    assert weights.tobytes() == expected.tobytes()

    learned, _, short_term = choose_short_term(known, ALL, histories, DEFAULT)
    assert learned.short_term_ridge == 200, "not where it started"
    likes = Likes(np.repeat(np.arange(200), 12), np.concatenate(histories))
    trained = learn_short_term(likes, FILMS, replace(DEFAULT, learned=learned))
    assert trained.films.tolist() == short_term.films.tolist() == ALL.tolist()
    assert short_term.weights.tobytes() == trained.weights.tobytes()


def test_repeatable_whoever_is_asked_first() -> None:
    known, histories = _people(likes_together=False)
    for choose in (choose_next, choose_short_term):
        learned, gain, _ = choose(known, ALL, histories, DEFAULT)
        again, gain_again, _ = choose(known[::-1], ALL, histories, DEFAULT)
        assert again == learned
        assert gain_again == pytest.approx(gain)
