"""A network that can be cut: TCP on one side, a server's Unix socket or port on the other."""

import socket
import struct
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Literal

_RESET = struct.pack("ii", 1, 0)


class Proxy:
    """A proxy that forwards bytes, swallows them, or refuses connections."""

    def __init__(self, server: Path | int) -> None:
        self._server = server
        self._mode: Literal["pass", "swallow"] = "pass"
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        self._listener: socket.socket | None = None
        self.port = 0
        self._listen()

    def cut(self) -> None:
        """Break all connections; new ones are forwarded."""
        with self._lock:
            connections, self._open = self._open, set()
        for connection in connections:
            with suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def refuse(self) -> None:
        """Break all connections, and refuse new ones."""
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.cut()

    def swallow(self) -> None:
        """Accept connections and bytes, and forward nothing: a black hole."""
        self._mode = "swallow"

    def lead_to(self, server: Path | int) -> None:
        """Forward to another server from now on."""
        self._server = server
        self.cut()

    def mend(self) -> None:
        """Forward again; the bytes in the black hole stay lost."""
        self._mode = "pass"
        self.cut()
        if self._listener is None:
            self._listen()

    def _listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        self.port = self._listener.getsockname()[1]
        Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                try:
                    server = self._connect()
                except OSError:
                    client.close()
                    continue
                with self._lock:
                    self._open |= {client, server}
                for here, there in ((client, server), (server, client)):
                    Thread(target=self._pump, args=(here, there), daemon=True).start()

    def _connect(self) -> socket.socket:
        if isinstance(self._server, int):
            return socket.create_connection(("127.0.0.1", self._server))
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(self._server))
        return server

    def _pump(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while data := here.recv(65536):
                if self._mode == "pass":
                    there.sendall(data)
            there.shutdown(socket.SHUT_WR)
