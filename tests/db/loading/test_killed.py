"""A killed load leaves the database unchanged."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.loading import load
from tests.db.loading.releases import dump, stored_ratings, write_csv

pytestmark = [pytest.mark.data_layer, pytest.mark.faults]

# Reports the step and waits there, so that the test can kill it at that step.
LOAD = """
import sys, time
from sqlalchemy import create_engine
from db.loading import load

def progress(fraction, what):
    if what == sys.argv[3] and fraction != 0:
        print("there", flush=True)
        time.sleep(60)

load(create_engine(sys.argv[1]), sys.argv[2], progress=progress)
"""


@pytest.mark.parametrize(
    "step", ["Reading ratings", "Storing films and ratings", "Computing the statistics"]
)
def test_killed_while(step: str, engine: Engine, database_url: str, tmp_path: Path) -> None:
    load(engine, write_csv(tmp_path / "before"))
    before = dump(engine)
    ratings = [f"{user},{film},3.5,9" for user in range(1, 2000) for film in range(1, 10)]
    other = write_csv(tmp_path / "other", [f"{film},F,G" for film in range(1, 10)], ratings)

    process = subprocess.Popen(
        [sys.executable, "-c", LOAD, database_url, str(other), step],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        process.kill()

    assert dump(engine) == before
    load(engine, other)
    assert len(stored_ratings(engine)) == len(ratings)
