"""The command line on a real database.

A few successful commands run in subprocesses; the others run in this process, because a process
takes seconds to start.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from accounts.demo import sync_demo_accounts
from config import Settings
from db.loading import load
from db.queries import model_versions, statistics, users
from recsys.training.train import train
from tests.catalogue import FILMS, write_release
from tests.commands.running import Done, Run
from tests.recsys.frames import TINY

pytestmark = pytest.mark.data_layer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return write_release(tmp_path / "small-release")


@pytest.fixture
def loaded(engine: Engine, release: Path) -> Engine:
    """Load the small catalogue: 12 films, 8 raters."""
    load(engine, release)
    return engine


@pytest.fixture
def trained(loaded: Engine) -> Engine:
    """Train two models, the first of which is active."""
    train(loaded, **TINY)
    train(loaded, activate=False, seed=7, **TINY)
    return loaded


def _refused(done: Done, code: int, *words: str) -> None:
    """Assert that the command ended with this code and a clear message, without a traceback."""
    assert done.code == code, done.err
    assert done.out == ""
    assert "Traceback" not in done.err
    assert 10 < len(done.err) < 2_000
    for word in words:
        assert word in done.err


def _lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def test_load_train_and_recommend(run: Run, run_here: Run, release: Path) -> None:
    loaded = run("load", str(release))
    assert loaded.code == 0, loaded.err
    assert "Loaded small-release: 12 films, 8 people, 48 ratings" in loaded.out
    again = _lines(run_here("load", str(release), "--json").out)
    assert {*again[-1]} >= {"movies", "ratings", "rejected", "examples"}
    assert (again[-1]["movies"], again[-1]["ratings"]) == (12, 48)

    trained = run("train", "--json")
    assert trained.code == 0, trained.err
    *reports, version = _lines(trained.out)
    assert [report["progress"] for report in reports][-1] == 1
    assert (version["id"], version["is_active"]) == (1, True)
    assert trained.err == ""

    films = run("recommend", "test7@mail.com")
    assert films.code == 0, films.err
    assert [line[:3] for line in films.out.splitlines()] == ["1. ", "2. ", "3. ", "4. ", "5. "]
    rated = [FILMS[number][0] for number in (7, 8, 9, 10, 11, 1)]
    assert not any(title in films.out for title in rated)


def test_recommend(trained: Engine, run_here: Run) -> None:
    (known,) = _lines(run_here("recommend", "1", "--json", "-k", "100").out)
    assert (known["kind"], known["model_version"], known["cached"]) == ("known", "1", False)
    assert {item["movie_id"] for item in known["items"]} == {7, 8, 9, 10, 11, 12}
    assert {"movie_id", "share"} == known["items"][0]["reasons"][0].keys()
    (again,) = _lines(run_here("recommend", "1", "--json", "-k", "3").out)
    assert again["cached"]
    assert again["items"] == known["items"][:3]

    (styled,) = _lines(run_here("recommend", "1", "--json", "--style", "adventurous").out)
    assert (known["style"], styled["style"], styled["cached"]) == ("balanced", "adventurous", False)
    wrong = run_here("recommend", "1", "--style", "wild")
    _refused(wrong, 2, "'popular'", "'balanced'", "'adventurous'")

    western = run_here("recommend", "stranger", "--genre", " westERN")
    assert western.code == 0
    assert western.out.startswith("1. Unforgiven (1992)  ")
    assert len(western.out.splitlines()) == 1


def test_roles_are_granted_and_revoked(loaded: Engine, run_here: Run) -> None:
    with loaded.begin() as connection:
        users.register(connection, email="jane@example.org", name="", password_hash="x")

    def role() -> str:
        with loaded.connect() as connection:
            jane = users.by_email(connection, "jane@example.org")
        assert jane is not None
        return jane.role

    assert role() == "user"
    done = run_here("role", "JANE@example.org", "admin")
    assert done.out == "jane@example.org is an administrator now.\n"
    assert role() == "admin"
    assert run_here("role", "jane@example.org", "user").code == 0
    assert role() == "user"

    _refused(run_here("role", "jane@example.org", "king"), 2, "king", "analyst")
    _refused(run_here("role", "joe@example.org", "admin"), 1, "no account 'joe@example.org'")
    _refused(run_here("role", "\0", "admin"), 1, "no account")
    assert role() == "user"


def test_demo_account_cannot_become_administrator(
    loaded: Engine, settings: Settings, run_here: Run
) -> None:
    sync_demo_accounts(loaded, settings)
    _refused(run_here("role", "test1@mail.com", "admin"), 1, "demo account", "everybody knows")
    assert run_here("role", "test1@mail.com", "user").code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody@x.y"], ["There is no user 'nobody@x.y'"]),
        (["999"], ["There is no user '999'"]),
        (["9" * 30], ["There is no user"]),
        (["٣"], ["There is no user"]),
        (["\0"], ["There is no user"]),
        (["\udcff"], ["There is no user"]),  # invalid UTF-8
        (["x" * 10_000], ["There is no user"]),
        (["🎬 [bold]; DROP TABLE users; --"], ["There is no user '🎬 [bold]; DROP"]),
        (["-k", "0", "stranger"], ["-k", "greater than or equal to 1"]),
        (["-k", "many", "stranger"], ["-k", "valid integer"]),
        (["--genre", "westren", "stranger"], ["Did you mean Western?", "Sci-Fi"]),
        (["--genre", "", "stranger"], ["Sci-Fi"]),
        (["--genre", "x" * 10_000, "stranger"], ["Sci-Fi"]),
        (["--genre", "\0\ud800🎬", "stranger"], ["Sci-Fi"]),
    ],
)
def test_recommend_with_invalid_arguments(
    loaded: Engine, run_here: Run, arguments: list[str], words: list[str]
) -> None:
    _refused(run_here("recommend", *arguments), 2, *words)


def test_hostile_argument_in_a_subprocess(loaded: Engine, run: Run) -> None:
    _refused(run("recommend", "🎬" * 2_000 + "\udcff"), 2, "There is no user")


def test_models(trained: Engine, run_here: Run) -> None:
    newest, oldest = _lines(run_here("models", "--json").out)[0]
    assert [(each["id"], each["is_active"]) for each in (newest, oldest)] == [(2, False), (1, True)]
    assert run_here("models", "activate", "2").out == "Model 2 is active now.\n"
    table = run_here("models").out
    assert newest["sha256"][:12] in table
    assert oldest["sha256"][:12] in table
    _refused(run_here("models", "activate", "999"), 2, "there is no model version 999")
    _refused(run_here("models", "activate", "9" * 30), 2, "there is no model version 999")
    _refused(run_here("models", "activate", "two"), 2, "valid integer")
    newest, oldest = _lines(run_here("models", "--json").out)[0]
    assert (newest["is_active"], oldest["is_active"]) == (True, False)


def test_empty_database_says_what_to_do(run_here: Run) -> None:
    assert run_here("models").out.startswith("No model has been trained yet")
    _refused(run_here("train"), 1, "there are no ratings", "python -m recsys load demo")
    nothing = run_here("recommend", "stranger")
    assert (nothing.code, nothing.out) == (0, "")
    assert "No model has been trained yet" in nothing.err


@pytest.mark.parametrize("source", ["no/such/folder", ".", "x" * 10_000, "🎬", "\0"])
def test_invalid_source(run_here: Run, source: str) -> None:
    _refused(run_here("load", source, "--json"), 2)


@pytest.fixture
def ten_points(tmp_path: Path) -> Path:
    """Write two tables with 20 ratings out of ten, with unusual names of columns."""
    folder = tmp_path / "ten-points"
    folder.mkdir()
    (folder / "films.csv").write_text("nr,name\n1,Heat (1995)\n")
    ratings = "".join(f'"{user}","1","{user % 10 + 1}"\n' for user in range(1, 21))
    (folder / "scores.csv").write_text(f"who,nr,score\n{ratings}")
    return folder


def test_other_scales_and_columns(loaded: Engine, run_here: Run, ten_points: Path) -> None:
    told = (
        "load",
        str(ten_points),
        "--map",
        "user=who,item=nr",
        "--map",
        "rating=score,title=name",
    )
    _refused(
        run_here(*told),
        2,
        "10 of 20 lines of scores.csv can't be used (line 6: rating is not one of 0.5, 1, 1.5, up",
        "; line 7: rating is not",
        "; line 8: rating is not",
        "ratings go up to 10, 10 of them above 5: if they are out of 10, use --scale 10",
        "nothing was changed",
    )
    with loaded.connect() as connection:
        assert statistics.totals(connection).ratings == 48
    done = run_here(*told, "--scale", "10")
    assert done.code == 0, done.err
    assert "Loaded ten-points: 1 films, 20 people, 20 ratings" in done.out
    assert "The ratings have no times" in done.out


def test_invalid_columns_and_scale(run_here: Run, ten_points: Path) -> None:
    source = str(ten_points)
    _refused(run_here("load", source), 2, "no files of a data set", "films.csv, scores.csv")
    _refused(run_here("load", source, "--scale", "7"), 2, "--scale", "'5', '10', '100'")
    _refused(run_here("load", source, "--map", "who=user"), 2, "takes key=column")
    _refused(
        run_here("load", source, "--map", "user=who,item=nr,rating=x"), 2, "there is films.csv"
    )
    _refused(run_here("load", "demo", "--scale", "10"), 2, "neither --scale nor --map")


def test_invalid_commands(run_here: Run) -> None:
    for arguments, code in (([], 2), (["--help"], 0)):
        shown = run_here(*arguments)
        assert shown.code == code
        assert "recommend" in shown.out + shown.err
    _refused(run_here("dance"), 2, "dance")
    _refused(run_here("load"), 2, "source")


def test_invalid_setting_is_named(run: Run, run_here: Run) -> None:
    _refused(run("models", DATABASE_URL="mysql://u:secret@h/d"), 2, "DATABASE_URL", "postgresql://")
    wrong = run_here("models", SESSION_DAYS="never")
    _refused(wrong, 2, "Setting SESSION_DAYS")
    assert len(wrong.err.splitlines()) == 1


def test_unavailable_database_is_one_line_without_the_password(run: Run) -> None:
    done = run("models", DATABASE_URL="postgresql://jane:secret@127.0.0.1:1/films")
    _refused(done, 1, "127.0.0.1")
    assert len(done.err.splitlines()) == 1
    assert "secret" not in done.err


def test_unavailable_redis_does_not_change_lists(trained: Engine, run_here: Run) -> None:
    available = run_here("recommend", "1")
    unavailable = run_here("recommend", "1", REDIS_URL="redis://127.0.0.1:1")
    assert (unavailable.code, unavailable.out) == (0, available.out)
    assert "Traceback" not in unavailable.err


def test_stop_with_nothing_running(run: Run, tmp_path: Path) -> None:
    assert run("stop") == Done(0, "Nothing was running.\n", "")
    assert not (tmp_path / "data").exists()


def test_train_only_if_stale(run_here: Run, trained: Engine) -> None:
    done = run_here("train", "--if-stale")
    assert (done.code, done.out.strip()) == (0, "The active model is not stale.")
    done = run_here("train", "--if-stale", "--json")
    assert json.loads(done.out) == {"stale": None}
    with trained.connect() as connection:
        assert len(model_versions.listed(connection)) == 2
    _refused(run_here("train", "--if-stale", "--days", "-1"), 2, "--days")
