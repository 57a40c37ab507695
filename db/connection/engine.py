"""The connection to PostgreSQL: the external one, or the embedded one kept alive."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, cast
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from addresses import database_url
from config import Settings
from db import embedded
from db.connection.connecting import PATIENCE_SECONDS, PatientConnection, Sessions

STATEMENT_TIMEOUT_SECONDS = 20
TRUSTED_SECONDS = 0.1

# Four apps, with a training each, fit the hundred connections that PostgreSQL has by default.
_KEPT = 8
_MORE_FOR_A_WHILE = 10

# How long a request waits for an embedded server that has ended; recovery may take longer.
_REVIVAL_SECONDS = 10.0


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
    own = {"statement_timeout": f"{statement_timeout}s", "timezone": "UTC", "jit": "off"}
    patience = statement_timeout + PATIENCE_SECONDS if statement_timeout else None
    if settings.database_url is not None:
        address = database_url.read(settings.database_url)
        sessions = Sessions(
            address.settings | own, patience, address.prepares, address.prepare_threshold
        )
        return _engine(_url(address.parameters), sessions, sessions.open)
    server = embedded.postgres(settings.data_dir)
    server.ensure_running()
    sessions = Sessions(own, patience)
    return _engine(make_url(server.url), sessions, partial(_connect_or_revive, server, sessions))


def _url(parameters: dict[str, str]) -> URL:
    """As SQLAlchemy writes it, whose engines tell where they lead to."""
    rest = dict(parameters)
    user, password, database = (rest.pop(each, None) for each in ("user", "password", "dbname"))
    host, port = rest.get("host", ""), rest.get("port", "")
    is_plain = bool(host) and not {"/", ","} & set(host + port)
    if is_plain:
        del rest["host"]
        rest.pop("port", None)
    return URL.create(
        "postgresql+psycopg",
        user,
        password,
        host if is_plain else None,
        int(port) if is_plain and port else None,
        database,
        rest,
    )


_Connect = Callable[..., PatientConnection]


def wait_for_ever(connection: Connection) -> None:
    """In this transaction a statement may take any time: a load, a view, a migration."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    driver = connection.connection.driver_connection
    if isinstance(driver, PatientConnection):
        driver.patience = None  # until the pool has it back


def _connect_or_revive(
    server: embedded.Server, sessions: Sessions, *args: Any, **parameters: Any
) -> PatientConnection:
    try:
        return sessions.open(*args, **parameters)
    except psycopg.OperationalError:
        try:
            server.revive(_REVIVAL_SECONDS)
        except embedded.EmbeddedServerError as error:
            raise psycopg.OperationalError(str(error)) from error  # as of any other server
        return sessions.open(*args, **parameters)


_sessions: WeakKeyDictionary[Engine, Sessions] = WeakKeyDictionary()


def is_pooled(engine: Engine) -> bool:
    """Whether a pooler stands before the server; it is connected to if it wasn't yet."""
    sessions = _sessions.get(engine)
    if sessions is None:
        return False
    if sessions.is_pooled is None:
        with engine.connect():
            pass
    return bool(sessions.is_pooled)


def for_reading(engine: Engine) -> Engine:
    """The same database for single queries, without a transaction around each.

    To begin one and to end it are journeys to the server like the query itself. Through a pooler
    there is one, for the settings hold in transactions alone.
    """
    if engine not in _sessions or _sessions[engine].is_pooled is not False:
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")  # of the same pool


def _engine(url: URL, sessions: Sessions, connect: _Connect) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,  # no email and no hash stands in an error that goes to the log
        pool_size=_KEPT,
        max_overflow=_MORE_FOR_A_WHILE,
        pool_timeout=10,
    )

    @event.listens_for(engine, "do_connect")
    def do_connect(
        _dialect: object, _record: object, args: list[Any], parameters: dict[str, Any]
    ) -> PatientConnection:
        return connect(*args, **parameters)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        if isinstance(driver, PatientConnection) and driver.of_each_transaction is not None:
            driver.execute(driver.of_each_transaction)

    _pinging(engine)
    _sessions[engine] = sessions
    return engine


def _pinging(engine: Engine) -> None:
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
