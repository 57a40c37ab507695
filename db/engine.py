"""The connection to PostgreSQL: the external one, or the embedded one kept alive."""

from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import make_url

from config import Settings
from db import embedded

STATEMENT_TIMEOUT_SECONDS = 20


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
        "pool_pre_ping": True,
        "pool_size": 8,
        "max_overflow": 12,
        "pool_timeout": 10,
    }
    if settings.database_url is not None:
        return create_engine(settings.database_url, connect_args=arguments, **pool)

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

    return create_engine(url, creator=connect, **pool)


def for_one_query(engine: Engine) -> Connection:
    """A connection without a transaction, whose begin and end cost as much as a small query."""
    return engine.execution_options(isolation_level="AUTOCOMMIT").connect()
