"""The embedded PostgreSQL on its good days."""

import logging
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from config import Settings
from db import embedded
from db.connection.engine import open_engine
from tests.db.embedded.servers import ask, connect, postmasters


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


def test_asking_a_living_server_runs_no_program(
    server: embedded.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(subprocess, "Popen", lambda *command, **_: started.append(command))
    server.ensure_running()
    assert started == []


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
