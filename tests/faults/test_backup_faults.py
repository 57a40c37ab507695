"""Backups and restores that are killed halfway."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from config import Settings
from db import backup
from db.loading import load
from tests.catalogue import write_release

pytestmark = [pytest.mark.faults, pytest.mark.data_layer]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def loaded(engine: Engine, tmp_path: Path) -> Engine:
    """Return the small catalogue: 12 films, 48 ratings."""
    load(engine, str(write_release(tmp_path / "small-release")))
    return engine


@contextmanager
def _command(settings: Settings, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Yield a running `python -m recsys`, which is killed at the end with its children."""
    process = subprocess.Popen(
        [sys.executable, "-m", "recsys", *arguments],
        cwd=ROOT,
        env=os.environ
        | {"DATABASE_URL": settings.database_url or "", "DATA_DIR": str(settings.data_dir)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _ratings(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM ratings")) or 0)


def test_a_killed_restore_changes_nothing(
    loaded: Engine, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "films.dump"
    backup.write(loaded, file)
    with loaded.begin() as connection:
        connection.execute(text("DELETE FROM ratings WHERE user_id = 1"))
    before = _ratings(loaded)
    loaded.dispose()  # a connected app would block it

    with _command(settings, "restore", "--overwrite", "--json", str(file)) as restoring:
        for line in restoring.stdout or ():
            if json.loads(line).get("what") == "ratings":
                break  # the old rows are deleted, and the new ones are being copied
        restoring.kill()
    assert _ratings(loaded) == before
    loaded.dispose()

    with _command(settings, "restore", "--overwrite", "--json", str(file)) as again:
        out, err = again.communicate(timeout=60)
        assert again.returncode == 0, err
    assert json.loads(out.splitlines()[-1])["ratings"] == 48
    assert _ratings(loaded) == 48


def test_a_killed_backup_leaves_the_previous_one(
    loaded: Engine, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "films.dump"
    backup.write(loaded, file)
    before = file.read_bytes()
    with loaded.connect() as busy:
        busy.execute(text("LOCK TABLE ratings"))  # pg_dump waits, with its file open
        with _command(settings, "backup", str(file)) as writing:
            until = time.monotonic() + 30
            while not file.with_name("films.dump.part").exists() and time.monotonic() < until:
                time.sleep(0.05)
            assert writing.poll() is None
    assert file.read_bytes() == before
    assert backup.write(loaded, file) > 0  # the killed one's leftovers don't block it
    assert not file.with_name("films.dump.part").exists()
