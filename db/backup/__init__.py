"""A backup of everything, and the way back.

Of a backup the rows alone are restored: tables, functions and views come from our own migrations,
first those that the backup has and then the newer ones. So a backup of an older schema can be
restored, and one that another major version of PostgreSQL wrote.
"""

import os
from collections.abc import Callable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from psycopg import Connection as PsycopgConnection
from sqlalchemy import Connection, Engine, text

from db.backup import archive
from db.backup.archive import Backup, BackupError, Statement
from db.connection import migrate
from db.connection.engine import is_pooled
from db.queries import views

Progress = Callable[[float, str], None]

# Who has logged out since must not be logged in again by a restore.
_LOGINS = ("sessions", "login_tickets", "login_attempts")


class NotEmptyError(RuntimeError):
    """There is something that a restore would replace, or an app that uses it."""


def write(engine: Engine, file: Path) -> int:
    """Write a backup of one moment; the file is there whole or not at all.

    Parameters
    ----------
    engine : Engine
    file : Path
        One of this name is replaced. Only its owner may read it: it has people's emails.

    Returns
    -------
    int
        Its size in bytes.

    Raises
    ------
    BackupError
        When the file can't be written, the server can't be read, or a pooler stands before it.
    """
    _check_direct(engine)
    part = file.with_name(f"{file.name}.part")
    try:
        try:
            with os.fdopen(_private(part), "wb") as draft:
                archive.dump(
                    engine.url,
                    draft,
                    *("--no-owner", "--no-privileges", "--schema=public"),
                    "--lock-wait-timeout=20s",
                    *(f"--exclude-table-data={table}" for table in _LOGINS),
                )
                os.fsync(draft.fileno())
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise BackupError(f"{file} can't be written: {error.strerror}") from error
    return file.stat().st_size


def restore(
    engine: Engine,
    file: Path,
    *,
    overwrite: bool = False,
    progress: Progress = lambda _share, _what: None,
) -> Backup:
    """Put everything back, in one transaction: all of it or, on an error, nothing.

    The database counts as another one from then on, so that no list in Redis is taken for new.

    Parameters
    ----------
    engine : Engine
        Without a statement timeout.
    file : Path
    overwrite : bool
        Whether what the database holds may be replaced.
    progress : callable
        Called with the share done (0 to 1) and what is being done.

    Raises
    ------
    NotEmptyError
        When the database holds something and `overwrite` isn't set, or an app is using it.
    BackupError
        When the file is no backup, or is damaged, or a pooler stands before the server.
    db.connection.errors.SchemaTooNewError
        When a newer version of Five Films made it.
    """
    backup = archive.read(file)
    _check_direct(engine)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '20s'"))
        _check_unused(connection, overwrite)
        progress(0.0, "making the tables")
        migrate.start_anew(connection, backup.revision)
        # The migrations have put some rows in, too.
        connection.execute(text(f"TRUNCATE {', '.join(backup.tables)} CASCADE"))
        with archive.statements(file, _in_order(connection, backup)) as statements:
            _run(connection, statements, len(backup.tables), progress)
        connection.execute(text("UPDATE installation SET id = gen_random_uuid()"))
        migrate.go_on(connection)
        progress(0.9, "computing the figures")
        views.refresh(connection, concurrently=False)
    progress(1.0, "done")
    return backup


def _check_direct(engine: Engine) -> None:
    """A pooler mixes pg_dump's session up with others, and hides who uses the database."""
    if is_pooled(engine):
        raise BackupError(
            "DATABASE_URL leads to a pooler, and a backup or a restore needs the server itself: "
            "run this with the server's own address in DATABASE_URL"
        )


def _check_unused(connection: Connection, overwrite: bool) -> None:
    if not overwrite and connection.scalar(
        text("SELECT EXISTS (SELECT FROM movies) OR EXISTS (SELECT FROM users)")
    ):
        raise NotEmptyError(
            "the database holds films or people already: --overwrite puts the backup in their place"
        )
    if connection.scalar(
        text(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name = current_setting('application_name') "
            "AND pid <> pg_backend_pid())"
        )
    ):
        raise NotEmptyError("an app is using the database: stop it, then restore")


def _in_order(connection: Connection, backup: Backup) -> list[str]:
    """Lines of the file's list: each table after those that it refers to, then the sequences."""
    refers: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(backup.tables, ()))
    for table, other in connection.execute(
        text(
            "SELECT child.relname, parent.relname FROM pg_constraint "
            "JOIN pg_class child ON child.oid = conrelid "
            "JOIN pg_class parent ON parent.oid = confrelid "
            "WHERE contype = 'f' AND conrelid <> confrelid "
            "AND connamespace = 'public'::regnamespace"
        )
    ):
        refers.add(table, other)
    order = [table for table in refers.static_order() if table in backup.tables]
    return [*(backup.tables[table] for table in order), *backup.sequences.values()]


def _run(
    connection: Connection, statements: Iterator[Statement], tables: int, progress: Progress
) -> None:
    driver = connection.connection.driver_connection
    if not isinstance(driver, PsycopgConnection):
        raise TypeError("a restore needs psycopg's COPY")
    done = 0
    with driver.cursor() as cursor:
        for each in statements:
            if each.table is None:
                cursor.execute(each.sql)
                continue
            progress(0.9 * done / tables, each.table)
            with cursor.copy(each.sql) as rows:
                for block in each.rows:
                    rows.write(block)
            done += 1


def _private(path: Path) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor
