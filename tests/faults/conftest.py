"""A data folder that is ready, apps to start, and a stranger."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import embedded
from tests.faults.apps import NOBODY, App, StartApp, execute


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a table of one row, whose server has stopped."""
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
    """A path of this test's own with that folder: moved, since copying takes far longer."""
    moved = ready.rename(tmp_path / "data")
    yield moved
    # A reference that is still held would count in the folder, wherever it is moved.
    embedded.postgres(moved).release()
    embedded.stop(moved)
    moved.rename(ready)


@pytest.fixture
def start_app() -> Iterator[StartApp]:
    """Start apps that are killed at the end, if they still run."""
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
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has nothing to do with us, of the user whose PIDs PostgreSQL respects."""
    user = NOBODY if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "300"], user=user) as process:
        yield process
        process.kill()
