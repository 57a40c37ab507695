"""The connection to Redis: an external server, or the embedded Valkey, which is kept alive."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from redis import ConnectionPool, Redis, UnixDomainSocketConnection
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError
from redis.retry import Retry

from config import Settings
from db import embedded

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.5
START_SECONDS = 10.0
REVIVAL_SECONDS = 2.0  # it takes a tenth of a second, and more on a busy machine


def open_redis(settings: Settings) -> Redis:
    """Connect to Redis, starting the embedded Valkey if none is configured.

    A call fails within `TIMEOUT_SECONDS` rather than keep a user waiting: everything in Redis
    can be computed again. For the same reason it is no error if the embedded server can't start.
    """
    options: dict[str, Any] = {
        "socket_timeout": TIMEOUT_SECONDS,
        "socket_connect_timeout": TIMEOUT_SECONDS,
        # Retry once over a new connection if the server has closed the old one, but not after a
        # timeout: the caller has waited long enough.
        "retry": Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
        "health_check_interval": 30,
    }
    if settings.redis_url is not None:
        return Redis.from_url(settings.redis_url, **options)

    server = embedded.valkey(settings.data_dir)
    try:
        server.revive(START_SECONDS)
    except embedded.EmbeddedServerError as error:
        logger.error("the cache is unavailable; each use tries it again: %s", error)
    pool = ConnectionPool.from_url(server.url, **options)
    pool.connection_class = RevivingConnection
    pool.connection_kwargs["revive"] = partial(server.revive, REVIVAL_SECONDS)
    return Redis(connection_pool=pool)


def try_writing(redis: Redis) -> None:
    """Run the commands that the cache of lists needs, on keys that expire.

    Parameters
    ----------
    redis : Redis

    Raises
    ------
    redis.exceptions.ResponseError
        If the server refuses: a read-only replica, a node of a cluster, a missing permission.
    redis.exceptions.RedisError
        If it doesn't respond.
    """
    one, two = "five-films:health:1", "five-films:health:2"  # on different nodes of a cluster
    with redis.pipeline(transaction=True) as trying:
        trying.set(one, 1, ex=60)
        trying.set(two, 1, ex=60)
        trying.mget(one, two)
        trying.delete(one, two)
        trying.execute()


class RevivingConnection(UnixDomainSocketConnection):
    """A connection that starts the embedded server again when it has died."""

    def __init__(self, *, revive: Callable[[], None], **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self._revive = revive

    def _connect(self) -> Any:
        try:
            return super()._connect()  # type: ignore[no-untyped-call]
        except OSError:
            try:
                self._revive()
            except embedded.EmbeddedServerError as error:
                raise OSError(str(error)) from error  # redis-py turns it into its own error
            return super()._connect()  # type: ignore[no-untyped-call]
