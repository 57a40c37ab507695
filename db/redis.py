"""The connection to Redis: the external one, or the embedded Valkey kept alive."""

from collections.abc import Callable
from typing import Any

from redis import ConnectionPool, Redis, UnixDomainSocketConnection
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError
from redis.retry import Retry

from config import Settings
from db import embedded

TIMEOUT_SECONDS = 0.5


def open_redis(settings: Settings) -> Redis:
    """Connect to Redis, starting the embedded Valkey where none is configured.

    A call fails within `TIMEOUT_SECONDS` rather than keep a person waiting: what Redis holds
    can always be computed again.

    Raises
    ------
    db.embedded.EmbeddedServerError
        When the embedded server can't start; its text says what to do.
    """
    options: dict[str, Any] = {
        "socket_timeout": TIMEOUT_SECONDS,
        "socket_connect_timeout": TIMEOUT_SECONDS,
        # Once more over a new connection when the server has closed the old one; who has waited
        # in vain doesn't wait again.
        "retry": Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
        "health_check_interval": 30,
    }
    if settings.redis_url is not None:
        return Redis.from_url(settings.redis_url, **options)

    server = embedded.valkey(settings.data_dir)
    server.ensure_running()
    pool = ConnectionPool.from_url(server.url, **options)
    pool.connection_class = RevivingConnection
    pool.connection_kwargs["revive"] = server.ensure_running
    return Redis(connection_pool=pool)


def try_writing(redis: Redis) -> None:
    """Do what lists, picks and the throttle need, with keys that end by themselves.

    Raises
    ------
    redis.exceptions.ResponseError
        When the server refuses: a read-only replica, a node of a cluster, a right that is missing.
    redis.exceptions.RedisError
        When it doesn't answer.
    """
    one, two = "five-films:health:1", "five-films:health:2"  # of different nodes in a cluster
    with redis.pipeline(transaction=True) as trying:
        trying.set(one, 1, ex=60)
        trying.hset(two, "written", 1)
        trying.expire(two, 60)
        trying.mget(one)
        trying.hgetall(two)
        trying.eval("return redis.call('INCRBY', KEYS[1], 1)", 1, one)
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
                raise OSError(str(error)) from error  # which redis-py makes its own error of
            return super()._connect()  # type: ignore[no-untyped-call]
