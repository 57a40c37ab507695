"""`python -m recsys evaluate`."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.loading import load
from db.queries import evaluations
from recsys.evaluation import libraries, run
from recsys.training.train import train
from tests.catalogue import write_release
from tests.commands.running import Run
from tests.recsys.frames import TINY

pytestmark = pytest.mark.data_layer


@pytest.fixture
def loaded(engine: Engine, tmp_path: Path) -> Engine:
    load(engine, write_release(tmp_path / "small-release"))
    return engine


def test_metrics_are_stored_with_the_active_version(run_here: Run, loaded: Engine) -> None:
    version = train(loaded, **TINY)
    done = run_here(
        "evaluate",
        "--split",
        "per-user-temporal",
        "--model",
        "popularity",
        "--model",
        "item-knn",
        "--json",
    )
    assert done.code == 0, done.err
    (found,) = json.loads(done.out.splitlines()[-1])
    assert sorted(found["models"]) == ["Item-kNN", "Popularity"]
    with loaded.connect() as connection:
        (kept,) = evaluations.latest(connection, "small-release").values()
    assert kept.results == found
    assert kept.model_version == version.id


def test_lists_of_other_lengths_are_stored_beside_the_usual_ones(
    run_here: Run, loaded: Engine
) -> None:
    split = ("--split", "per-user-temporal")
    done = run_here("evaluate", *split, "--model", "Popularity", "--k", "3")
    assert done.code == 0, done.err
    assert "capped recall@3: hits among the first 3 over min(3, relevant items)." in done.out
    assert "@5" not in done.out
    with loaded.connect() as connection:
        (kept,) = evaluations.latest(connection, "small-release").values()
    assert {"ndcg@3", "ndcg@5", "ndcg@10"} <= set(kept.results["models"]["Popularity"])


def test_splits_have_former_names_too(run_here: Run, loaded: Engine) -> None:
    asked = ("known", "per-user-temporal", "time", "newcomers")
    splits = [word for split in asked for word in ("--split", split)]
    done = run_here("evaluate", *splits, "--model", "Popularity", "--json")
    assert done.code == 0, done.err
    found = json.loads(done.out.splitlines()[-1])
    assert [each["split"] for each in found] == ["per-user-temporal", "global-temporal"]
    assert "cold-start: the data set has no people to evaluate." in done.err
    explained = " ".join(run_here("evaluate", "--help").out.replace("│", " ").split())
    assert "`known`, `time` and `newcomers` are former names of" in explained


def test_chosen_parameters_of_baselines_are_printed_and_stored(
    run_here: Run, loaded: Engine
) -> None:
    done = run_here("evaluate", "--split", "per-user-temporal", "--model", "EDLAE")
    assert done.code == 0, done.err
    assert "per-user-temporal: chosen on a validation part of the training ratings" in done.out
    with loaded.connect() as connection:
        (kept,) = evaluations.latest(connection, "small-release").values()
    (chosen,) = kept.results["chosen"]["EDLAE"]
    assert f"  EDLAE: dropout {chosen['dropout']}, ridge {chosen['ridge']}\n" in done.out


def test_other_source_without_storing(run_here: Run, loaded: Engine, tmp_path: Path) -> None:
    done = run_here(
        *("evaluate", "--source", str(tmp_path / "small-release"), "--no-keep"),
        *("--split", "per-user-temporal", "--model", "Popularity"),
    )
    assert done.code == 0, done.err
    assert "Known people: the latest fifth" in done.out
    assert "Popularity" in done.out
    with loaded.connect() as connection:
        assert evaluations.sources(connection) == []


def test_custom_panel_with_its_lists(run_here: Run, loaded: Engine, tmp_path: Path) -> None:
    panel = tmp_path / "panel.json"
    panel.write_text(
        json.dumps(
            [
                {"name": "likes horror", "likes": [4], "genres": [["Horror"]], "films": [77]},
                {"name": "likes what is not there", "likes": [78], "films": [1]},
            ]
        )
    )
    arguments = ["--split", "panel", "--model", "Popularity", "--panel", str(panel)]
    done = run_here("evaluate", *arguments, "--show")
    assert done.code == 0, done.err
    words = " ".join(done.out.split())
    assert "likes horror loves Alien (1979) Popularity, 0.20:" in words
    assert "+ Aliens (1986); " in words
    assert "0 of 1" in words, "no one has five films of which none fits"
    assert "panel: 1 of its films are not in the data set." in done.err
    assert "panel: left out likes what is not there, whose films are missing." in done.err

    done = run_here("evaluate", *arguments, "--json")
    (found,) = json.loads(done.out.splitlines()[-1])
    assert found["split"] == "panel"
    (person,) = found["panel"]
    assert person["missing"] == [77]
    assert person["lists"]["Popularity"]["fits@5"] == 0.2
    with loaded.connect() as connection:
        assert evaluations.latest(connection, "small-release")["panel"].results == found


def test_default_panel_on_a_data_set_without_its_films(run_here: Run, loaded: Engine) -> None:
    done = run_here("evaluate", "--split", "panel", "--model", "Popularity", "--json")
    assert done.code == 0
    assert json.loads(done.out.splitlines()[-1]) == []
    assert "panel: the data set has no people to evaluate." in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (
            ["--model", "Oracle"],
            2,
            "no model Oracle: choose from Five Films; Five Films, well-known;",
        ),
        (
            ["--split", "weekly"],
            2,
            "'weekly' is not one of 'per-user-temporal', 'global-temporal', 'random'",
        ),
        (["--seeds", "0"], 2, "--seeds"),
        (["--source", "/nowhere"], 2, "/nowhere"),
        (["--panel", "/nowhere.json"], 2, "/nowhere.json can't be read: No such file"),
        (
            ["--split", "per-user-temporal", "--panel", "x.json"],
            2,
            "--panel needs `--split panel` too",
        ),
        (
            ["--split", "per-user-temporal"],
            1,
            "There are no ratings: load some with `python -m recsys load demo`",
        ),
    ],
)
def test_invalid_arguments(run_here: Run, arguments: list[str], code: int, says: str) -> None:
    done = run_here("evaluate", *arguments)
    assert done.code == code
    assert says in " ".join(done.err.replace("│", " ").split())


def test_baseline_without_its_library_says_what_to_install(
    run_here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(libraries.NEEDS, "EASE", ("no_such_library",))
    done = run_here("evaluate", "--model", "EASE")
    assert done.code == 1
    assert "EASE needs no_such_library: `pip install --no-deps -r" in done.err


def test_by_default_baselines_without_their_library_are_left_out_with_a_reason(
    run_here: Run, loaded: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in run.CONTENDERS:
        monkeypatch.setitem(libraries.NEEDS, name, ("no_such_library",))
    monkeypatch.setitem(libraries.NEEDS, "Popularity", ())
    done = run_here("evaluate", "--split", "per-user-temporal")
    assert done.code == 0, done.err
    assert "Left out: EASE (not installed: no_such_library)." in done.out.splitlines()
    with loaded.connect() as connection:
        (kept,) = evaluations.latest(connection, "small-release").values()
    assert list(kept.results["models"]) == ["Popularity"]
    assert kept.results["left_out"]["EASE"] == {
        "text": "not installed: {libraries}",
        "values": {"libraries": "no_such_library"},
    }
