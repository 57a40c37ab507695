"""The connection to Redis, when the server is slow, hangs or has closed it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from config import Settings
from db.connection.redis import open_redis

pytestmark = pytest.mark.data_layer


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def test_a_server_that_hangs_costs_one_timeout(
    silent_server: socket.socket, tmp_path: Path
) -> None:
    url = f"redis://127.0.0.1:{silent_server.getsockname()[1]}"
    client = open_redis(Settings(_env_file=None, redis_url=url, data_dir=tmp_path))
    with pytest.raises(RedisError):
        client.get("anything")
    silent_server.setblocking(False)
    silent_server.accept()
    with pytest.raises(BlockingIOError):  # it is not asked a second time
        silent_server.accept()


def test_a_connection_that_the_server_has_closed_is_opened_again(settings: Settings) -> None:
    client = open_redis(settings)
    connection = client.client_id()
    with Redis.from_url(str(settings.redis_url)) as other:
        assert other.client_kill_filter(_id=connection) == 1
    assert client.ping()
    assert client.client_id() != connection
