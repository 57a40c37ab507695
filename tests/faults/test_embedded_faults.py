"""Apps and servers that are killed, and unrelated processes with an old PID.

After each test the server answers, its rows are there, and unrelated processes still run.
"""

import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from redis import Redis

from db import embedded
from db.embedded import processes
from tests.faults.apps import StartApp, connect, execute, postmaster, the_postmaster, titles

pytestmark = pytest.mark.faults


def test_two_apps_at_once_share_one_new_server(tmp_path: Path, start_app: StartApp) -> None:
    data_dir = tmp_path / "data"
    first, second = start_app("postgres", data_dir), start_app("postgres", data_dir)
    try:
        assert first.url() == second.url()
        server = the_postmaster(data_dir)
        first.quit()
        assert server.is_running()
        second.quit()
        assert postmaster(data_dir) is None
    finally:
        embedded.stop(data_dir)


def test_two_apps_at_once_share_one_valkey(tmp_path: Path, start_app: StartApp) -> None:
    data_dir = tmp_path / "data"
    first, second = start_app("valkey", data_dir), start_app("valkey", data_dir)
    try:
        url = first.url()
        assert second.url() == url
        first.quit()
        with Redis.from_url(url) as redis:
            assert redis.ping()
        place = (data_dir / "valkey/data").stat()
        assert len(processes.find("valkey-server", place)) == 1
        second.quit()
        assert processes.find("valkey-server", place) == []
    finally:
        embedded.stop(data_dir)


def test_after_a_killed_app_the_next_one_adopts_the_server_and_stops_it(
    data_dir: Path, start_app: StartApp
) -> None:
    first = start_app("postgres", data_dir)
    url = first.url()
    server = the_postmaster(data_dir)
    first.kill()
    assert titles(url) == ["Ikiru"]
    second = start_app("postgres", data_dir)
    assert titles(second.url()) == ["Ikiru"]
    assert the_postmaster(data_dir).pid == server.pid
    second.quit()
    assert postmaster(data_dir) is None


def test_stop_stops_servers_that_a_killed_app_left(data_dir: Path, start_app: StartApp) -> None:
    for kind in ("postgres", "valkey"):
        app = start_app(kind, data_dir)
        app.url()
        app.kill()
    assert embedded.stop(data_dir) == ["PostgreSQL", "Valkey"]
    assert postmaster(data_dir) is None


@pytest.mark.timeout(90)
def test_stop_does_not_wait_for_the_app_that_started_the_server(
    data_dir: Path, start_app: StartApp
) -> None:
    """The server becomes a zombie of that app, which doesn't reap it."""
    for kind in ("postgres", "valkey"):
        start_app(kind, data_dir).url()
    assert embedded.stop(data_dir) == ["PostgreSQL", "Valkey"]


def test_an_app_killed_while_creating_the_folder_blocks_nothing(
    tmp_path: Path, start_app: StartApp
) -> None:
    data_dir = tmp_path / "data"
    first = start_app("postgres", data_dir)
    assert processes.wait_until(lambda: any(data_dir.glob("postgres/new-*/data/base")), 30)
    first.kill()
    try:
        second = start_app("postgres", data_dir)
        execute(second.url(), "SELECT 1")
        assert list(data_dir.glob("postgres/new-*")) == []
        second.quit()
        assert postmaster(data_dir) is None
    finally:
        embedded.stop(data_dir)


def test_a_killed_server_is_revived_with_its_rows(data_dir: Path) -> None:
    server = embedded.postgres(data_dir)
    server.ensure_running()
    execute(server.url, "CREATE TABLE more AS SELECT 'Ran' AS title")
    killed = the_postmaster(data_dir)
    killed.send_signal(signal.SIGKILL)
    server.ensure_running()
    assert titles(server.url) == ["Ikiru"]
    execute(server.url, "DROP TABLE more")
    assert the_postmaster(data_dir).pid != killed.pid


def test_a_server_killed_amid_a_busy_query_is_revived(data_dir: Path) -> None:
    server = embedded.postgres(data_dir)
    server.ensure_running()
    connection = connect(server.url)
    raw = connection.pgconn
    raw.send_query(b"SELECT count(*) FROM generate_series(1, 100000000000) AS n")
    time.sleep(0.3)
    the_postmaster(data_dir).send_signal(signal.SIGKILL)
    server.ensure_running()
    assert titles(server.url) == ["Ikiru"]
    connection.close()


def test_a_killed_unreaped_server_does_not_count_as_running(
    data_dir: Path, start_app: StartApp
) -> None:
    first = start_app("postgres", data_dir)
    first.url()
    killed = the_postmaster(data_dir)
    killed.send_signal(signal.SIGKILL)
    assert processes.wait_until(lambda: killed.status() == psutil.STATUS_ZOMBIE, 10)
    second = start_app("postgres", data_dir)
    assert titles(second.url()) == ["Ikiru"]


def test_a_killed_valkey_is_revived_by_another_app(tmp_path: Path, start_app: StartApp) -> None:
    data_dir = tmp_path / "data"
    try:
        first = start_app("valkey", data_dir)
        url = first.url()
        with Redis.from_url(url, decode_responses=True) as redis:
            redis.set("film", "Ikiru")
        (killed,) = processes.find("valkey-server", (data_dir / "valkey/data").stat())
        killed.send_signal(signal.SIGKILL)
        first.kill()
        second = start_app("valkey", data_dir)
        with Redis.from_url(second.url(), decode_responses=True) as redis:
            assert redis.get("film") == "Ikiru"
        second.quit()
        assert processes.find("valkey-server", (data_dir / "valkey/data").stat()) == []
    finally:
        embedded.stop(data_dir)


@pytest.mark.parametrize("name", ["postmaster.pid", ".s.PGSQL.5432.lock"])
def test_an_unrelated_process_with_the_old_pid_survives_and_the_server_starts(
    data_dir: Path, name: str, unrelated: subprocess.Popen[bytes]
) -> None:
    server = embedded.postgres(data_dir)
    server.ensure_running()
    the_postmaster(data_dir).send_signal(signal.SIGKILL)
    place = data_dir / "postgres/cluster/data"
    assert processes.wait_until(lambda: not processes.find("postgres", place.stat()), 20)
    _, _, rest = (place / name).read_text().partition("\n")
    (place / name).write_text(f"{unrelated.pid}\n{rest}")
    assert embedded.stop(data_dir) == []
    server.ensure_running()
    assert titles(server.url) == ["Ikiru"]
    assert embedded.stop(data_dir) == ["PostgreSQL"]
    assert unrelated.poll() is None


def test_an_empty_pid_file_does_not_block_the_start(data_dir: Path) -> None:
    (data_dir / "postgres/cluster/data/postmaster.pid").touch()
    server = embedded.postgres(data_dir)
    server.ensure_running()
    assert titles(server.url) == ["Ikiru"]


def test_a_postgres_of_another_folder_is_unrelated_too(data_dir: Path) -> None:
    other = data_dir.with_name("other")
    subprocess.run(["cp", "-a", data_dir, other], check=True)
    try:
        embedded.postgres(other).ensure_running()
        unrelated = the_postmaster(other)
        pid_file = data_dir / "postgres/cluster/data/postmaster.pid"
        pid_file.write_text(f"{unrelated.pid}\n")
        server = embedded.postgres(data_dir)
        server.ensure_running()
        assert titles(server.url) == ["Ikiru"]
        assert embedded.stop(data_dir) == ["PostgreSQL"]
        assert titles(embedded.postgres(other).url) == ["Ikiru"]
    finally:
        embedded.stop(other)
