"""Evaluations: what is compared, what is told to whom, and that they repeat."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
import pytest

from recsys import fit
from recsys.evaluation import run, splits
from recsys.evaluation.contenders import OURS, POPULARITY, OfModel, Training, ours
from recsys.evaluation.measures import differences, means
from recsys.evaluation.run import evaluate
from recsys.evaluation.splits import Case
from tests.recsys.frames import TINY, checkerboard, history, ids, movies, ratings

BOARD, FILMS = checkerboard(24)


def _tiny(training: Training) -> OfModel:
    return OfModel(fit(training.ratings, training.movies, seed=training.seed, **TINY))


@pytest.fixture(autouse=True)
def tiny_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(run.CONTENDERS, OURS, _tiny)


def test_who_knows_taste_beats_who_knows_popularity_alone() -> None:
    """Odd people like odd films: two fit for the place in five, where popularity guesses."""
    (found,) = evaluate(BOARD, FILMS, split_names=["known"], contenders=[OURS, POPULARITY])
    assert found.people == 24
    assert found.models[OURS]["ndcg@5"]["mean"] > 1.5 * found.models[POPULARITY]["ndcg@5"]["mean"]
    ahead = found.ahead[POPULARITY]["ndcg@5"]
    expected = found.models[OURS]["ndcg@5"]["mean"] - found.models[POPULARITY]["ndcg@5"]["mean"]
    assert ahead["mean"] == pytest.approx(expected)
    assert ahead["low"] <= ahead["mean"] <= ahead["high"]
    assert sum(int(str(group["people"])) for group in found.groups["activity"].values()) == 24


def test_the_same_seed_gives_the_same_figures() -> None:
    def once() -> list[dict[str, Any]]:
        found = evaluate(BOARD, FILMS, split_names=["random", "newcomers"], contenders=[OURS])
        return [asdict(each) for each in found]

    assert str(once()) == str(once())


def test_what_is_kept_back_cannot_change_a_model() -> None:
    """Other stars and other films among the ratings kept back: the same bytes are trained."""
    split = splits.known(BOARD)
    is_back = ~BOARD.index.isin(split.training.index)
    spoilt = BOARD.copy()
    spoilt.loc[is_back, "movie_id"] = (
        spoilt.loc[is_back, "movie_id"].sample(frac=1, random_state=1).to_numpy()
    )
    spoilt.loc[is_back, "rating"] = 0.5
    first, second = (
        _tiny(Training(splits.known(frame).training, FILMS, 1)).model.to_bytes()
        for frame in (BOARD, spoilt)
    )
    assert first == second


def test_what_is_measured_is_what_is_served() -> None:
    model = fit(BOARD, FILMS, **TINY)
    case = Case(1, history((1, 5.0, 1), (3, 5.0, 2)), frozenset({5}))
    assert OfModel(model).lists([case], 5) == [ids(model.recommend(case.history, 5))]


@dataclass(frozen=True)
class _Counting:
    trained: list[int]

    def __call__(self, training: Training) -> "_Counting":
        self.trained.append(training.seed)
        return self

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        return [[2, 4, 6][:k] for _ in cases]


def test_models_without_chance_are_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = _Counting([])
    monkeypatch.setitem(run.CONTENDERS, "EASE", counting)
    evaluate(BOARD, FILMS, split_names=["known"], contenders=["EASE"], seeds=[1, 2, 3])
    assert counting.trained == [1]
    evaluate(BOARD, FILMS, split_names=["random"], contenders=["EASE"], seeds=[1, 2, 3])
    assert counting.trained == [1, 1, 2, 3]


def test_progress_rises_to_one_and_names_what_is_done() -> None:
    told: list[tuple[float, str]] = []
    evaluate(
        BOARD,
        FILMS,
        split_names=["random"],
        contenders=[POPULARITY],
        seeds=[1, 2],
        progress=lambda share, what: told.append((share, what)),
    )
    assert told == [
        (0.0, "random, seed 1: Popularity"),
        (0.5, "random, seed 2: Popularity"),
        (1.0, "done"),
    ]


def test_an_unknown_split_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="no split weekly: there are known, time"):
        evaluate(BOARD, FILMS, split_names=["weekly"])


@pytest.mark.parametrize("name", ["LightFM, old", "LightFM, genres", "ALS", "Item-kNN", "EASE"])
def test_peers_know_taste_and_list_nothing_that_is_rated(name: str) -> None:
    if name == "EASE":
        pytest.importorskip("rectools", reason="requirements-peers.txt is not installed")
    split = splits.at_random(BOARD, seed=1)
    lists = run.CONTENDERS[name](Training(split.training, FILMS, 1)).lists(split.cases, 2)
    of_own_colour = 0
    for case, listed in zip(split.cases, lists, strict=True):
        assert len(listed) == 2
        assert not set(listed) & set(case.history["movie_id"])
        of_own_colour += sum(film % 2 == case.user_id % 2 for film in listed)
    assert of_own_colour > 0.8 * 2 * len(split.cases)


@pytest.mark.parametrize("name", ["LightFM, old", "ALS", "Item-kNN"])
def test_peers_have_a_list_for_newcomers(name: str) -> None:
    split = next(splits.newcomers(BOARD, seed=1))
    contender = run.CONTENDERS[name](Training(split.training, FILMS, 1))
    assert [len(each) for each in contender.lists(split.cases, 5)] == [5] * len(split.cases)


def test_a_person_of_two_seeds_counts_once() -> None:
    table = pd.DataFrame({"user_id": [1, 1, 2], "ndcg@5": [0.0, 1.0, 1.0]})
    assert means(table)["ndcg@5"]["mean"] == 0.75
    other = pd.DataFrame({"user_id": [1, 2], "ndcg@5": [0.25, 0.5]})
    assert differences(table, other, ["ndcg@5"])["ndcg@5"]["mean"] == pytest.approx(0.375)


def test_ours_is_what_fit_gives_by_default() -> None:
    small = ratings((1, 1, 5.0, 1), (2, 1, 5.0, 1), (2, 2, 5.0, 2))
    films = movies({1: (None, []), 2: (None, [])})
    trained = ours(Training(small, films, 7)).model
    assert trained.to_bytes() == fit(small, films, seed=7).to_bytes()
