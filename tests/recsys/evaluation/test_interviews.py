"""Interviews on a checkerboard: people who like one film like all of its colour."""

import json
from pathlib import Path

import pandas as pd
import pytest

from recsys.data.taste_panel import Person
from recsys.evaluation import interviews
from recsys.evaluation.interviews import OURS, RULES, ask, evaluate_onboarding
from recsys.models.model import Model
from tests.commands.running import Run
from tests.recsys.frames import checkerboard

NO_RATINGS = pd.DataFrame({"movie_id": [], "rating": []})


def test_rule_is_called_again_after_each_answer(board: Model) -> None:
    interview = ask(board, NO_RATINGS, lambda _model, _ratings, _so_far: [1, 2, 3], {2: 5.0}.get)
    assert interview.asked == [1, 2, 3]
    assert interview.answers == {2: 5.0}
    assert interview.unanswered == [1, 3]
    assert interview.history["rating"].tolist() == [5.0]


def test_at_most_twelve_questions(board: Model) -> None:
    interview = ask(
        board, NO_RATINGS, lambda _model, _ratings, _so_far: [*range(1, 25)], lambda _: None
    )
    assert interview.asked == [*range(1, 13)]


@pytest.mark.parametrize("rule", RULES)
def test_rules_never_repeat_a_question(rule: str, board: Model) -> None:
    ratings, _ = checkerboard()
    interview = ask(board, ratings, RULES[rule], lambda _film: None)
    assert len({*interview.asked}) == len(interview.asked)


def test_answers_lead_to_films_of_the_same_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interviews, "LEAST_RATINGS", 5)
    ratings, movies = checkerboard()
    movies["genres"] = [["Drama"] if number % 2 else ["War"] for number in movies["movie_id"]]
    odd = Person(name="odd", likes=(1,), genres=(("Drama",),))
    found = evaluate_onboarding(ratings, movies, [odd])
    assert list(found) == list(RULES)
    assert found[OURS].metrics["fits@5"]["mean"] == 1
    assert found[OURS].metrics["no fit@5"]["mean"] == 0
    assert 0 < found[OURS].metrics["ips-ndcg@5"]["mean"] <= 1


def test_invalid_panels_are_rejected(run: Run, tmp_path: Path) -> None:
    panel = tmp_path / "panel.json"
    panel.write_text(json.dumps([{"name": "nobody", "likes": []}]))
    done = run("interviews", "--panel", str(panel))
    assert done.code == 2
    assert "likes" in done.err
