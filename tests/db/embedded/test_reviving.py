"""A server that has ended comes back in the background, by one start at a time."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from config import Settings
from db import embedded
from db.connection.redis import open_redis
from db.embedded import processes
from db.embedded.errors import EmbeddedServerError
from db.embedded.reviving import Reviver
from tests.db.embedded.servers import postmasters


def _valkey(data_dir: Path) -> int:
    """The number of its process."""
    (process,) = processes.find("valkey-server", (data_dir / "valkey/data").stat())
    return process.pid


def test_who_waits_is_told_when_it_runs() -> None:
    started = threading.Event()
    Reviver(started.set).revive(patience=5)
    assert started.is_set()


def test_nobody_waits_longer_than_their_patience_since_the_start_began() -> None:
    go_on = threading.Event()
    starts: list[int] = []

    def start() -> None:
        starts.append(1)
        go_on.wait()

    reviver = Reviver(start)
    begun = time.monotonic()
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(reviver.revive, 1.0) for _ in range(20)]
        for each in asked:
            with pytest.raises(EmbeddedServerError, match="is being started; try again"):
                each.result()
    with pytest.raises(EmbeddedServerError, match="is being started"):
        reviver.revive(0.2)
    assert time.monotonic() - begun < 20 * 1.0, "they don't wait one after the other"
    assert starts == [1]
    go_on.set()
    reviver.revive(5)


def test_a_failed_start_is_not_repeated_at_once() -> None:
    starts: list[int] = []

    def fail() -> None:
        starts.append(1)
        raise EmbeddedServerError(f"failure {len(starts)}")

    reviver = Reviver(fail)
    for _ in range(50):
        with pytest.raises(EmbeddedServerError, match="failure 1"):
            reviver.revive(1)
    assert starts == [1]
    time.sleep(1.1)
    with pytest.raises(EmbeddedServerError, match="failure 2"):
        reviver.revive(1)


def test_requests_start_a_broken_postgresql_once(copy: Path) -> None:
    server = embedded.postgres(copy)
    (copy / "postgres/cluster/data/postgresql.conf").write_text("no such setting\n")
    log = copy / "postgres/server.log"
    before = log.read_text().count("configuration file")
    for _ in range(30):
        with pytest.raises(EmbeddedServerError, match="did not start"):
            server.revive(20)
    assert log.read_text().count("configuration file") <= before + 2


def test_a_valkey_without_its_socket_is_started_anew(empty_dir: Path) -> None:
    redis = open_redis(Settings(_env_file=None, redis_url=None, data_dir=empty_dir))
    redis.set("film", "Ikiru")
    old = _valkey(empty_dir)
    (empty_dir / "valkey/data/valkey.sock").unlink()
    redis.connection_pool.disconnect()
    assert redis.get("film") == b"Ikiru"
    assert _valkey(empty_dir) != old
    redis.close()


@pytest.mark.parametrize("name", ["appendonly.aof.1.incr.aof", "appendonly.aof.manifest"])
def test_a_damaged_file_is_put_aside(
    empty_dir: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(_env_file=None, redis_url=None, data_dir=empty_dir)
    redis = open_redis(settings)
    redis.set("film", "Ikiru")
    redis.close()
    embedded.stop(empty_dir)
    file = empty_dir / "valkey/data/appendonlydir" / name
    file.write_bytes(b"*3\r\nnonsense" * 50)

    redis = open_redis(settings)
    assert redis.get("film") is None
    assert redis.set("film", "Rashomon")
    (aside,) = (empty_dir / "valkey").glob("damaged-*")
    assert (aside / "appendonlydir" / name).read_bytes().startswith(b"*3")
    assert [each for each in caplog.messages if "was put aside" in each]
    redis.close()


def _with_a_film(data_dir: Path) -> Path:
    """Valkey's data, of a server that has stopped."""
    redis = open_redis(Settings(_env_file=None, redis_url=None, data_dir=data_dir))
    redis.set("film", "Ikiru")
    redis.close()
    embedded.stop(data_dir)
    return data_dir / "valkey/data"


def test_damage_of_an_earlier_start_is_none_of_this_one(empty_dir: Path) -> None:
    data = _with_a_film(empty_dir)
    with (data.parent / "server.log").open("a") as log:
        log.write("# Bad file format reading the append only file\n")
    (data / "valkey.sock").mkdir()
    server = embedded.valkey(empty_dir)
    with pytest.raises(EmbeddedServerError, match="did not start") as caught:
        server.ensure_running()
    assert "Failed opening Unix socket" in str(caught.value)
    assert "Bad file format" not in str(caught.value)

    (data / "valkey.sock").rmdir()
    server.ensure_running()
    assert Redis.from_url(server.url).get("film") == b"Ikiru"


def test_a_file_that_may_not_be_read_is_not_taken_for_a_damaged_one(empty_dir: Path) -> None:
    data = _with_a_film(empty_dir)
    manifest = data / "appendonlydir/appendonly.aof.manifest"
    manifest.chmod(0)
    server = embedded.valkey(empty_dir)
    with pytest.raises(EmbeddedServerError, match="did not start") as caught:
        server.ensure_running()
    assert "Permission denied" in str(caught.value)

    manifest.chmod(0o600)
    server.ensure_running()
    assert Redis.from_url(server.url).get("film") == b"Ikiru"


def test_a_start_goes_on_without_a_cache(empty_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    data = empty_dir / "valkey" / "data"
    data.parent.mkdir(parents=True)
    data.write_text("a file where there should be a folder")
    redis = open_redis(Settings(_env_file=None, redis_url=None, data_dir=empty_dir))
    with pytest.raises(RedisError):
        redis.ping()
    (said,) = [each for each in caplog.messages if "the cache is not there" in each]
    assert str(data) in said
    data.unlink()
    time.sleep(1.1)
    assert redis.ping()
    redis.close()


def test_a_postgresql_that_hangs_stops_no_other_thread(data_dir: Path) -> None:
    """Python's lock would be held for two seconds at each look."""
    server = embedded.postgres(data_dir)
    server.ensure_running()
    assert server.answers()  # type: ignore[attr-defined]
    (postmaster,) = postmasters(data_dir)
    os.kill(postmaster, signal.SIGSTOP)
    try:
        looking = threading.Thread(target=server.answers)  # type: ignore[attr-defined]
        longest, last = 0.0, time.monotonic()
        looking.start()
        while looking.is_alive():
            time.sleep(0.01)
            now = time.monotonic()
            longest, last = max(longest, now - last), now
    finally:
        os.kill(postmaster, signal.SIGCONT)
    assert longest < 2, "the lock is held for less than a look takes"
    looking.join()
    assert server.answers()  # type: ignore[attr-defined]
