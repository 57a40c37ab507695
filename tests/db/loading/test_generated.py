"""The release of any size that benchmarks generate."""

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from benchmarks.large import LEAST_RATINGS, STAR_SHARES, Shape, write
from db.loading import load

pytestmark = pytest.mark.data_layer

SHAPE = Shape(ratings=20_000, films=1_500, people=250)


def test_release_has_the_requested_shape(engine: Engine, tmp_path: Path) -> None:
    write(tmp_path / "release", SHAPE)
    report = load(engine, tmp_path / "release")
    assert (report.movies, report.raters, report.ratings) == (1_500, 250, 20_000)
    assert report.rejected == 0


def test_ratings_are_concentrated_on_few_films_and_users(tmp_path: Path) -> None:
    write(tmp_path, SHAPE)
    ratings = pd.read_csv(tmp_path / "ratings.csv")
    of_people, of_films = ratings["userId"].value_counts(), ratings["movieId"].value_counts()
    assert of_people.min() >= LEAST_RATINGS
    assert of_people.median() < 0.7 * of_people.mean()
    assert of_films.head(150).sum() > 0.5 * SHAPE.ratings
    stars = ratings["rating"].value_counts(normalize=True).sort_index()
    assert stars.to_numpy() == pytest.approx(STAR_SHARES, abs=0.02)


def test_same_seed_writes_the_same_release(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        write(tmp_path / name, Shape(2_000, 300, 40), seed)
    one, again, other = (
        (tmp_path / name / "ratings.csv").read_bytes() for name in ("one", "again", "other")
    )
    assert one == again
    assert one != other


def test_impossible_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="50 people can't give 100 ratings on 30 films"):
        write(tmp_path, Shape(ratings=100, films=30, people=50))
