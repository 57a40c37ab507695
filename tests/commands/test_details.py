"""`python -m recsys details imdb FOLDER`."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from db.loading import load
from tests.catalogue import write_release
from tests.commands.running import Run
from tests.db.details.files import EVERY, write_imdb

pytestmark = pytest.mark.data_layer


@pytest.fixture
def loaded(engine: Engine, tmp_path: Path) -> Engine:
    """Load the small catalogue, of which IMDb's files have Heat, Fargo and Solaris."""
    load(engine, write_release(tmp_path / "small-release"))
    return engine


def test_what_it_says(loaded: Engine, run: Run, tmp_path: Path) -> None:
    files = {**EVERY, "title.crew": [*EVERY["title.crew"], ("tt0113277",)]}
    files.pop("title.akas")
    done = run("details", "imdb", str(write_imdb(tmp_path / "imdb", files)))
    assert done.code == 0, done.err
    first, *others = done.out.splitlines()
    assert first.startswith(
        "3 of 12 films were found in IMDb's files: 0 by number, 3 by title and year; "
        "0 were left out as ambiguous. It took "
    )
    assert others == [
        "Films now: 3 with length, 3 with directors, 2 with cast, 0 with titles of other regions, "
        "0 with a Russian title.",
        "Changed rows: 3 films, 7 people, 10 roles, 0 titles.",
        "Not in the folder: title.akas. What they say was left as is.",
        "Skipped 1 lines:",
        "  1 × wrong number of fields",
        "  title.crew.tsv.gz, line 6: wrong number of fields",
    ]
    with loaded.connect() as connection:
        assert (
            connection.scalar(text("SELECT minutes FROM movie_details WHERE movie_id = 2")) == 170
        )


def test_json(loaded: Engine, run_here: Run, tmp_path: Path) -> None:
    done = run_here("details", "imdb", str(write_imdb(tmp_path / "imdb")), "--json")
    *steps, result = map(json.loads, done.out.splitlines())
    assert steps[0] == {"progress": None, "what": "Waiting for other loads"}
    assert {"progress": 0.0, "what": "Reading title.basics.tsv.gz"} in steps
    assert steps[-1] == {"progress": 1.0, "what": "Done"}
    assert (result["films"], result["matched"], result["missing"]) == (12, 3, [])
    assert result["coverage"]["with_russian_title"] == 2


def test_failures(loaded: Engine, run_here: Run, tmp_path: Path) -> None:
    done = run_here("details", "imdb", str(tmp_path / "nowhere"))
    assert (done.code, done.out) == (2, "")
    assert "is not a folder" in done.err
    assert "datasets.imdbws.com" in done.err
    assert run_here("details").code == 2
