"""Baselines' parameters, chosen on a validation part of their training ratings."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pytest

from recsys.evaluation import splits
from recsys.evaluation.baselines import tuning
from recsys.evaluation.baselines.tuning import (
    Grid,
    Options,
    climbed,
    mean_ndcg,
    tuned,
    validation,
)
from recsys.evaluation.contenders import Training
from recsys.evaluation.splits import Case, Split
from tests.recsys.frames import checkerboard, likes, movies, ratings

BOARD, FILMS = checkerboard(24)
GRID = Grid({"x": range(10), "y": (-2.0, -1.0, 0.0, 1.0, 2.0)}, {"x": 2, "y": -2.0})


@dataclass
class Concave:
    """Highest at x = 7, y = 0; writes down what is asked."""

    asked: list[Options]

    def __call__(self, options: Options) -> float:
        self.asked.append(options)
        return -((float(options["x"]) - 7) ** 2) - float(options["y"]) ** 2


def test_climb_ends_at_the_highest_options_and_evaluates_none_twice() -> None:
    concave = Concave([])
    assert climbed(GRID, concave) == ({"x": 7, "y": 0.0}, 0.0)
    xs = [{"x": x, "y": -2.0} for x in (2, 1, 3, 4, 5, 6, 7, 8)]
    ys = [{"x": 7, "y": y} for y in (-1.0, 0.0, 1.0)]
    assert concave.asked == [*xs, *ys, {"x": 6, "y": 0.0}, {"x": 8, "y": 0.0}]


def test_climb_is_the_same_each_time() -> None:
    first, second = Concave([]), Concave([])
    assert climbed(GRID, first) == climbed(GRID, second)
    assert first.asked == second.asked


def test_climb_returns_to_a_parameter_once_another_has_moved() -> None:
    """Only with y at 1 are steps of x worth something."""
    table = {(0, 0): 0, (1, 0): -1, (2, 0): -2, (0, 1): 1, (1, 1): 2, (2, 1): 3}
    grid = Grid({"x": (0, 1, 2), "y": (0, 1)}, {"x": 0, "y": 0})
    assert climbed(grid, lambda at: table[int(at["x"]), int(at["y"])]) == ({"x": 2, "y": 1}, 3)


def test_climb_stays_where_nothing_is_better() -> None:
    assert climbed(GRID, lambda _at: 1.0) == (GRID.start, 1.0)


def _pairs(frame: pd.DataFrame) -> set[tuple[int, int]]:
    return set(zip(frame["user_id"].tolist(), frame["movie_id"].tolist(), strict=True))


def _held_out(split: Split) -> set[tuple[int, int]]:
    return {(case.user_id, film) for case in split.cases for film in case.relevant}


@pytest.mark.parametrize("split", [splits.per_user_temporal(BOARD), splits.at_random(BOARD, 3)])
def test_validation_has_no_rating_that_the_split_holds_out(split: Split) -> None:
    part = validation(Training(split.training, FILMS, 1))
    seen, asked = _pairs(part.training), _held_out(part)
    assert (len(part.cases), len(seen), len(asked)) == (24, 24 * 6, 24 * 2)
    assert not seen & asked
    assert seen | asked <= _pairs(split.training)
    assert not (seen | asked) & _held_out(split)


def test_validation_holds_out_the_latest_ratings_where_there_are_times() -> None:
    part = validation(Training(BOARD, FILMS, 1))
    (first, *_) = part.cases
    assert first.relevant == {19, 21, 23}, "person 1, who likes the odd films from 3 on, in order"


def test_validation_holds_out_random_ratings_where_all_have_one_time() -> None:
    at_once = BOARD.assign(rated_at=BOARD["rated_at"].min())
    part = validation(Training(at_once, FILMS, 1))
    assert (
        _held_out(part)
        == _held_out(splits.at_random(at_once, 0))
        != _held_out(validation(Training(BOARD, FILMS, 1)))
    )
    other_seed = validation(Training(at_once, FILMS, 2))
    assert _held_out(other_seed) == _held_out(part), "the same for every seed"


def test_validation_asks_a_limited_number_of_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "MOST_CASES", 5)
    part = validation(Training(BOARD, FILMS, 1))
    everybody = [case.user_id for case in splits.per_user_temporal(BOARD).cases]
    asked = [case.user_id for case in part.cases]
    assert len(asked) == 5
    assert asked == [person for person in everybody if person in asked]
    assert len(part.training) == len(splits.per_user_temporal(BOARD).training)


@dataclass(frozen=True)
class Listing:
    """Lists the films from `first` on, for everybody."""

    ratings: pd.DataFrame
    first: int

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        return [list(range(self.first, self.first + k)) for _ in cases]


def test_quality_is_the_mean_of_ndcg_at_5_and_20() -> None:
    """The only hit, at rank 6, counts among 20 and not among 5."""
    case = Case(1, likes(99), frozenset({6}))
    found = mean_ndcg(Listing(BOARD, 1), [case])
    assert found == pytest.approx((0 + 1 / 2.80735) / 2, rel=1e-5)


def test_best_options_are_trained_with_all_training_ratings() -> None:
    """Everybody's fifth and last film is 10."""
    frame = ratings(*((p, film, 5.0, film) for p in (1, 2) for film in (1, 2, 3, 4, 10)))
    training = Training(frame, movies({film: (None, []) for film in range(1, 40)}), 1)
    sizes: list[int] = []

    def train(data: Training, first: int) -> Listing:
        sizes.append(len(data.ratings))
        return Listing(data.ratings, first)

    low = Grid({"first": (1, 2, 3)}, {"first": 2})
    found = tuned(training, train, low, Grid({"first": (8, 9, 10, 11)}, {"first": 9}))
    assert found.chosen == {"first": 10}
    assert sizes == [8] * (3 + 4) + [10], "each grid on the training part, then the best on all"
    assert found.lists([Case(1, likes(1), frozenset({5}))], 2) == [[10, 11]]


def test_without_anybody_to_validate_with_the_start_is_used() -> None:
    lonely = Training(ratings((1, 1, 5.0, 1)), FILMS, 1)
    found = tuned(
        lonely,
        lambda data, first: Listing(data.ratings, first),
        Grid({"first": (1, 2)}, {"first": 1}),
    )
    assert found.chosen == {"first": 1}


def test_validation_of_a_random_split_is_random() -> None:
    """Else films that were held out at random would count as mistakes of the best lists."""
    split = splits.at_random(BOARD, 3)
    part = validation(Training(split.training, FILMS, 1, split.is_random))
    assert _held_out(part) == _held_out(splits.at_random(split.training, 0))
