"""The connection to PostgreSQL: an external server, or the embedded one, which is kept alive."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from addresses import database_url
from config import Settings
from db import embedded
from db.connection.connecting import PATIENCE_SECONDS, PatientConnection, Sessions

STATEMENT_TIMEOUT_SECONDS = 20
TRUSTED_SECONDS = 0.1

# Four apps, with a training each, fit the hundred connections that PostgreSQL has by default.
_POOL_SIZE = 8
_MAX_OVERFLOW = 10

# How long a request waits for an embedded server that has died; recovery may take longer.
_REVIVAL_SECONDS = 10.0


def open_engine(
    settings: Settings, *, statement_timeout: int = STATEMENT_TIMEOUT_SECONDS
) -> Engine:
    """Connect to PostgreSQL, starting the embedded server if none is configured.

    Parameters
    ----------
    settings : Settings
        Says where the database is.
    statement_timeout : int
        Seconds until the server cancels a statement; 0 for no limit (data loads, training).

    Returns
    -------
    Engine

    Raises
    ------
    db.embedded.EmbeddedServerError
        If the embedded server can't start; its text says what to do.
    """
    server = None if settings.database_url is not None else embedded.postgres(settings.data_dir)
    if server is not None:
        server.ensure_running()
    found = route_to(settings, statement_timeout=statement_timeout)
    connect = (
        found.sessions.open
        if server is None
        else partial(_connect_or_revive, server, found.sessions)
    )
    return _engine(
        found, connect, pool_size=_POOL_SIZE, max_overflow=_MAX_OVERFLOW, pool_timeout=10
    )


@dataclass(frozen=True)
class Route:
    """How to connect to a database, for any process of this machine: it can be pickled.

    Attributes
    ----------
    url : URL
        With the password.
    sessions : Sessions
    """

    url: URL
    sessions: Sessions


def route_to(settings: Settings, *, statement_timeout: int) -> Route:
    """Return the route to the configured database, without starting an embedded server.

    Parameters
    ----------
    settings : Settings
    statement_timeout : int
        As for `open_engine`.

    Returns
    -------
    Route

    Raises
    ------
    db.embedded.EmbeddedServerError
        If an embedded server is configured and has never run.
    """
    own = {"statement_timeout": f"{statement_timeout}s", "timezone": "UTC", "jit": "off"}
    patience = statement_timeout + PATIENCE_SECONDS if statement_timeout else None
    if settings.database_url is None:
        url = make_url(embedded.postgres(settings.data_dir).url)
        return Route(url, Sessions(own, patience))
    address = database_url.read(settings.database_url)
    sessions = Sessions(
        address.settings | own, patience, address.prepares, address.prepare_threshold
    )
    return Route(_url(address.parameters), sessions)


def route_of(engine: Engine) -> Route:
    """Return the route that an engine takes, with the settings of its sessions."""
    return Route(engine.url, _sessions.get(engine) or Sessions({}, None))


def open_without_pool(route: Route) -> Engine:
    """Connect for a single use: the engine keeps no connection open."""
    return _engine(route, route.sessions.open, poolclass=NullPool)


def _url(parameters: dict[str, str]) -> URL:
    """Return SQLAlchemy's form of the address, so that an engine's `url` says where it leads."""
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
    """Remove the time limits of this transaction: for a data load, a view or a migration."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    driver = connection.connection.driver_connection
    if isinstance(driver, PatientConnection):
        driver.patience = None  # until it is returned to the pool


def _connect_or_revive(
    server: embedded.Server, sessions: Sessions, *args: Any, **parameters: Any
) -> PatientConnection:
    try:
        return sessions.open(*args, **parameters)
    except psycopg.OperationalError:
        try:
            server.revive(_REVIVAL_SECONDS)
        except embedded.EmbeddedServerError as error:
            raise psycopg.OperationalError(str(error)) from error  # as for any other server
        return sessions.open(*args, **parameters)


_sessions: WeakKeyDictionary[Engine, Sessions] = WeakKeyDictionary()


def is_pooled(engine: Engine) -> bool:
    """Return whether a pooler is in front of the server, connecting if necessary."""
    sessions = _sessions.get(engine)
    if sessions is None:
        return False
    if sessions.is_pooled is None:
        with engine.connect():
            pass
    return bool(sessions.is_pooled)


def for_reading(engine: Engine) -> Engine:
    """Return an engine for single queries, without a transaction around each.

    BEGIN and COMMIT are round trips to the server like the query itself. Through a pooler a
    transaction is still needed, because the settings apply only inside one.
    """
    if engine not in _sessions or _sessions[engine].is_pooled is not False:
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")  # of the same pool


def _engine(route: Route, connect: _Connect, **pool: Any) -> Engine:
    engine = create_engine(
        route.url,
        hide_parameters=True,  # keeps emails and hashes out of errors in the log
        **pool,
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

    _ping_idle_connections(engine)
    _sessions[engine] = route.sessions
    return engine


def _ping_idle_connections(engine: Engine) -> None:
    """Ping the server before a connection that has been idle is used.

    Like `pool_pre_ping`, which pings each time and so doubles the cost of a small query.
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
