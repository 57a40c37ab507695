"""One snapshot of the database for the transactions of several processes.

https://www.postgresql.org/docs/current/functions-admin.html, "Snapshot Synchronization Functions"
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import errors, sql
from sqlalchemy import Connection, Engine, text

from db.connection.copying import driver


class NoSnapshotError(RuntimeError):
    """The database doesn't have this snapshot."""


@contextmanager
def exported(engine: Engine) -> Iterator[str]:
    """Provide a snapshot of the database as it is now, for `reading` in any process.

    As long as it is kept, vacuum removes no row that it sees. TRUNCATE ignores snapshots: a table
    that has been emptied since is empty in this one too.

    Parameters
    ----------
    engine : Engine

    Yields
    ------
    str
        The identifier of the snapshot.
    """
    with _beginning(engine) as connection, connection.begin():
        # This transaction reads no table: it would keep a lock on it, and data loads would wait
        # until the end.
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        yield str(connection.scalar(text("SELECT pg_export_snapshot()")))


@contextmanager
def reading(engine: Engine, snapshot: str) -> Iterator[Connection]:
    """Begin a transaction that reads in a snapshot.

    Parameters
    ----------
    engine : Engine
    snapshot : str
        From `exported`.

    Yields
    ------
    Connection
        For reading only.

    Raises
    ------
    NoSnapshotError
        If this database doesn't have the snapshot.
    """
    with _beginning(engine) as connection:
        # By the driver, because it must precede the query with which SQLAlchemy's transactions
        # begin behind a pooler (`PatientConnection.of_each_transaction`).
        try:
            driver(connection).execute(
                sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot))
            )
        except (
            errors.InvalidParameterValue,
            errors.UndefinedObject,
            errors.FeatureNotSupported,  # a snapshot of another database of the server
            errors.ObjectNotInPrerequisiteState,  # its transaction has just ended
        ) as error:
            raise NoSnapshotError(
                f"the database doesn't have the snapshot {snapshot}: it is another database than "
                "the one that exported it, or the transaction that keeps it has ended"
            ) from error
        with connection.begin():
            yield connection


@contextmanager
def _beginning(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
