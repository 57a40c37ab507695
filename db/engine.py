"""The connection to PostgreSQL: the external one, or the embedded one kept alive."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import psycopg
from psycopg import errors
from psycopg.abc import PQGen
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from config import Settings
from db import embedded

STATEMENT_TIMEOUT_SECONDS = 20
TRUSTED_SECONDS = 0.1
PATIENCE_SECONDS = 5.0
"""How long the server may say nothing beyond its own time limit, and to a mere "are you there"."""

# A server that has gone without a word (a cable, a firewall) is found out after half a minute, also
# by a load or a training, whose statements may take any time.
_KEEPALIVES = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,  # ms
}

_T = TypeVar("_T")


class PatientConnection(psycopg.Connection[Any]):
    """Gives up a server that says nothing for so long.

    The server's own `statement_timeout` is of no use when the server hangs, or when its answer is
    lost on the way, and TCP may see nothing of it where a proxy stands between.

    Attributes
    ----------
    patience : float or None
        Seconds; None to wait for ever.
    """

    patience: float | None = None
    usual_patience: float | None = None

    def wait(self, gen: PQGen[_T], interval: float = 0.1, timeout: float | None = None) -> _T:
        """See psycopg; after `patience` the connection is closed, for nobody knows its state."""
        if timeout is not None or self.patience is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except errors._WaitTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError(
                f"the server has said nothing for {self.patience:.0f} seconds"
            ) from None


def open_engine(
    settings: Settings, *, statement_timeout: int = STATEMENT_TIMEOUT_SECONDS
) -> Engine:
    """Connect to PostgreSQL, starting the embedded server where none is configured.

    Parameters
    ----------
    settings : Settings
        Where the database is.
    statement_timeout : int
        Seconds until the server gives a statement up; 0 for none (loads, training).

    Raises
    ------
    db.embedded.EmbeddedServerError
        When the embedded server can't start; its text says what to do.
    """
    arguments: dict[str, Any] = {
        "connect_timeout": 5,
        "application_name": "five-films",
        "options": f"-c statement_timeout={statement_timeout}s -c timezone=UTC -c jit=off",
        **_KEEPALIVES,
    }
    patience = statement_timeout + PATIENCE_SECONDS if statement_timeout else None
    # hide_parameters: no email and no hash stands in an error that goes to the log
    options = {
        "hide_parameters": True,
        "pool_size": 8,
        "max_overflow": 12,
        "pool_timeout": 10,
        "connect_args": arguments,
    }
    if settings.database_url is not None:
        return _with_reading(settings.database_url, options, partial(_connect, patience))
    server = embedded.postgres(settings.data_dir)
    server.ensure_running()
    return _with_reading(server.url, options, partial(_connect_or_revive, server, patience))


_Connect = Callable[..., PatientConnection]


def _connect(patience: float | None, *args: Any, **arguments: Any) -> PatientConnection:
    connection = PatientConnection.connect(*args, **arguments)
    connection.patience = connection.usual_patience = patience
    return connection


def wait_for_ever(connection: Connection) -> None:
    """In this transaction a statement may take any time: a load, a view, a migration."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    driver = connection.connection.driver_connection
    if isinstance(driver, PatientConnection):
        driver.patience = None  # until the pool has it back


def _connect_or_revive(
    server: embedded.Server, patience: float | None, *args: Any, **arguments: Any
) -> PatientConnection:
    try:
        return _connect(patience, *args, **arguments)
    except psycopg.OperationalError:
        try:
            server.ensure_running()
        except embedded.EmbeddedServerError as error:
            raise psycopg.OperationalError(str(error)) from error  # as of any other server
        return _connect(patience, *args, **arguments)


_reading: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def for_reading(engine: Engine) -> Engine:
    """The same database for single queries, without a transaction around each.

    To begin one and to end it are journeys to the server like the query itself.
    """
    return _reading.get(engine, engine)


def _with_reading(url: str, options: dict[str, Any], connect: _Connect) -> Engine:
    engine = _prepared(create_engine(url, **options), connect)
    reading = _prepared(
        create_engine(url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, **options),
        connect,
    )
    event.listen(engine, "engine_disposed", lambda _engine: reading.dispose())
    _reading[engine] = reading
    return engine


def _prepared(engine: Engine, connect: _Connect) -> Engine:
    @event.listens_for(engine, "do_connect")
    def do_connect(
        _dialect: object, _record: object, args: list[Any], arguments: dict[str, Any]
    ) -> PatientConnection:
        return connect(*args, **arguments)

    return _pinging(engine)


def _pinging(engine: Engine) -> Engine:
    """Ask whether the server still answers before a connection is used that has rested.

    As `pool_pre_ping`, which asks each time and so doubles the cost of a small query.
    """

    @event.listens_for(engine, "checkin")
    def note(connection: PatientConnection | None, record: ConnectionPoolEntry) -> None:
        if connection is not None:
            connection.patience = connection.usual_patience
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: PatientConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        used_at = record.info.get("used_at")
        if used_at is None or time.monotonic() - used_at < TRUSTED_SECONDS:
            return
        patience, connection.patience = connection.patience, PATIENCE_SECONDS
        try:
            engine.dialect.do_ping(cast(DBAPIConnection, connection))
        except psycopg.Error as error:
            raise InvalidatePoolError("the server has closed its connections") from error
        finally:
            connection.patience = patience

    return engine
