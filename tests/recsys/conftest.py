"""Models that several tests ask."""

import os
from pathlib import Path

import pytest

from recsys import fit
from recsys.model import Model
from tests.recsys.frames import TINY, checkerboard, movies, ratings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def board() -> Model:
    """A model of the checkerboard."""
    return fit(*checkerboard(), **{**TINY, "epochs": 40})


@pytest.fixture(scope="session")
def model() -> Model:
    """Six films with genres and years, one with neither; film 6 has no rating."""
    films = movies(
        {
            10: (1994, ["Drama"]),
            20: (1995, ["Drama", "Crime"]),
            30: (1999, ["Sci-Fi"]),
            40: (2003, ["Sci-Fi", "Action"]),
            50: (None, []),
            60: (2003, ["Action"]),
        }
    )
    rows = [
        (1, 10, 5.0, 1),
        (1, 20, 4.0, 2),
        (2, 10, 4.5, 1),
        (2, 20, 5.0, 2),
        (2, 50, 4.0, 3),
        (3, 30, 5.0, 1),
        (3, 40, 4.0, 2),
        (3, 10, 2.0, 3),
        (4, 10, 4.0, 1),
    ]
    return fit(ratings(*rows), films, **TINY)


@pytest.fixture(scope="session")
def release() -> Path:
    """The folder of ml-latest-small."""
    folder = ROOT / os.environ.get("MOVIELENS_DIR", "../shared/data/ml-latest-small")
    if not (folder / "ratings.csv").is_file():
        pytest.skip("ml-latest-small is not here: name its folder in MOVIELENS_DIR")
    return folder
