"""kill -9 during writes: of the app, its servers, a data load and a training."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import write_films
from tests.faults.crowd import Crowd
from tests.faults.product import ask, servers, until, until_it_answers
from tests.serving import ROOT, Server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def app(folder_of_films: Path, run: Callable[..., Server]) -> Server:
    """Return an app with its own servers."""
    return run(folder_of_films)


def _recsys(folder: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "recsys", *words, "--json"],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _kill_at(process: "subprocess.Popen[str]", what: str) -> None:
    """Kill the process when its output shows that it has reached this stage."""
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line).get("what") == what:
            process.kill()
            process.wait()
            return
    raise AssertionError(f"it never reached {what!r}")


@pytest.mark.parametrize("name", ["postgres", "valkey-server"])
def test_a_server(app: Server, name: str) -> None:
    with Crowd(app) as crowd:
        for _ in range(3):
            until(lambda: servers(app.data_dir, name))
            (server,) = servers(app.data_dir, name)
            server.send_signal(signal.SIGKILL)
            crowd.wait_for_ratings(10)
    crowd.report(f"{name} killed three times, the app starts it again")


@pytest.mark.soak
def test_a_load(app: Server, folder_of_films: Path, tmp_path: Path) -> None:
    release = write_films(tmp_path / "other", raters=2000)
    with Crowd(app) as crowd:
        films = ask(app.address, "movies/1")
        with _recsys(folder_of_films, "load", str(release)) as load:
            _kill_at(load, "Storing films and ratings")
        crowd.wait_for_ratings()
        assert ask(app.address, "movies/1") == films
    crowd.report("a load killed")


@pytest.mark.soak
def test_a_training(app: Server, folder_of_films: Path) -> None:
    """And the model of the next training, which isn't killed, is served."""
    version = ask(app.address, "give-rec")["model_version"]
    with Crowd(app) as crowd:
        with _recsys(folder_of_films, "train") as training:
            _kill_at(training, "learning")
        crowd.wait_for_ratings()
        assert ask(app.address, "give-rec")["model_version"] == version
        with _recsys(folder_of_films, "train") as training:
            told, _ = training.communicate(timeout=300)
            assert training.returncode == 0
        kept = json.loads(told.splitlines()[-1])
        if kept["is_active"]:
            until(lambda: ask(app.address, "give-rec")["model_version"] == str(kept["id"]))
        crowd.wait_for_ratings()
    crowd.report("a training killed, and one that wasn't")


@pytest.mark.soak
def test_the_app(app: Server, folder_of_films: Path, run: Callable[..., Server]) -> None:
    with Crowd(app) as crowd:
        app.kill()
        until(lambda: crowd.unanswered > 3)
        crowd.move_to(run(folder_of_films))
        crowd.wait_for_ratings()
    assert until_it_answers(crowd.server, "give-rec")["items"]
    crowd.report("the app killed and started again")
