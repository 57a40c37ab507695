"""Embedded servers in hostile environments, and as other users."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from db import embedded
from db.embedded import EmbeddedServerError
from tests.faults.apps import (
    NOBODY,
    PACKAGES,
    ROOT,
    StartApp,
    connect,
    execute,
    postmaster,
    the_postmaster,
    titles,
)

pytestmark = pytest.mark.faults


def test_hostile_environment(tmp_path: Path, start_app: StartApp) -> None:
    hostile = {
        "LANG": "xx_XX.UTF-8",
        "LC_ALL": "xx_XX.UTF-8",
        "LC_MESSAGES": "yy_YY",
        "TZ": "Nowhere/Land",
        "PGDATA": "/nonexistent",
        "PGHOST": "db.example.org",
        "PGHOSTADDR": "192.0.2.1",
        "PGPORT": "1",
        "PGUSER": "stranger",
        "PGPASSWORD": "wrong",
        "PGDATABASE": "nothing",
        "PGOPTIONS": "-c nonsense=1",
        "PGSERVICE": "missing",
        "PGSSLMODE": "verify-full",
        "PGREQUIREAUTH": "none",
        "PGCHANNELBINDING": "require",
        "PGCLIENTENCODING": "LATIN1",
        "PGTARGETSESSIONATTRS": "standby",
    }
    data_dir = tmp_path / "data"
    code = """
import sys
from pathlib import Path
from sqlalchemy import text
from config import Settings
from db.connection.engine import open_engine
engine = open_engine(Settings(_env_file=None, database_url=None, data_dir=Path(sys.argv[1])))
with engine.connect() as connection:
    print(connection.execute(text("SELECT current_user || lower('É')")).scalar())
"""
    try:
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code, data_dir],
            cwd=ROOT,
            env=os.environ | hostile,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stdout.strip() == "five_filmsé", done.stderr
        assert postmaster(data_dir) is None
        app = start_app("valkey", data_dir, hostile)
        with Redis.from_url(app.url()) as redis:
            assert redis.ping()
    finally:
        embedded.stop(data_dir)


def test_ctrl_c_reaches_the_app_but_not_its_servers(data_dir: Path, start_app: StartApp) -> None:
    apps = [start_app(kind, data_dir) for kind in ("postgres", "valkey")]
    urls = [app.url() for app in apps]
    for app in apps:
        os.killpg(app.process.pid, signal.SIGINT)
        os.killpg(app.process.pid, signal.SIGHUP)
        app.process.wait()
    time.sleep(0.2)
    assert titles(urls[0]) == ["Ikiru"]
    with Redis.from_url(urls[1]) as redis:
        assert redis.ping()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_servers_inherit_neither_locks_nor_terminal(data_dir: Path, start_app: StartApp) -> None:
    app = start_app("postgres", data_dir)
    app.url()
    server = the_postmaster(data_dir)
    files = {path.name: path.readlink() for path in Path(f"/proc/{server.pid}/fd").iterdir()}
    assert not [file for file in files.values() if file.name in {"start.lock", "apps.lock"}]
    assert files["0"] == Path("/dev/null")
    assert files["1"] == files["2"] == data_dir / "postgres/server.log"
    assert os.getsid(server.pid) != os.getsid(app.process.pid)


def test_stop_stops_servers_in_use_and_the_app_revives_them(data_dir: Path) -> None:
    server = embedded.postgres(data_dir)
    server.ensure_running()
    connection = connect(server.url)
    assert embedded.stop(data_dir) == ["PostgreSQL"]
    server.ensure_running()
    assert titles(server.url) == ["Ikiru"]
    connection.close()


@pytest.fixture(scope="module")
def open_python() -> str:
    """Return a Python of this version that an ordinary user may run, with our packages."""
    if os.geteuid() != 0:
        pytest.skip("only root can start an app as another user; the rest ran as an ordinary one")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        try:
            run_as_nobody(python, "import db.embedded")
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip(f"an ordinary user can't run {version} here")


def run_as_nobody(python: str, code: str, *arguments: Path) -> None:
    subprocess.run(
        [python, "-c", code, *arguments],
        cwd=ROOT,
        env=os.environ | PACKAGES,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        capture_output=True,
        check=True,
        text=True,
    )


@pytest.fixture
def nobodys_folder(open_python: str) -> Iterator[Path]:
    """Yield a folder that an ordinary user owns."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        os.chown(name, NOBODY, NOBODY)
        yield Path(name)


def test_an_ordinary_user_runs_it_as_themselves_and_root_can_use_it(
    nobodys_folder: Path, start_app: StartApp, open_python: str
) -> None:
    data_dir = nobodys_folder / "data"
    app = start_app("postgres", data_dir, PACKAGES, open_python)
    try:
        execute(app.url(), "CREATE TABLE films AS SELECT 'Ikiru' AS title")
        app.quit()
        assert postmaster(data_dir) is None
        server = embedded.postgres(data_dir)
        server.ensure_running()
        assert titles(server.url) == ["Ikiru"]
        assert the_postmaster(data_dir).uids().real == NOBODY
        server.release()
        again = start_app("postgres", data_dir, PACKAGES, open_python)
        assert titles(again.url()) == ["Ikiru"]
        again.quit()
    finally:
        embedded.stop(data_dir)


def test_an_ordinary_user_gets_an_error_for_a_folder_they_cannot_write(
    nobodys_folder: Path, open_python: str
) -> None:
    nobodys_folder.chmod(0o555)
    code = "import sys, pathlib; from db import embedded\n"
    code += "embedded.postgres(pathlib.Path(sys.argv[1])).ensure_running()"
    with pytest.raises(subprocess.CalledProcessError) as caught:
        run_as_nobody(open_python, code, nobodys_folder / "data")
    assert f"{EmbeddedServerError.__name__}: PostgreSQL can't use the folder" in caught.value.stderr
    assert "Make it writable" in caught.value.stderr
    assert list(nobodys_folder.iterdir()) == []


def test_a_deleted_temporary_folder_does_not_stop_it(
    data_dir: Path, tmp_path: Path, start_app: StartApp
) -> None:
    """The link to a socket with a long path is in TMPDIR, which cleanup jobs empty."""
    long = tmp_path / ("long" * 40)
    temporary = tmp_path / "t"
    temporary.mkdir()
    data_dir.rename(long)
    try:
        app = start_app("postgres", long, {"TMPDIR": str(temporary)})
        app.url()
        app.kill()
        for path in temporary.iterdir():
            path.unlink()
        again = start_app("postgres", long, {"TMPDIR": str(temporary)})
        assert titles(again.url()) == ["Ikiru"]
        again.quit()
        assert postmaster(long) is None
    finally:
        embedded.stop(long)
        long.rename(data_dir)
