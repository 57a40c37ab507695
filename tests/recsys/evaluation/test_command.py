"""`python -m recsys evaluate`."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db import evaluations
from db.loading import load
from recsys.evaluation import command
from recsys.train import train
from tests.catalogue import write_release
from tests.recsys.commands import Run
from tests.recsys.frames import TINY

pytestmark = pytest.mark.data_layer


@pytest.fixture
def loaded(engine: Engine, tmp_path: Path) -> Engine:
    load(engine, write_release(tmp_path / "small-release"))
    return engine


def test_figures_are_kept_with_the_version_that_was_served(run_here: Run, loaded: Engine) -> None:
    version = train(loaded, **TINY)
    done = run_here(
        "evaluate", "--split", "known", "--model", "popularity", "--model", "item-knn", "--json"
    )
    assert done.code == 0, done.err
    (found,) = json.loads(done.out.splitlines()[-1])
    assert sorted(found["models"]) == ["Item-kNN", "Popularity"]
    with loaded.connect() as connection:
        (kept,) = evaluations.latest(connection, "small-release").values()
    assert kept.results == found
    assert kept.model_version == version.id


def test_another_source_for_people_and_nothing_kept(
    run_here: Run, loaded: Engine, tmp_path: Path
) -> None:
    done = run_here(
        *("evaluate", "--source", str(tmp_path / "small-release"), "--no-keep"),
        *("--split", "known", "--model", "Popularity"),
    )
    assert done.code == 0, done.err
    assert "Known people: the latest fifth" in done.out
    assert "Popularity" in done.out
    with loaded.connect() as connection:
        assert evaluations.sources(connection) == []


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--model", "Oracle"], 2, "There is no model Oracle: there are Five Films, Popularity,"),
        (["--split", "weekly"], 2, "'weekly' is not one of 'known', 'time', 'random'"),
        (["--seeds", "0"], 2, "--seeds"),
        (["--source", "/nowhere"], 2, "/nowhere"),
        (["--split", "known"], 1, "There are no ratings: `python -m recsys load demo`"),
    ],
)
def test_what_cannot_be_done(run_here: Run, arguments: list[str], code: int, says: str) -> None:
    done = run_here("evaluate", *arguments)
    assert done.code == code
    assert says in " ".join(done.err.replace("│", " ").split())


def test_a_peer_without_its_library_says_what_to_install(
    run_here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(command._NEEDS, "EASE", ("no_such_library",))
    done = run_here("evaluate", "--model", "EASE")
    assert done.code == 1
    assert "EASE needs no_such_library: `pip install --no-deps -r" in done.err
