"""The choice of how much dislikes count."""

import numpy as np
import pytest

from recsys.data.metrics import gains
from recsys.models.model import Model
from recsys.training.candidates import Question
from recsys.training.dislikes import Disliking, choose_dislikes

FILMS = np.arange(24)
NONE = FILMS[:0]


def _person(liked: list[int], disliked: list[int], relevant: list[int]) -> Disliking:
    """Somebody who dislikes films with a star each, and all others that aren't relevant."""
    known = [*liked, *disliked, *relevant]
    return Disliking(
        Question(np.array(liked), np.array(relevant)),
        np.array(disliked, np.int64),
        np.ones(len(disliked)),
        np.setdiff1d(FILMS, known),
    )


def test_value_subtracts_dislikes_from_likes() -> None:
    person = Disliking(Question(NONE, np.array([3, 8])), NONE, np.zeros(0), np.array([5]))
    of_ranks = gains(20)
    ideal = of_ranks[:2].sum()
    assert person.value(np.array([3, 8, 1])) == pytest.approx(1)
    assert person.value(np.array([3, 5, 8])) == pytest.approx(
        (of_ranks[0] - of_ranks[1] + of_ranks[2]) / ideal
    )
    beyond_five = np.array([0, 1, 2, 4, 6, 3])
    assert person.value(beyond_five) == pytest.approx(of_ranks[5] / ideal / 2)


def test_model_is_told_likes_and_dislikes() -> None:
    opinions = _person([9, 2], [7], [4]).opinions
    assert opinions.rated.tolist() == [2, 7, 9]
    assert (opinions.liked.tolist(), opinions.disliked.tolist()) == ([9, 2], [7])
    assert opinions.stars.tolist() == [1]


def test_dislikes_count_more_where_they_say_what_is_liked(board: Model) -> None:
    """The newer of two likes is an exception: these people dislike other films of its colour."""
    odd = {*range(1, 24, 2)}
    people = [
        _person([even + 1, even], [(even + 2) % 24, (even + 4) % 24], [*odd - {even + 1}])
        for even in range(0, 24, 2)
    ]
    weight, gain = choose_dislikes(board, people, start=0.0)
    assert weight >= 0.1
    assert gain > 1, "most of the first films were even ones"


def test_without_dislikes_nothing_is_chosen(board: Model) -> None:
    assert choose_dislikes(board, [_person([1, 3], [], [5])], start=0.3) == (0.3, 0.0)
    assert choose_dislikes(board, [], start=0.3) == (0.3, 0.0)
