"""Data folders of an embedded PostgreSQL: ready, disposable, empty, in use."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import embedded
from tests.db.embedded.servers import put_down


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder whose server has run and stopped."""
    data_dir = tmp_path_factory.mktemp("ready") / "data"
    server = embedded.postgres(data_dir)
    try:
        server.ensure_running()
        server.release()
    finally:
        embedded.stop(data_dir)
    return data_dir


@pytest.fixture
def data_dir(ready: Path, tmp_path: Path) -> Iterator[Path]:
    """Move that folder to a path of this test's own, since copying takes far longer."""
    moved = ready.rename(tmp_path / "data")
    yield moved
    put_down(moved)
    moved.rename(ready)


@pytest.fixture
def copy(ready: Path, tmp_path: Path) -> Iterator[Path]:
    """Yield a data folder that the test may damage."""
    subprocess.run(["cp", "-a", ready, tmp_path / "copy"], check=True)
    yield tmp_path / "copy"
    embedded.stop(tmp_path / "copy")


@pytest.fixture
def empty_dir(tmp_path: Path) -> Iterator[Path]:
    """Yield a data folder that doesn't exist yet."""
    yield tmp_path / "data"
    embedded.stop(tmp_path / "data")


@pytest.fixture(scope="module")
def running(ready: Path) -> Iterator[Path]:
    """Yield the folder of a running server, for tests that only query it."""
    copy = ready.with_name("running")
    subprocess.run(["cp", "-a", ready, copy], check=True)
    embedded.postgres(copy).ensure_running()
    yield copy
    embedded.stop(copy)


@pytest.fixture
def server(running: Path) -> embedded.Server:
    """Return the running server."""
    return embedded.postgres(running)
