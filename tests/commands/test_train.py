"""What `train` prints of what the training learned."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from commands.train import learned_in_words
from recsys.data.learned import Learned
from tests.commands.running import Run
from tests.recsys.frames import checkerboard

LEARNED = asdict(
    Learned(oldest=0.6, ridge=400.0, dropout=0.2, activity=-0.25, shares=(0.4, 0.15, 0.37, 0.08))
)

KEPT = ("learned", "gains", "learned_on")


def test_each_choice_with_its_gain() -> None:
    gains = {
        "ease": 0.1123,
        "next": 0.02,
        "short-term": 0.0,
        "oldest": 0.0004,
        "shares": 0.012,
        "discount": 0.0,
        "dislikes": 0.013,
    }
    assert learned_in_words({"learned": {**LEARNED, "next_ridge": 800.0}, "gains": gains}) == (
        "EASE ridge 400, dropout 0.2, activity -0.25 (+11.23%); next likes ridge 800 (+2.00%); "
        "short-term ridge 100, co-occurrence 70% (default); oldest likes 0.6 (+0.04%); "
        "LightFM 40%, genres 15%, item-item 37%, short-term 8%; within item-item: next likes 22%, "
        "co-occurrence in order 48% (+1.20%); popularity discount 0.12 (default); "
        "dislikes 0.2 (+1.30%)"
    )


def test_choices_kept_from_an_older_version_lack_some() -> None:
    newer = ("next_ridge", "short_term_ridge", "near_share", "dislikes")
    stored = {name: value for name, value in LEARNED.items() if name not in newer}
    gains = {"ease": 0.1123, "oldest": 0.0004, "shares": 0.012, "discount": 0.0}
    assert learned_in_words({"learned": stored, "gains": gains}).startswith(
        "EASE ridge 400, dropout 0.2, activity -0.25 (+11.23%); next likes ridge 200 (default); "
        "short-term ridge 100, co-occurrence 70% (default); oldest likes 0.6 (+0.04%); "
    )


def test_nothing_of_a_model_that_uses_the_defaults() -> None:
    assert learned_in_words({}) == ""
    assert learned_in_words({"learned": LEARNED, "gains": {}}) == ""


@pytest.fixture
def board(run_here: Run, tmp_path: Path) -> Run:
    """Load the ratings of fifty people, enough for a trial."""
    ratings, movies = checkerboard(50)
    folder = tmp_path / "board"
    folder.mkdir()
    seconds = ratings.pop("rated_at").map(lambda moment: int(moment.timestamp()))
    columns = {"user_id": "userId", "movie_id": "movieId"}
    ratings.rename(columns=columns).assign(timestamp=seconds).to_csv(
        folder / "ratings.csv", index=False
    )
    movies = movies.assign(genres="(no genres listed)").drop(columns="year")
    movies.rename(columns=columns).to_csv(folder / "movies.csv", index=False)
    assert run_here("load", str(folder)).code == 0
    return run_here


@pytest.mark.data_layer
def test_a_training_prints_it_in_one_line(board: Run) -> None:
    trained = board("train")
    assert trained.code == 0, trained.err
    model, learned = trained.out.splitlines()
    assert model.endswith("active now.")
    assert learned.startswith("Learned: EASE ridge ")
    assert learned.endswith(").")


@pytest.mark.data_layer
def test_choices_can_be_kept(board: Run, engine: Engine) -> None:
    first = json.loads(board("train", "--json").out.splitlines()[-1])["parameters"]
    assert first["learned_on"] == first["ratings"] == 1200
    other_seed = ("train", "--json", "--seed", "7")
    kept = json.loads(board(*other_seed, "--keep-choices").out.splitlines()[-1])
    assert [kept["parameters"][name] for name in KEPT] == [first[name] for name in KEPT]
    assert kept["metrics"]["people"] == 10, "the trial measures"
    with engine.begin() as connection:
        fewer = (
            "UPDATE model_versions SET parameters = jsonb_set(parameters, '{learned_on}', '999')"
        )
        connection.execute(text(fewer))
    anew = json.loads(board(*other_seed, "--keep-choices").out.splitlines()[-1])["parameters"]
    assert anew["learned_on"] == 1200, "1,200 ratings are over a fifth more than 999"
