"""Fixtures: prepared data folders, apps and servers to start, and an unrelated process."""

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from accounts.demo import sync_demo_accounts
from config import Settings
from db import embedded
from db.connection.engine import open_engine
from db.connection.migrate import upgrade
from db.loading import load
from recsys.training.train import train
from tests.faults.apps import NOBODY, App, StartApp, execute
from tests.faults.crowd import FILMS
from tests.serving import UNLIMITED, CheapServer, Server


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a table of one row, whose server has stopped."""
    data_dir = tmp_path_factory.mktemp("ready") / "data"
    server = embedded.postgres(data_dir)
    try:
        server.ensure_running()
        execute(server.url, "CREATE TABLE films (title text)")
        execute(server.url, "INSERT INTO films VALUES ('Ikiru')")
        server.release()
    finally:
        embedded.stop(data_dir)
    return data_dir


@pytest.fixture
def data_dir(ready: Path, tmp_path: Path) -> Iterator[Path]:
    """Yield this test's own path to that folder: moved, because copying takes far longer."""
    moved = ready.rename(tmp_path / "data")
    yield moved
    # A reference that is still held would count in the folder, wherever it is moved.
    embedded.postgres(moved).release()
    embedded.stop(moved)
    moved.rename(ready)


@pytest.fixture
def start_app() -> Iterator[StartApp]:
    """Yield a function that starts apps, which are killed at the end if they still run."""
    apps: list[App] = []

    def start(
        kind: str,
        data_dir: Path,
        environment: dict[str, str] | None = None,
        nobodys_python: str | None = None,
    ) -> App:
        apps.append(App(kind, data_dir, environment, nobodys_python))
        return apps[-1]

    yield start
    for app in apps:
        app.kill()


@pytest.fixture
def unrelated() -> Iterator[subprocess.Popen[bytes]]:
    """Yield an unrelated process of the user whose PIDs PostgreSQL checks."""
    user = NOBODY if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "300"], user=user) as process:
        yield process
        process.kill()


@pytest.fixture(scope="session")
def folder_of_films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with films, people and a model, whose servers have stopped.

    Tests only add ratings to it, so one is enough for all tests of a worker.
    """
    folder = tmp_path_factory.mktemp("films")
    settings = Settings(_env_file=None, data_dir=folder / "data", demo_accounts=True)
    try:
        engine = open_engine(settings, statement_timeout=0)
        upgrade(engine)
        load(engine, str(write_films(folder / "release")))
        train(engine, seed=1, epochs=2, members=1, components=4)
        sync_demo_accounts(engine, settings)
        engine.dispose()
    finally:
        embedded.postgres(settings.data_dir).release()
        embedded.stop(settings.data_dir)
    return settings.data_dir


def write_films(folder: Path, raters: int = 8) -> Path:
    """Write a data set with enough films for a crowd, and return its folder."""
    folder.mkdir()
    movies = [f"{film},Film {film} ({1950 + film % 60}),Drama" for film in range(1, FILMS + 1)]
    ratings = [
        f"{rater},{(rater * 17 + step * 7) % FILMS + 1},{4 + step % 2},{1_000_000_000 + step}"
        for rater in range(1, raters + 1)
        for step in range(20)
    ]
    (folder / "movies.csv").write_text("\n".join(["movieId,title,genres", *movies]) + "\n")
    (folder / "ratings.csv").write_text(
        "\n".join(["userId,movieId,rating,timestamp", *ratings]) + "\n"
    )
    return folder


@dataclass(frozen=True)
class Servers:
    """PostgreSQL and Valkey that an app uses as external servers, which it can't start."""

    data_dir: Path
    postgres: embedded.Server
    valkey: embedded.Server

    @property
    def environment(self) -> dict[str, str]:
        """The settings that lead an app to them."""
        return {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "DEMO_ACCOUNTS": "true",
        }


@pytest.fixture(scope="module")
def servers(folder_of_films: Path) -> Iterator[Servers]:
    """Yield both servers, with films and a model."""
    both = Servers(
        folder_of_films, embedded.postgres(folder_of_films), embedded.valkey(folder_of_films)
    )
    both.postgres.ensure_running()
    both.valkey.ensure_running()
    yield both
    both.postgres.release()
    both.valkey.release()
    embedded.stop(folder_of_films)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Yield a function that starts an app and returns it once it serves its model."""
    started: list[Server] = []

    def _run(data_dir: Path | None = None, **environment: str) -> Server:
        folder = data_dir or tmp_path_factory.mktemp("app") / "data"
        server = CheapServer(folder, **UNLIMITED | environment)
        started.append(server)
        server.wait_until_healthy(120)
        server.wait_for_log("Ready", 180)
        return server

    yield _run
    for server in started:
        server.stop()


@pytest.fixture(scope="module")
def app(servers: Servers, run: Callable[..., Server]) -> Server:
    """Return an app on external servers, which runs through all tests of a module."""
    return run(**servers.environment)
