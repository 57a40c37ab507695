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
