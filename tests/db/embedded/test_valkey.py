"""The embedded Valkey: what it holds is kept, its memory is bounded, one server a folder."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import psutil
import pytest
from redis import Redis

from config import Settings
from db import embedded
from db.connection.engine import open_engine
from db.connection.redis import open_redis
from db.embedded import EmbeddedServerError, folders, processes
from db.embedded.processes import wait_until


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    embedded.stop(tmp_path / "data")


def servers(data_dir: Path) -> list[psutil.Process]:
    return processes.find("valkey-server", (data_dir / "valkey/data").stat())


def client(server: embedded.Server) -> "Redis":
    return Redis.from_url(server.url, decode_responses=True)


def test_from_nothing_to_an_answer(data_dir: Path) -> None:
    server = embedded.valkey(data_dir, max_memory_mb=32)
    server.ensure_running()
    with client(server) as redis:
        redis.set("film", "Ikiru")
        assert redis.get("film") == "Ikiru"
        settings = cast(dict[str, Any], redis.config_get("*"))
    assert settings["maxmemory"] == str(32 * 1024 * 1024)
    assert settings["maxmemory-policy"] == "allkeys-lru"
    assert settings["appendonly"] == "yes"
    assert settings["port"] == "0"
    (process,) = servers(data_dir)
    assert process.net_connections(kind="inet") == []
    assert process.uids().real != 0
    assert (data_dir / "valkey").stat().st_mode & 0o777 == 0o700
    assert (data_dir / "valkey/data/valkey.sock").stat().st_mode & 0o777 == 0o700


def test_keys_outlive_a_stop_and_the_last_release_stops(data_dir: Path) -> None:
    server = embedded.valkey(data_dir)
    server.ensure_running()
    with client(server) as redis:
        redis.set("film", "Ikiru")
    server.release()
    assert servers(data_dir) == []
    server.ensure_running()
    with client(server) as redis:
        assert redis.get("film") == "Ikiru"


def test_keys_outlive_a_kill(data_dir: Path) -> None:
    server = embedded.valkey(data_dir)
    server.ensure_running()
    with client(server) as redis:
        redis.set("film", "Ikiru")
    (first,) = servers(data_dir)
    first.send_signal(signal.SIGKILL)
    server.ensure_running()
    (second,) = servers(data_dir)
    assert second.pid != first.pid
    with client(server) as redis:
        assert redis.get("film") == "Ikiru"


def test_memory_is_bounded(data_dir: Path) -> None:
    server = embedded.valkey(data_dir, max_memory_mb=8)
    server.ensure_running()
    with client(server) as redis, redis.pipeline(transaction=False) as pipeline:
        for number in range(400):
            pipeline.set(f"list:{number}", os.urandom(40_000).hex())
        pipeline.execute()
        assert redis.get("list:399") is not None
        assert cast(int, redis.dbsize()) < 400  # which of the old ones went is left to chance
        assert cast(dict[str, Any], redis.info("memory"))["used_memory"] < 16 * 1024 * 1024


def test_threads_at_once_start_one_server(data_dir: Path) -> None:
    def start(_: int) -> None:
        embedded.valkey(data_dir).ensure_running()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(start, range(8)))
    assert len(servers(data_dir)) == 1


def test_asking_a_living_server_runs_no_program(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = embedded.valkey(data_dir)
    server.ensure_running()
    started: list[object] = []
    monkeypatch.setattr(subprocess, "Popen", lambda *command, **_: started.append(command))
    server.ensure_running()
    assert started == []


@pytest.mark.parametrize("name", ['it\'s "quoted"', "Жёлтый 映画?#%20", "long" * 40])
def test_any_name_of_a_folder(tmp_path: Path, name: str) -> None:
    server = embedded.valkey(tmp_path / name)
    try:
        server.ensure_running()
        with client(server) as redis:
            assert redis.ping()
    finally:
        embedded.stop(tmp_path / name)
    assert not folders.socket_folder(tmp_path / name / "valkey/data").is_symlink()


def test_the_client_of_the_app_revives_it(data_dir: Path) -> None:
    redis = open_redis(Settings(_env_file=None, redis_url=None, data_dir=data_dir))
    redis.set("film", "Ikiru")
    (process,) = servers(data_dir)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert redis.get("film") == b"Ikiru"
    redis.close()


def test_both_servers_stop(data_dir: Path) -> None:
    embedded.postgres(data_dir).ensure_running()
    embedded.valkey(data_dir).ensure_running()
    assert embedded.stop(data_dir) == ["PostgreSQL", "Valkey"]
    assert embedded.stop(data_dir) == []


def test_both_begin_without_being_waited_for(data_dir: Path) -> None:
    embedded.begin(Settings(_env_file=None, database_url=None, redis_url=None, data_dir=data_dir))
    assert not (data_dir / "postgres/cluster/data/postmaster.pid").exists()
    for place in ("postgres/cluster/data/postmaster.pid", "valkey/data/valkey.sock"):
        assert wait_until((data_dir / place).exists, 60)
    embedded.postgres(data_dir).ensure_running()
    assert client(embedded.valkey(data_dir)).ping()
    assert embedded.stop(data_dir) == ["PostgreSQL", "Valkey"]


def test_servers_of_ones_own_are_not_begun(tmp_path: Path) -> None:
    elsewhere = Settings(
        _env_file=None,
        database_url="postgresql://db/films",
        redis_url="redis://cache",
        data_dir=tmp_path / "data",
    )
    embedded.begin(elsewhere)
    assert not wait_until((tmp_path / "data").exists, 0.5)


def test_who_needs_a_server_is_told_why_it_did_not_begin(data_dir: Path) -> None:
    data_dir.write_text("a file")
    try:
        settings = Settings(_env_file=None, database_url=None, data_dir=data_dir)
        embedded.begin(settings)
        with pytest.raises(embedded.EmbeddedServerError, match="can't use the folder"):
            open_engine(settings)
    finally:
        data_dir.unlink()


def test_a_failed_start_quotes_the_log(data_dir: Path) -> None:
    server = embedded.valkey(data_dir)
    server.ensure_running()
    with client(server) as redis:
        redis.set("film", "Ikiru")
    server.release()
    folder = data_dir / "valkey/data/appendonlydir"
    shutil.rmtree(folder)
    folder.write_text("a file in its place")
    with pytest.raises(EmbeddedServerError, match=r"did not start.*server\.log") as caught:
        server.ensure_running()
    assert "appendonlydir" in str(caught.value)
    server.release()


def test_a_file_in_place_of_the_folder(data_dir: Path) -> None:
    data_dir.write_text("a file")
    with pytest.raises(EmbeddedServerError, match="name another with DATA_DIR"):
        embedded.valkey(data_dir).ensure_running()
