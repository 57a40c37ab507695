"""A killed load of IMDb's files leaves the database unchanged."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.details import load_imdb
from tests.db.details.files import FILMS, stored, write_imdb

pytestmark = [pytest.mark.data_layer, pytest.mark.faults]

# Reports the step and waits there, so that the test can kill it at that step.
LOAD = """
import sys, time
from pathlib import Path
from sqlalchemy import create_engine
from db.details import load_imdb

def progress(fraction, what):
    if what == sys.argv[3]:
        print("there", flush=True)
        time.sleep(60)

load_imdb(create_engine(sys.argv[1]), Path(sys.argv[2]), progress=progress)
"""


@pytest.mark.parametrize("step", ["Reading title.principals.tsv.gz", "Storing the details"])
def test_killed_while(step: str, linked: Engine, database_url: str, tmp_path: Path) -> None:
    load_imdb(linked, write_imdb(tmp_path / "before", {"title.basics": list(FILMS)[:1]}))
    before = stored(linked)
    folder = write_imdb(tmp_path / "imdb")
    process = subprocess.Popen(
        [sys.executable, "-c", LOAD, database_url, str(folder), step],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        process.kill()
    assert stored(linked) == before
    assert load_imdb(linked, folder).matched == 3
