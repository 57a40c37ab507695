"""Redis stops, hangs and is full while a crowd rates: only the operator notices."""

import signal
import time

import pytest
from redis import Redis

from tests.faults.conftest import Servers
from tests.faults.crowd import Crowd
from tests.faults.product import ask, until
from tests.faults.product import servers as running
from tests.serving import Server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


def _cache_is_well(app: Server) -> bool:
    return bool(ask(app.address, "health/ready")["cache"]["ok"])


def test_gone_and_back(app: Server, servers: Servers) -> None:
    with Crowd(app) as crowd:
        (valkey,) = running(servers.data_dir, "valkey-server")
        valkey.send_signal(signal.SIGKILL)
        crowd.wait_for_ratings()
        assert not _cache_is_well(app)
        servers.valkey.ensure_running()
        until(lambda: _cache_is_well(app))
        crowd.wait_for_ratings()
    assert not crowd.refused
    crowd.report("Redis killed and back")


def test_hanging(app: Server, servers: Servers) -> None:
    with Crowd(app) as crowd:
        (valkey,) = running(servers.data_dir, "valkey-server")
        valkey.send_signal(signal.SIGSTOP)
        try:
            crowd.wait_for_ratings()
        finally:
            valkey.send_signal(signal.SIGCONT)
        until(lambda: _cache_is_well(app))
        crowd.wait_for_ratings()
    assert not crowd.refused
    crowd.report("Redis stopped and continued")


def test_full(app: Server, servers: Servers) -> None:
    redis = Redis.from_url(servers.valkey.url)
    with Crowd(app) as crowd:
        redis.config_set("maxmemory-policy", "noeviction")
        redis.config_set("maxmemory", "1")
        time.sleep(10)  # five times as long as the app leaves Redis alone after a failure
        crowd.wait_for_ratings()
        redis.config_set("maxmemory", str(64 * 2**20))
        crowd.wait_for_ratings()
    assert not crowd.refused
    crowd.report("Redis full")
