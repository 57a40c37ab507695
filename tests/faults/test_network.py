"""The network between the app and its servers is cut while a crowd rates."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.faults.conftest import Servers
from tests.faults.crowd import Crowd
from tests.faults.network import Proxy
from tests.serving import Server

pytestmark = [pytest.mark.faults, pytest.mark.soak, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def to_postgres(servers: Servers) -> Iterator[Proxy]:
    """Yield a proxy to PostgreSQL."""
    folder = make_url(servers.postgres.url).query["host"]
    proxy = Proxy(Path(str(folder)) / ".s.PGSQL.5432")
    yield proxy
    proxy.refuse()


@pytest.fixture(scope="module")
def to_redis(servers: Servers) -> Iterator[Proxy]:
    """Yield a proxy to Redis."""
    proxy = Proxy(Path(servers.valkey.url.removeprefix("unix://")))
    yield proxy
    proxy.refuse()


@pytest.fixture(scope="module")
def app(
    servers: Servers, to_postgres: Proxy, to_redis: Proxy, run: Callable[..., Server]
) -> Server:
    """Return an app that uses both proxies."""
    password = make_url(servers.postgres.url).password
    return run(
        DATABASE_URL=f"postgresql://five_films:{password}@127.0.0.1:{to_postgres.port}/postgres",
        REDIS_URL=f"redis://127.0.0.1:{to_redis.port}/0",
        DEMO_ACCOUNTS="true",
    )


def test_postgres_cut_off(app: Server, to_postgres: Proxy) -> None:
    with Crowd(app) as crowd:
        for _ in range(5):
            to_postgres.cut()
            crowd.wait_for_ratings(5)
        to_postgres.refuse()
        crowd.wait_for_refusals("The database is not responding at the moment. Try again.")
        to_postgres.mend()
        crowd.wait_for_ratings()
    crowd.report("network to PostgreSQL cut")


def test_postgres_in_a_black_hole(app: Server, to_postgres: Proxy) -> None:
    with Crowd(app) as crowd:
        to_postgres.swallow()
        crowd.wait_for_refusals("The database is not responding at the moment. Try again.")
        to_postgres.mend()
        crowd.wait_for_ratings()
    crowd.report("network to PostgreSQL a black hole")


def test_redis_cut_off(app: Server, to_redis: Proxy) -> None:
    with Crowd(app) as crowd:
        for _ in range(5):
            to_redis.cut()
            crowd.wait_for_ratings(5)
        to_redis.refuse()
        crowd.wait_for_ratings()
        to_redis.mend()
        crowd.wait_for_ratings()
    assert not crowd.refused
    crowd.report("network to Redis cut")


def test_redis_in_a_black_hole(app: Server, to_redis: Proxy) -> None:
    with Crowd(app) as crowd:
        to_redis.swallow()
        crowd.wait_for_ratings()
        to_redis.mend()
        crowd.wait_for_ratings()
    assert not crowd.refused
    crowd.report("network to Redis a black hole")
