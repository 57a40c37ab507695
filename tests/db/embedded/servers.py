"""Helpers to inspect an embedded PostgreSQL."""

from contextlib import closing, suppress
from pathlib import Path

import psutil
import psycopg
from sqlalchemy import make_url

from db import embedded
from db.embedded import processes


def connect(server: embedded.Server) -> psycopg.Connection:
    """Open a separate connection in autocommit mode."""
    url = make_url(server.url).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def ask(server: embedded.Server, query: str) -> object:
    """Return the first value of the first row."""
    with closing(connect(server)) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def postmasters(data_dir: Path) -> list[int]:
    """Return the server processes that run in the data folder, without their children."""
    found = processes.find("postgres", (data_dir / "postgres/cluster/data").stat())
    pids = {process.pid for process in found}
    heads = []
    for process in found:
        with suppress(psutil.NoSuchProcess):
            heads += [process.pid] if process.ppid() not in pids else []
    return heads


def put_down(data_dir: Path) -> None:
    """Stop the server and drop our reference, which would still count in a moved folder."""
    embedded.postgres(data_dir).release()
    embedded.stop(data_dir)
