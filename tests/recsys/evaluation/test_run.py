"""Evaluations: contenders, held-out data, metrics and reproducibility."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
import pytest

from i18n.language import Text
from recsys import fit
from recsys.data.taste_panel import Person
from recsys.evaluation import contenders, run, splits
from recsys.evaluation.contenders import (
    OTHER_STYLES,
    OURS,
    POPULARITY,
    CannotTrainError,
    OfModel,
    Training,
    ours,
)
from recsys.evaluation.measures import RESAMPLES, differences, facts, means, per_user_metrics
from recsys.evaluation.run import evaluate
from recsys.evaluation.splits import Case
from recsys.models.model import Model
from tests.recsys.frames import TINY, checkerboard, history, ids, movies, ratings

BOARD, FILMS = checkerboard(24)


def _tiny(training: Training) -> OfModel:
    return OfModel(fit(training.ratings, training.movies, seed=training.seed, **TINY))


@pytest.fixture(autouse=True)
def tiny_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(run.CONTENDERS, OURS, _tiny)


def test_personal_lists_beat_popularity() -> None:
    """Odd people like odd films, which popularity can only guess."""
    (found,) = evaluate(
        BOARD, FILMS, split_names=["per-user-temporal"], contenders=[OURS, POPULARITY]
    )
    assert found.people == 24
    assert found.models[OURS]["ndcg@5"]["mean"] > 1.5 * found.models[POPULARITY]["ndcg@5"]["mean"]
    ahead = found.ahead[POPULARITY]["ndcg@5"]
    expected = found.models[OURS]["ndcg@5"]["mean"] - found.models[POPULARITY]["ndcg@5"]["mean"]
    assert ahead["mean"] == pytest.approx(expected)
    assert ahead["low"] <= ahead["mean"] <= ahead["high"]
    assert sum(int(str(group["people"])) for group in found.groups["activity"].values()) == 24


def test_same_seed_gives_the_same_metrics() -> None:
    def once() -> list[dict[str, Any]]:
        found = evaluate(BOARD, FILMS, split_names=["random", "cold-start"], contenders=[OURS])
        return [asdict(each) for each in found]

    assert str(once()) == str(once())


def test_held_out_ratings_do_not_affect_the_model() -> None:
    """Other films and stars in the held-out ratings: training gives the same bytes."""
    split = splits.per_user_temporal(BOARD)
    is_back = ~BOARD.index.isin(split.training.index)
    spoilt = BOARD.copy()
    spoilt.loc[is_back, "movie_id"] = (
        spoilt.loc[is_back, "movie_id"].sample(frac=1, random_state=1).to_numpy()
    )
    spoilt.loc[is_back, "rating"] = 0.5
    first, second = (
        _tiny(Training(splits.per_user_temporal(frame).training, FILMS, 1)).model.to_bytes()
        for frame in (BOARD, spoilt)
    )
    assert first == second


def test_evaluated_lists_are_the_served_lists() -> None:
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


def test_deterministic_models_run_once_per_split(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = _Counting([])
    monkeypatch.setitem(run.CONTENDERS, "EASE", counting)
    evaluate(BOARD, FILMS, split_names=["per-user-temporal"], contenders=["EASE"], seeds=[1, 2, 3])
    assert counting.trained == [1]
    evaluate(BOARD, FILMS, split_names=["random"], contenders=["EASE"], seeds=[1, 2, 3])
    assert counting.trained == [1, 1, 2, 3]


def test_a_model_that_cannot_be_trained_is_left_out_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def too_large(training: Training) -> OfModel:
        raise CannotTrainError(Text("it needs {gigabytes} GB", gigabytes=99))

    monkeypatch.setitem(run.CONTENDERS, "EASE", too_large)
    (found,) = evaluate(
        BOARD, FILMS, split_names=["per-user-temporal"], contenders=["EASE", POPULARITY]
    )
    assert list(found.models) == [POPULARITY]
    why = {"text": "it needs {gigabytes} GB", "values": {"gigabytes": 99}}
    assert found.as_json()["left_out"] == {"EASE": why}
    (found,) = evaluate(BOARD, FILMS, split_names=["per-user-temporal"], contenders=["EASE"])
    assert (found.people, found.models, found.left_out) == (24, {}, {"EASE": why})


def test_progress_rises_to_one_and_names_the_step() -> None:
    reported: list[tuple[float, str]] = []
    evaluate(
        BOARD,
        FILMS,
        split_names=["random"],
        contenders=[POPULARITY],
        seeds=[1, 2],
        progress=lambda share, what: reported.append((share, what)),
    )
    assert reported == [
        (0.0, "random, seed 1: Popularity"),
        (0.5, "random, seed 2: Popularity"),
        (1.0, "done"),
    ]


def test_unknown_split_lists_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match="no split 'weekly': choose from per-user-temporal, global-temporal"
    ):
        evaluate(BOARD, FILMS, split_names=["weekly"])


@pytest.mark.parametrize(
    "name", ["LightFM, old", "LightFM, genres", "ALS", "Item-kNN", "EASE", "EDLAE"]
)
def test_baselines_learn_taste_and_omit_rated_films(name: str) -> None:
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


@pytest.mark.parametrize("name", ["LightFM, old", "ALS", "Item-kNN", "EDLAE"])
def test_baselines_have_lists_at_cold_start(name: str) -> None:
    split = next(splits.cold_start(BOARD, seed=1))
    contender = run.CONTENDERS[name](Training(split.training, FILMS, 1))
    assert [len(each) for each in contender.lists(split.cases, 5)] == [5] * len(split.cases)


def test_person_with_two_seeds_counts_once() -> None:
    table = pd.DataFrame({"user_id": [1, 1, 2], "ndcg@5": [0.0, 1.0, 1.0]})
    assert means(table)["ndcg@5"]["mean"] == 0.75
    other = pd.DataFrame({"user_id": [1, 2], "ndcg@5": [0.25, 0.5]})
    assert differences(table, other, ["ndcg@5"])["ndcg@5"]["mean"] == pytest.approx(0.375)


def test_share_of_disliked_films_is_pooled_over_people() -> None:
    """Most people have rated none of their five: a mean over people would be noise."""
    training = Training(BOARD, FILMS, 1)
    cases = [
        Case(1, history(), frozenset({9}), frozenset({1, 2, 3, 9}), frozenset({2})),
        Case(2, history(), frozenset({9}), frozenset({4, 9}), frozenset({4})),
        Case(3, history(), frozenset({9}), frozenset({9}), frozenset()),
    ]
    lists = [[1, 2, 3, 5, 6, 9], [4, 5, 6, 7, 8], [1, 2, 3, 4, 5]]
    table = per_user_metrics(cases, lists, facts(training))
    assert table["rated of 5"].tolist() == [3, 1, 0]
    found = means(table)["disliked@5"]
    assert found["mean"] == 2 / 4
    assert found["low"] == pytest.approx(1 / 3), "a draw of person 1 alone …"
    assert found["high"] == 1, "… or of person 2"
    better = per_user_metrics(cases, [[1, 3, 5, 6, 7], *lists[1:]], facts(training))
    assert differences(table, better, ["disliked@5"])["disliked@5"]["mean"] == pytest.approx(
        2 / 4 - 1 / 3
    )


def test_share_of_disliked_films_is_missing_without_rated_films() -> None:
    table = pd.DataFrame({"user_id": [1, 2], "rated of 5": [0, 0], "disliked of 5": [0, 0]})
    assert str(means(table)["disliked@5"]["mean"]) == "nan"
    (found,) = evaluate(BOARD, FILMS, split_names=["per-user-temporal"], contenders=[POPULARITY])
    assert found.as_json()["models"][POPULARITY]["disliked@5"]["mean"] is None


def test_intervals_of_means_use_the_bootstrap_over_people() -> None:
    table = pd.DataFrame({"user_id": [1, 2, 3, 4], "ndcg@5": [0.0, 1.0, 1.0, float("nan")]})
    found = means(table)["ndcg@5"]
    assert found["mean"] == pytest.approx(2 / 3), "people without a value don't count"
    assert RESAMPLES == 1_000
    assert (found["low"], found["high"]) == (0, 1)


PANEL = (
    Person(name="odd", likes=(1, 3), films=(5, 7, 9)),
    Person(name="even", likes=(2, 999), films=(4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24)),
    Person(name="elsewhere", likes=(998,), films=(5,)),
)


def test_panel_trains_on_all_ratings() -> None:
    """Odd people like odd films: the other films of a person's colour fit."""
    found = evaluate(
        BOARD,
        FILMS,
        split_names=["panel"],
        contenders=[OURS, POPULARITY],
        seeds=[1, 2],
        panel=PANEL,
    )
    (panel,) = found
    assert panel.people == 2
    odd, even = panel.panel
    assert odd["likes"] == ["Film 1", "Film 3"]
    assert (odd["missing"], even["missing"]) == ([], [999])
    ours_of_even = even["lists"][OURS]
    assert ours_of_even["fits@5"] == 1
    assert [film["fits"] for film in ours_of_even["films"]] == [True] * 5
    popular = odd["lists"][POPULARITY]["films"]
    assert [film["movie_id"] for film in popular] == [2, 4, 5, 6, 7], "all have equal likes"
    assert [film["fits"] for film in popular] == [False, False, True, False, True]
    figures = panel.models[POPULARITY]
    assert figures["fits@5"]["mean"] == pytest.approx((2 / 5 + 2 / 5) / 2)
    assert figures["no fit@5"]["mean"] == 0
    assert figures["median likes@5"]["mean"] == 11
    assert panel.ahead[POPULARITY]["fits@5"]["mean"] == pytest.approx(
        panel.models[OURS]["fits@5"]["mean"] - 2 / 5
    )


