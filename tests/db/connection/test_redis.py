"""The connection to Redis if the server hangs or has closed it."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from config import Settings
from db.connection.redis import TIMEOUT_SECONDS, open_redis

pytestmark = pytest.mark.data_layer


@pytest.fixture
def silent_server() -> Iterator[str]:
    """Yield the address of a server that accepts connections and never responds."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}"


def test_hanging_server_costs_one_timeout(silent_server: str, tmp_path: Path) -> None:
    client = open_redis(Settings(_env_file=None, redis_url=silent_server, data_dir=tmp_path))
    begun = time.monotonic()
    with pytest.raises(RedisError):
        client.get("anything")
    assert time.monotonic() - begun < 3 * TIMEOUT_SECONDS


def test_connection_closed_by_the_server_is_reopened(settings: Settings) -> None:
    client = open_redis(settings)
    connection = client.client_id()
    with Redis.from_url(str(settings.redis_url)) as other:
        assert other.client_kill_filter(_id=connection) == 1
    assert client.ping()
    assert client.client_id() != connection
