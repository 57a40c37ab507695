"""Harm done to the running product: it ends with the app serving, and every row kept."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psutil
import pytest

from db import embedded
from tests.catalogue import write_release
from tests.serving import ROOT, Server

pytestmark = pytest.mark.faults


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts apps that share one data folder, on a small catalogue."""
    release = write_release(tmp_path / "small-release")
    data_dir = tmp_path / "data"
    started: list[Server] = []

    def _start(**environment: str) -> Server:
        server = Server(data_dir, DATASET=str(release), **environment)
        started.append(server)
        server.wait_until_healthy()
        return server

    yield _start
    for server in started:
        server.stop()
    embedded.stop(data_dir)


def _ask(server: Server, handle: str, *, token: str = "", **request: Any) -> Any:
    body = request.pop("json", None)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if body is not None:
        headers["Content-Type"] = "application/json"
        request["data"] = json.dumps(body).encode()
    asked = Request(f"{server.address}/api/{handle}", headers=headers, **request)
    with urlopen(asked, timeout=20) as answer:
        return json.loads(answer.read() or b"null")


def _until_it_answers(server: Server, handle: str, seconds: float = 40, **request: Any) -> Any:
    until = time.monotonic() + seconds
    while True:
        try:
            return _ask(server, handle, **dict(request))
        except (HTTPError, URLError, OSError) as error:
            if time.monotonic() > until:
                raise AssertionError(f"no answer:\n{server.log.read_text()}") from error
            time.sleep(0.2)


def _log_in(server: Server, number: int = 1) -> str:
    answer = _until_it_answers(
        server, "auth/login", data=f"username=test{number}@mail.com&password=test".encode()
    )
    return str(answer["access_token"])


def _servers(data_dir: Path, name: str) -> list[psutil.Process]:
    """The embedded servers of this folder that are called so."""
    found = []
    for process in psutil.process_iter(["name", "cwd", "cmdline", "ppid"]):
        places = f"{process.info['cwd']} {' '.join(process.info['cmdline'] or [])}"
        if process.info["name"] == name and str(data_dir) in places:
            found.append(process)
    parents = {process.pid for process in found}
    return [process for process in found if process.info["ppid"] not in parents]


def test_two_apps_at_once_on_an_empty_folder(start: Callable[..., Server]) -> None:
    first = start()
    second = start()
    lists = [_until_it_answers(server, "give-rec")["items"] for server in (first, second)]
    assert len(lists[0]) == 5
    assert lists[0] == lists[1]
    assert len(_servers(first.data_dir, "postgres")) == 1
    assert len(_servers(first.data_dir, "valkey-server")) == 1

    first.stop()
    assert len(_ask(second, "give-rec")["items"]) == 5
    second.stop()
    assert _servers(first.data_dir, "postgres") == []
    assert _servers(first.data_dir, "valkey-server") == []


def test_kill_9_of_the_app_keeps_what_was_rated(start: Callable[..., Server]) -> None:
    first = start()
    token = _log_in(first)
    _ask(first, "ratings/12", token=token, method="PUT", json={"rating": 4.5})
    first.kill()

    second = start()
    rated = _until_it_answers(second, "ratings", token=token)
    assert {"movie_id": 12, "rating": 4.5}.items() <= next(
        each.items() for each in rated["items"] if each["movie_id"] == 12
    )
    second.stop()
    assert _servers(first.data_dir, "postgres") == []


@pytest.mark.parametrize("name", ["postgres", "valkey-server"])
def test_kill_9_of_a_server_is_mended_by_the_running_app(
    start: Callable[..., Server], name: str
) -> None:
    app = start()
    token = _log_in(app)
    _ask(app, "ratings/12", token=token, method="PUT", json={"rating": 4.5})
    (server,) = _servers(app.data_dir, name)
    os.kill(server.pid, signal.SIGKILL)

    answer = _until_it_answers(app, "give-rec", token=token)
    assert len(answer["items"]) >= 5
    assert 12 not in {each["movie_id"] for each in answer["items"]}
    assert app.process.poll() is None
    rated = _until_it_answers(app, "ratings", token=token)
    assert 12 in {each["movie_id"] for each in rated["items"]}


def test_hostile_surroundings(start: Callable[..., Server]) -> None:
    app = start(LANG="xx_XX.UTF-8", LC_ALL="nonsense", PGHOST="example.invalid", PGPORT="1")
    assert len(_until_it_answers(app, "give-rec")["items"]) == 5


def test_stop_stops_and_a_running_app_starts_again(start: Callable[..., Server]) -> None:
    app = start()
    _until_it_answers(app, "give-rec")
    stopped = subprocess.run(
        [sys.executable, "-m", "recsys", "stop"],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(app.data_dir)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert stopped.stdout == "Stopped: PostgreSQL, Valkey.\n"
    assert len(_until_it_answers(app, "give-rec")["items"]) == 5


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = subprocess.run(
            [
                *(sys.executable, "-m", "streamlit", "run", "app.py"),
                *("--server.address", "127.0.0.1", "--server.port", port),
            ],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert told.returncode != 0
    assert f"Port {port}" in told.stdout + told.stderr
