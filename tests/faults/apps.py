"""Processes that use the embedded servers, and looking into those servers, for fault tests."""

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
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it is ignored
server = getattr(embedded, sys.argv[1])(Path(sys.argv[2]))
server.ensure_running()
print(server.url, flush=True)
sys.stdin.read()
"""
NOBODY = 65534
PACKAGES = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if "-packages" in path)}


class App:
    """A process that uses a server as the app does, and ends when its input ends."""

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
        """Wait until the server runs; where it is."""
        assert self.process.stdout is not None
        url = self.process.stdout.readline().strip()
        assert url, "the app ended without a server"
        return url

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait()

    def quit(self) -> None:
        """End as an app does that is closed."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(timeout=60) == 0


StartApp = Callable[..., App]


def connect(url: str) -> psycopg.Connection:
    """A connection of its own; what it does is done at once."""
    plain = make_url(url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)


def execute(url: str, query: str) -> None:
    """Do it."""
    with closing(connect(url)) as connection:
        connection.execute(query.encode())


def titles(url: str) -> list[str]:
    """The one row that a ready folder has."""
    with closing(connect(url)) as connection:
        return [title for (title,) in connection.execute("SELECT title FROM films")]


def postmaster(data_dir: Path) -> psutil.Process | None:
    """The one server of a folder, or None; more than one is an error."""
    found = processes.find("postgres", (data_dir / "postgres/cluster/data").stat())
    pids = {process.pid for process in found}
    heads = []
    for process in found:
        with suppress(psutil.NoSuchProcess):
            heads += [process] if process.ppid() not in pids else []
    assert len(heads) <= 1
    return heads[0] if heads else None


def the_postmaster(data_dir: Path) -> psutil.Process:
    """The server of a folder, which runs."""
    process = postmaster(data_dir)
    assert process is not None
    return process
