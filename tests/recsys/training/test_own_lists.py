"""The choice of hyperparameters on held-out likes."""

import numpy as np

from recsys.data.learned import Learned
from recsys.training.candidates import Question
from recsys.training.hyperparameters import choose_ease

FILMS = 40


def _people(likes_together: bool) -> tuple[list[Question], list[np.ndarray]]:
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


def test_ridge_grows_where_likes_are_chance() -> None:
    known, histories = _people(likes_together=False)
    learned, gain = choose_ease(known, np.arange(FILMS), histories, Learned(ridge=25.0))
    assert learned.ridge > 25
    assert gain > 0.02


def test_a_good_start_is_kept() -> None:
    known, histories = _people(likes_together=True)
    start = Learned(ridge=200.0)
    learned, gain = choose_ease(known, np.arange(FILMS), histories, start)
    assert learned == start
    assert gain == 0
