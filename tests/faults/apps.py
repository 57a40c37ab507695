"""Processes that use the embedded servers, and access to those servers, for fault tests."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import psutil
import psycopg
from sqlalchemy import make_url

from db.embedded import processes

ROOT = Path(__file__).parents[2]
APP = """
import logging, signal, sys
from pathlib import Path
from db import embedded
logging.basicConfig()
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup ignores it
server = getattr(embedded, sys.argv[1])(Path(sys.argv[2]))
server.ensure_running()
print(server.url, flush=True)
sys.stdin.read()
"""
NOBODY = 65534
PACKAGES = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if "-packages" in path)}


class App:
    """A process that uses a server like the app, and exits when its input ends."""

    def __init__(
        self,
        kind: str,
        data_dir: Path,
        environment: dict[str, str] | None = None,
        nobodys_python: str | None = None,
    ) -> None:
        user = None if nobodys_python is None else NOBODY
        self.process = subprocess.Popen(
            [nobodys_python or sys.executable, "-c", APP, kind, str(data_dir)],
            cwd=ROOT,
            env=os.environ | (environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )

    def url(self) -> str:
        """Wait until the server runs, and return its URL."""
        assert self.process.stdout is not None
        url = self.process.stdout.readline().strip()
        assert url, "the app exited without a server"
        return url

    def kill(self) -> None:
        """Kill the process, as a crash would."""
        self.process.kill()
        self.process.wait()

    def quit(self) -> None:
        """Stop the process like an app that is closed."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(timeout=60) == 0


StartApp = Callable[..., App]


def connect(url: str) -> psycopg.Connection:
    """Open a separate connection in autocommit mode."""
    plain = make_url(url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)


def execute(url: str, query: str) -> None:
    """Execute a statement."""
    with closing(connect(url)) as connection:
        connection.execute(query.encode())


def titles(url: str) -> list[str]:
    """Return the titles in the table; a ready folder has one row."""
    with closing(connect(url)) as connection:
        return [title for (title,) in connection.execute("SELECT title FROM films")]


def postmaster(data_dir: Path) -> psutil.Process | None:
    """Return the server of a folder, or None; more than one is an error."""
    found = processes.find("postgres", (data_dir / "postgres/cluster/data").stat())
    pids = {process.pid for process in found}
    heads = []
    for process in found:
        with suppress(psutil.NoSuchProcess):
            heads += [process] if process.ppid() not in pids else []
    assert len(heads) <= 1
    return heads[0] if heads else None


def the_postmaster(data_dir: Path) -> psutil.Process:
    """Return the running server of a folder."""
    process = postmaster(data_dir)
    assert process is not None
    return process
