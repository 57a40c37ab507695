"""The connection to PostgreSQL: the external one, or the embedded one kept alive."""

import time
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from config import Settings
from db import embedded

STATEMENT_TIMEOUT_SECONDS = 20
TRUSTED_SECONDS = 0.1


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
    }
    # hide_parameters: no email and no hash stands in an error that goes to the log
    pool = {
        "hide_parameters": True,
        "pool_size": 8,
        "max_overflow": 12,
        "pool_timeout": 10,
    }
    if settings.database_url is not None:
        return _with_reading(settings.database_url, pool | {"connect_args": arguments})

    server = embedded.postgres(settings.data_dir)
    server.ensure_running()
    url = make_url(server.url)
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)

    def connect() -> psycopg.Connection:
        try:
            return psycopg.connect(dsn, **arguments)
        except psycopg.OperationalError:
            server.ensure_running()
            return psycopg.connect(dsn, **arguments)

    return _with_reading(url, pool | {"creator": connect})


_reading: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def for_reading(engine: Engine) -> Engine:
    """The same database for single queries, without a transaction around each.

    To begin one and to end it are journeys to the server like the query itself.
    """
    return _reading.get(engine, engine)


def _with_reading(url: str | URL, options: dict[str, Any]) -> Engine:
    engine = _pinging(create_engine(url, **options))
    reading = _pinging(
        create_engine(url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, **options)
    )
    event.listen(engine, "engine_disposed", lambda _engine: reading.dispose())
    _reading[engine] = reading
    return engine


def _pinging(engine: Engine) -> Engine:
    """Ask whether the server still answers before a connection is used that has rested.

    As `pool_pre_ping`, which asks each time and so doubles the cost of a small query.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        used_at = record.info.get("used_at")
        if used_at is None or time.monotonic() - used_at < TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise InvalidatePoolError("the server has closed its connections") from error

    return engine