def test_people_without_fitting_films_are_counted() -> None:
    nobodys = (PANEL[1], Person(name="wrong", likes=(2,), films=(888,)))
    (found,) = evaluate(BOARD, FILMS, split_names=["panel"], contenders=[POPULARITY], panel=nobodys)
    assert found.models[POPULARITY]["no fit@5"]["mean"] == 1 / 2


@pytest.mark.parametrize("name", ["LightFM, old", "SASRec"])
def test_models_without_cold_start_give_the_panel_popular_films(name: str) -> None:
    if name == "SASRec":
        pytest.importorskip("pytorch_lightning", reason="SASRec needs PyTorch and Lightning")
    (found,) = evaluate(
        BOARD, FILMS, split_names=["panel"], contenders=[name, POPULARITY], panel=PANEL
    )
    for person in found.panel:
        assert person["lists"][name] == person["lists"][POPULARITY]


def test_split_without_cases_is_omitted() -> None:
    assert evaluate(BOARD, FILMS, split_names=["panel"], contenders=[OURS], panel=PANEL[2:]) == []


def test_styles_share_one_training(monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[int] = []

    def counted(*args: Any, seed: int) -> Model:
        trained.append(seed)
        return fit(*args, seed=seed, **TINY)

    monkeypatch.setattr(contenders, "fit", counted)
    monkeypatch.setitem(run.CONTENDERS, OURS, ours)
    asked = [OURS, *OTHER_STYLES]
    (found,) = evaluate(
        BOARD, FILMS, split_names=["per-user-temporal"], contenders=asked, seeds=[1, 2]
    )
    assert trained == [1, 2]
    assert list(found.models) == asked
    styles = [run.CONTENDERS[name](Training(BOARD, FILMS, 1)) for name in asked]
    assert [each.style for each in styles if isinstance(each, OfModel)] == [
        *("balanced", "popular", "adventurous"),
    ]


def test_five_films_uses_the_defaults_of_fit() -> None:
    small = ratings((1, 1, 5.0, 1), (2, 1, 5.0, 1), (2, 2, 5.0, 2))
    films = movies({1: (None, []), 2: (None, [])})
    trained = ours(Training(small, films, 7)).model
    assert trained.to_bytes() == fit(small, films, seed=7).to_bytes()
