"""Chosen parameters of baselines in the results of an evaluation."""

from recsys.evaluation.chosen import in_words
from recsys.evaluation.contenders import POPULARITY
from recsys.evaluation.run import evaluate
from tests.recsys.frames import checkerboard

BOARD, FILMS = checkerboard(24)


def test_chosen_options_are_told_for_each_seed() -> None:
    (found,) = evaluate(
        BOARD, FILMS, split_names=["random"], contenders=["EDLAE", POPULARITY], seeds=[1, 2]
    )
    assert list(found.chosen) == ["EDLAE"]
    first, second = found.as_json()["chosen"]["EDLAE"]
    assert first.keys() == second.keys() == {"dropout", "ridge"}


def test_what_has_no_chance_is_trained_once_for_all_seeds() -> None:
    (found,) = evaluate(
        BOARD, FILMS, split_names=["per-user-temporal"], contenders=["EDLAE"], seeds=[1, 2, 3]
    )
    assert len(found.chosen["EDLAE"]) == 1


def test_parts_with_one_training_have_the_same_options() -> None:
    found = evaluate(*checkerboard(60), split_names=["cold-start"], contenders=["EDLAE"])
    assert len(found) == 5
    assert all(each.chosen == found[0].chosen != {} for each in found)


def test_chosen_options_in_words() -> None:
    choices = [{"ridge": 50, "learning_rate": 0.1}, {"ridge": 20, "learning_rate": 0.1}]
    assert in_words(choices[:1]) == "learning rate 0.1, ridge 50"
    assert in_words([*choices, choices[0]]) == (
        "learning rate 0.1, ridge 50 or learning rate 0.1, ridge 20"
    )
    assert in_words([]) == ""
