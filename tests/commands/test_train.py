"""What `train` prints of what the training learned."""

from dataclasses import asdict
from pathlib import Path

import pytest

from commands.train import learned_in_words
from recsys.data.learned import Learned
from tests.commands.running import Run
from tests.recsys.frames import checkerboard

LEARNED = asdict(
    Learned(oldest=0.6, ridge=400.0, dropout=0.2, activity=-0.25, shares=(0.4, 0.15, 0.37, 0.08))
)


def test_each_choice_with_its_gain() -> None:
    gains = {"ease": 0.1123, "oldest": 0.0004, "shares": 0.012, "discount": 0.0}
    assert learned_in_words({"learned": LEARNED, "gains": gains}) == (
        "EASE ridge 400, dropout 0.2, activity -0.25 (+11.23%); oldest likes 0.6 (+0.04%); "
        "LightFM 40%, genres 15%, item-item 37%, short-term 8%; within item-item: next likes 22%, "
        "co-occurrence in order 48% (+1.20%); popularity discount 0.12 (default)"
    )


def test_nothing_of_a_model_that_uses_the_defaults() -> None:
    assert learned_in_words({}) == ""
    assert learned_in_words({"learned": LEARNED, "gains": {}}) == ""


@pytest.mark.data_layer
def test_a_training_prints_it_in_one_line(run_here: Run, tmp_path: Path) -> None:
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
    trained = run_here("train")
    assert trained.code == 0, trained.err
    model, learned = trained.out.splitlines()
    assert model.endswith("active now.")
    assert learned.startswith("Learned: EASE ridge ")
    assert learned.endswith(").")
