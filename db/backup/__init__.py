"""Backups of the whole database, and their restoration.

Only the rows of a backup are restored: tables, functions and views come from our own migrations,
first those up to the backup's revision and then the newer ones. So a backup of an older schema, or
one written by another major version of PostgreSQL, can be restored.
"""

import os
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from psycopg import Connection as PsycopgConnection
from sqlalchemy import Connection, Engine, text

from db.backup import archive
from db.backup.archive import Backup, BackupError, Statement
from db.connection.engine import is_pooled
from db.queries import tmdb, views
from monitoring.progress import OnProgress, ignore_progress

# A restore must not log in users who have logged out since, nor send mails of before; and backups
# outlast the six months for which TMDb's data may be stored.
_LOGINS = ("sessions", "login_tickets", "login_attempts", "password_links", "mails")
_LEFT_OUT = (*_LOGINS, *tmdb.TABLES)


class NotEmptyError(RuntimeError):
    """The database holds data that a restore would replace, or an app uses it."""


def write(engine: Engine, file: Path) -> int:
    """Write a consistent backup; the file exists complete or not at all.

    Parameters
    ----------
    engine : Engine
    file : Path
        An existing file is replaced. Only its owner may read it: it contains users' emails.

    Returns
    -------
    int
        Its size in bytes.

    Raises
    ------
    BackupError
        If the file can't be written, the server can't be read, or a pooler is in front of it.
    """
    _check_direct(engine)
    part = file.with_name(f"{file.name}.part")
    try:
        try:
            with os.fdopen(_open_private(part), "wb") as draft:
                archive.dump(
                    engine.url,
                    draft,
                    *("--no-owner", "--no-privileges", "--schema=public"),
                    "--lock-wait-timeout=20s",
                    *(f"--exclude-table-data={table}" for table in _LEFT_OUT),
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
    progress: OnProgress = ignore_progress,
) -> Backup:
    """Restore a backup in one transaction: all of it or, on an error, nothing.

    The database gets a new id, so that lists cached in Redis are no longer valid.

    Parameters
    ----------
    engine : Engine
        Without a statement timeout.
    file : Path
    overwrite : bool
        Whether the database's data may be replaced.
    progress : callable
        Called with the share done (0 to 1) and the current step.

    Returns
    -------
    Backup
        Description of the restored file.

    Raises
    ------
    NotEmptyError
        If the database has data and `overwrite` isn't set, or an app is using it.
    BackupError
        If the file is no backup or is damaged, or a pooler is in front of the server.
    db.connection.errors.SchemaTooNewError
        If a newer version of Five Films wrote the file.
    """
    from db.connection import migrate  # Alembic, as in `archive.read`

    backup = archive.read(file)
    _check_direct(engine)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '20s'"))
        _check_unused(connection, overwrite)
        progress(0.0, "creating the tables")
        migrate.start_anew(connection, backup.revision)
        # The migrations have inserted rows of their own.
        connection.execute(text(f"TRUNCATE {', '.join(backup.tables)} CASCADE"))
        with archive.statements(file, _restore_order(connection, backup)) as statements:
            _run(connection, statements, len(backup.tables), progress)
        connection.execute(text("UPDATE installation SET id = gen_random_uuid()"))
        migrate.go_on(connection)
        progress(0.9, "computing the statistics")
        views.refresh(connection, concurrently=False)
    progress(1.0, "done")
    return backup


def _check_direct(engine: Engine) -> None:
    """Reject a pooler: it mixes pg_dump's session with others and hides who uses the database."""
    if is_pooled(engine):
        raise BackupError(
            "DATABASE_URL leads to a pooler, but a backup or restore needs the server itself: "
            "run this with the server's own address in DATABASE_URL"
        )


def _check_unused(connection: Connection, overwrite: bool) -> None:
    if not overwrite and connection.scalar(
        text("SELECT EXISTS (SELECT FROM movies) OR EXISTS (SELECT FROM users)")
    ):
        raise NotEmptyError(
            "the database already has films or users: --overwrite replaces them with the backup"
        )
    if connection.scalar(
        text(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name = current_setting('application_name') "
            "AND pid <> pg_backend_pid())"
        )
    ):
        raise NotEmptyError("an app is using the database: stop it, then restore")


def _restore_order(connection: Connection, backup: Backup) -> list[str]:
    """Return the file's entries: each table after those it references, then the sequences."""
    references: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(backup.tables, ()))
    for table, other in connection.execute(
        text(
            "SELECT child.relname, parent.relname FROM pg_constraint "
            "JOIN pg_class child ON child.oid = conrelid "
            "JOIN pg_class parent ON parent.oid = confrelid "
            "WHERE contype = 'f' AND conrelid <> confrelid "
            "AND connamespace = 'public'::regnamespace"
        )
    ):
        references.add(table, other)
    order = [table for table in references.static_order() if table in backup.tables]
    return [*(backup.tables[table] for table in order), *backup.sequences.values()]


def _run(
    connection: Connection, statements: Iterator[Statement], tables: int, progress: OnProgress
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


def _open_private(path: Path) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor
