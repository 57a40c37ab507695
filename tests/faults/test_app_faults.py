"""Faults of the running product: afterwards the app serves, and no row is lost."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from db import embedded
from db.embedded.processes import wait_until
from db.queries import statistics, views
from tests.catalogue import write_release
from tests.faults.product import ask, log_in, servers, until_it_answers
from tests.serving import ROOT, CheapServer, Server

pytestmark = pytest.mark.faults


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Yield a function that starts apps which share one data folder, on a small catalogue."""
    release = write_release(tmp_path / "small-release")
    data_dir = tmp_path / "data"
    started: list[Server] = []

    def _start(**environment: str) -> Server:
        server = CheapServer(data_dir, DATASET=str(release), **environment)
        started.append(server)
        server.wait_until_healthy()
        return server

    yield _start
    for server in started:
        server.stop()
    embedded.stop(data_dir)


def test_two_apps_at_once_on_an_empty_folder(start: Callable[..., Server]) -> None:
    first = start()
    second = start()
    for _ in range(120):  # until both serve the model: before that, guests' lists differ
        answers = [until_it_answers(server, "give-rec") for server in (first, second)]
        versions = {answer["model_version"] for answer in answers}
        if len(versions) == 1 and None not in versions:
            break
        time.sleep(0.5)
    lists = [answer["items"] for answer in answers]
    assert len(lists[0]) == 5
    assert lists[0] == lists[1]
    assert len(servers(first.data_dir, "postgres")) == 1
    assert len(servers(first.data_dir, "valkey-server")) == 1

    first.stop()
    assert len(ask(second.address, "give-rec")["items"]) == 5
    second.stop()
    assert servers(first.data_dir, "postgres") == []
    assert servers(first.data_dir, "valkey-server") == []


def test_kill_9_of_the_app_keeps_what_was_rated(start: Callable[..., Server]) -> None:
    first = start()
    token = log_in(first)
    ask(first.address, "ratings/12", token=token, method="PUT", json={"rating": 4.5})
    first.kill()

    second = start()
    rated = until_it_answers(second, "ratings", token=token)
    assert {"movie_id": 12, "rating": 4.5}.items() <= next(
        each.items() for each in rated["items"] if each["movie_id"] == 12
    )
    second.stop()
    assert servers(first.data_dir, "postgres") == []


def test_kill_9_while_the_database_is_created_does_not_block_the_next_start(
    tmp_path: Path, start: Callable[..., Server]
) -> None:
    data_dir = tmp_path / "data"
    first = CheapServer(data_dir, DATASET=str(tmp_path / "small-release"))
    try:
        assert wait_until(lambda: any(data_dir.glob("postgres/new-*/data/*")), 60)
    finally:
        first.kill()
    assert "Starting the database" not in first.log.read_text(), (
        "it started before everything was imported"
    )
    assert len(until_it_answers(start(), "give-rec")["items"]) == 5
    assert not any(data_dir.glob("postgres/new-*"))
    assert len(servers(data_dir, "postgres")) == 1


def test_kill_9_while_the_statistics_are_computed_leaves_none_out(
    tmp_path: Path, start: Callable[..., Server]
) -> None:
    first = start()
    first.wait_for_log("Computing the statistics")
    first.kill()

    second = start()
    second.wait_for_log("Training your personal recommendations")
    engine = create_engine(embedded.postgres(tmp_path / "data").url)
    with engine.connect() as connection:
        assert not views.are_missing(connection)
        totals = statistics.totals(connection)
        assert totals.ratings == connection.scalar(text("SELECT count(*) FROM ratings"))
    engine.dispose()
    assert len(until_it_answers(second, "give-rec")["items"]) == 5


@pytest.mark.parametrize("name", ["postgres", "valkey-server"])
def test_kill_9_of_a_server_is_repaired_by_the_running_app(
    start: Callable[..., Server], name: str
) -> None:
    app = start()
    token = log_in(app)
    ask(app.address, "ratings/12", token=token, method="PUT", json={"rating": 4.5})
    (server,) = servers(app.data_dir, name)
    os.kill(server.pid, signal.SIGKILL)

    answer = until_it_answers(app, "give-rec", token=token)
    assert len(answer["items"]) >= 5
    assert 12 not in {each["movie_id"] for each in answer["items"]}
    assert app.process.poll() is None
    rated = until_it_answers(app, "ratings", token=token)
    assert 12 in {each["movie_id"] for each in rated["items"]}


def test_hostile_surroundings(start: Callable[..., Server]) -> None:
    app = start(LANG="xx_XX.UTF-8", LC_ALL="nonsense", PGHOST="example.invalid", PGPORT="1")
    assert len(until_it_answers(app, "give-rec")["items"]) == 5


def test_stop_stops_and_a_running_app_starts_again(start: Callable[..., Server]) -> None:
    app = start()
    until_it_answers(app, "give-rec")
    stopped = subprocess.run(
        [sys.executable, "-m", "recsys", "stop"],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(app.data_dir)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert stopped.stdout == "Stopped: PostgreSQL, Valkey.\n"
    assert len(until_it_answers(app, "give-rec")["items"]) == 5


def test_a_taken_port_is_reported(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = subprocess.run(
            [sys.executable, "serve.py"],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": str(tmp_path / "data"), "PORT": port},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert told.returncode == 1
    assert not (tmp_path / "data").exists()
    assert f"Port {port}" in told.stdout + told.stderr


@pytest.mark.parametrize(
    ("query", "named"),
    [("?colour=red", "colour"), ("?options=-ccolour%3Dred", "colour"), ("?sslmode=x", "sslmode")],
)
def test_an_unusable_database_url_stops_the_start(query: str, named: str, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    server = embedded.postgres(data_dir)
    server.ensure_running()
    mark = "&" if "?" in server.url else "?"
    url = server.url + query.replace("?", mark)
    app = CheapServer(tmp_path / "other", DATABASE_URL=url, REDIS_URL="redis://127.0.0.1:1")
    try:
        app.process.wait(timeout=60)
        told = app.log.read_text()
        assert "Traceback" not in told
        assert [named in line for line in told.splitlines() if "DATABASE_URL" in line] == [True]
    finally:
        app.stop()
        server.release()
        embedded.stop(data_dir)
