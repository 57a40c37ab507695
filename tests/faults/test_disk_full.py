"""The disk of the servers' data is full: it is reported, and all continues once there is space."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Page, expect

from db import embedded
from tests.browser.conftest import browser_type_launch_args  # noqa: F401
from tests.faults.conftest import write_films
from tests.faults.crowd import Crowd
from tests.faults.product import ask, refusal, until_it_answers
from tests.serving import ROOT, UNLIMITED, Server

pytestmark = [
    pytest.mark.faults,
    pytest.mark.soak,
    pytest.mark.timeout(600),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small tmpfs"),
]

TOO_SMALL, ENOUGH = "24M", "400M"


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a small separate disk."""
    place = tmp_path_factory.mktemp("small") / "disk"
    place.mkdir()
    options = f"size={TOO_SMALL},mode=755"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a tmpfs can't be mounted here")
    yield place
    embedded.stop(place)
    subprocess.run(["umount", "--lazy", place], check=True)


def _resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)


def _fill(disk: Path) -> Path:
    """Fill the disk with a file, and return it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return ballast


def _recsys(disk: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "recsys", *words],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(disk)},
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )


@pytest.fixture(scope="module")
def app(disk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Yield an app whose disk is too small at its first start, and is then enlarged."""
    release = write_films(tmp_path_factory.mktemp("releases") / "films")
    server = Server(disk, DATASET=str(release), **UNLIMITED)
    server.wait_until_healthy(120)
    yield server
    server.stop()


def test_a_page_says_so(app: Server, disk: Path, page: Page) -> None:
    app.wait_for_log("the disk is full")
    page.goto(app.address)
    problem = page.get_by_text("Starting the database doesn't work yet")
    expect(problem).to_contain_text("the disk is full")
    assert str(disk) in app.log.read_text()
    assert str(disk) not in page.content()


def test_a_first_start(app: Server, disk: Path) -> None:
    app.wait_for_log("the disk is full")
    with pytest.raises(HTTPError) as refused:
        ask(app.address, "give-rec")
    assert refused.value.code == 503
    assert "Starting" in refusal(refused.value)
    _resize(disk, ENOUGH)
    assert len(until_it_answers(app, "give-rec", 170)["items"]) == 5
    app.wait_for_log("Ready", 170)
    log = app.log.read_text()
    assert "Traceback" not in log
    assert log.count("ERROR") == 1, "logged once, however often it is tried"


def test_rating(app: Server, disk: Path) -> None:
    with Crowd(app) as crowd:
        ballast = _fill(disk)
        crowd.wait_for_refusals()
        ballast.unlink()
        crowd.wait_for_ratings()
    crowd.report("disk full while people rate")


@pytest.mark.parametrize("what", ["load", "train"])
def test_a_command(app: Server, disk: Path, tmp_path: Path, what: str) -> None:
    words = ["train"] if what == "train" else ["load", str(write_films(tmp_path / "other", 3000))]
    before = until_it_answers(app, "movies/1"), ask(app.address, "give-rec")["model_version"]
    ballast = _fill(disk)
    failed = _recsys(disk, *words)
    ballast.unlink()
    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert "space" in failed.stderr
    assert "Traceback" not in failed.stderr
    after = until_it_answers(app, "movies/1"), ask(app.address, "give-rec")["model_version"]
    assert after == before

    done = _recsys(disk, *words)
    assert done.returncode == 0, done.stderr
