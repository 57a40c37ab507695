"""The whole product in a process of its own, as `make run` starts it, for tests to look at."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent


class Server:
    """A running app; ended with everything that it started."""

    command: tuple[str, ...] = (sys.executable, "serve.py")

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = data_dir.parent / f"app-{self.port}.log"
        kept = {name: value for name, value in os.environ.items() if name not in _SETTINGS}
        self._start(kept | {"DATA_DIR": str(data_dir), "PORT": str(self.port)} | environment)

    def _start(self, environment: Mapping[str, str]) -> None:
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_healthy(self, seconds: float = 60) -> None:
        """Wait until the server answers; its log is in the error if it doesn't."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urlopen(f"{self.address}/_stcore/health", timeout=2) as answer:
                    if answer.read() == b"ok":
                        return
            except (URLError, OSError):
                pass
            time.sleep(0.05)
        raise AssertionError(f"the app did not start:\n{self.log.read_text()}")

    def wait_for_log(self, words: str, seconds: float = 240) -> None:
        """Wait until the log says this."""
        until = time.monotonic() + seconds
        while words not in self.log.read_text():
            if time.monotonic() > until or self.process.poll() is not None:
                raise AssertionError(f"{words!r} is not in the log:\n{self.log.read_text()}")
            time.sleep(0.1)

    def kill(self) -> None:
        """End it as a crash would: nothing is tidied up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)

    def stop(self) -> None:
        """End it as Ctrl-C would."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()


class CheapServer(Server):
    """The same, but a hash of a password takes a millisecond, for hundreds are made and compared.

    Not for benchmarks.
    """

    command = (sys.executable, "tests/serve_cheaply.py")


_SETTINGS = {
    "HOST",
    "PORT",
    "DATABASE_URL",
    "REDIS_URL",
    "DATA_DIR",
    "DATASET",
    "DEMO_ACCOUNTS",
    "SESSION_DAYS",
    "INSPECT_REGISTERED",
    "PUBLIC_URL",
    "TRUSTED_PROXIES",
    "FORWARDED_ALLOW_IPS",
    "RATINGS_PER_MINUTE",
    "REQUESTS_PER_MINUTE",
    "CORS_ORIGINS",
    "METRICS_TOKEN",
    "TMDB_TOKEN",
    "LOG_LEVEL",
    "LOG_FORMAT",
}


UNLIMITED = {"RATINGS_PER_MINUTE": "0", "REQUESTS_PER_MINUTE": "0"}
"""For a crowd that comes from one address."""


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
