"""What PostgreSQL and Valkey share: start once, attach, restart, count references, stop."""

import atexit
import logging
import os
import signal
import subprocess
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import psutil

from db.embedded import folders, processes
from db.embedded.errors import EmbeddedServerError
from db.embedded.locks import Reference, exclusive
from db.embedded.processes import Account, wait_until
from db.embedded.reviving import Reviver

logger = logging.getLogger(__name__)

START_SECONDS = 120.0  # recovery after a crash may have a gigabyte to replay


class EmbeddedServer(ABC):
    """One server of one folder, shared between threads and apps."""

    label: ClassVar[str]
    program: ClassVar[str]
    """Name of the server's processes."""
    stop_steps: ClassVar[tuple[tuple[signal.Signals, float], ...]]
    """Signals that stop the server, gentlest first, with the seconds to wait after each."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = folder
        self.data = data
        self.log = folder / "server.log"
        self._threads = threading.RLock()
        self._reference = Reference(folder / "apps.lock")
        self._place: os.stat_result | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._reviver = Reviver(self.ensure_running)

    @property
    @abstractmethod
    def url(self) -> str:
        """The address to connect to."""

    @abstractmethod
    def answers(self) -> bool:
        """Return whether the server accepts connections now."""

    @abstractmethod
    def main_process(self) -> psutil.Process | None:
        """Return the server's running process, whether it responds or not."""

    @abstractmethod
    def prepare(self, account: Account | None) -> list[str | Path]:
        """Prepare the data folder and return the command that starts the server."""

    def ensure_running(self) -> None:
        """Start the server, attach to it or restart it; cheap if it responds.

        Raises
        ------
        EmbeddedServerError
            If it can't run; the first line says what to do.
        """
        with self._threads:
            if self._reference.is_held and self.answers():
                return
            with self._translating_errors():
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                with exclusive(self._start_lock):
                    self._reference.take()
                    atexit.unregister(self.release)
                    atexit.register(self.release)
                    self._attach_or_start()

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
        self._reviver.revive(patience)

    def release(self) -> None:
        """Release this app's reference; the last one stops the server."""
        with self._threads:
            if not self._reference.is_held:
                return
            atexit.unregister(self.release)
            if not self.folder.exists():
                self._reference.drop()
                self._end()
                return
            with self._translating_errors(), exclusive(self._start_lock):
                self._reference.drop()
                if self._reference.is_free():
                    self._end()

    def stop(self) -> bool:
        """Stop the server even if apps use it; return whether it was running."""
        if not self.folder.exists():
            return False
        with self._threads, self._translating_errors(), exclusive(self._start_lock):
            return self._end()

    @property
    def _start_lock(self) -> Path:
        return self.folder / "start.lock"

    def _attach_or_start(self) -> None:
        folders.link(self.data)
        if self.data.exists() and not self.answers() and self.main_process() is not None:
            wait_until(lambda: self.answers() or self.main_process() is None, START_SECONDS)
            if (main := self.main_process()) is not None and not self.answers():
                raise EmbeddedServerError(
                    f"{self.label} runs as process {main.pid} but doesn't respond. Stop it with "
                    f"`python -m recsys stop` and try again; its log is {self.log}."
                )
        if not self.answers():
            self._start()
        self._place = self.data.stat()

    def _start(self) -> None:
        self._end_leftovers()
        account = processes.account_for(self.data)
        command = self.prepare(account)
        logger.info("%s: starting", self.label)
        output = folders.open_log(self.log)
        begin = os.fstat(output).st_size
        try:
            process = processes.start(command, folder=self.data, account=account, output=output)
        finally:
            os.close(output)
        self._process = process
        wait_until(lambda: self.answers() or process.poll() is not None, START_SECONDS)
        if process.poll() is not None or not self.answers():
            raise self.failed("did not start", begin)

    def failed(self, what: str, since: int = 0) -> EmbeddedServerError:
        """Return an error that quotes the end of the server's log after byte `since`."""
        end = folders.last_lines(self.log, since)
        if "No space left on device" in end:
            what += ", because there is no space left on the disk"
        return EmbeddedServerError(
            f"{self.label} {what}. Read the end of its log, {self.log}, fix the cause and try "
            f"again; if you move {self.folder} away, the app starts afresh.\n"
            f"The log ends with:\n{end}"
        )

    def _end(self) -> bool:
        family = self._family()
        if not family:
            if self.answers():
                raise EmbeddedServerError(
                    f"{self.label} in {self.folder} responds, but its process isn't visible from "
                    "here. Stop it in the container, or as the user, that started it."
                )
            folders.unlink(self.data)
            return False
        logger.info("%s: stopping", self.label)
        if self.data.exists() and (main := self.main_process()) is not None:
            processes.end([main], self.stop_steps)
        if not self._end_leftovers():
            raise self.failed("did not stop")
        if self._process is not None:
            self._process.poll()
        folders.unlink(self.data)
        return True

    def _end_leftovers(self) -> bool:
        """End processes that have lost their main process or folder, without a clean shutdown."""
        return processes.end(self._family(), ((signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)))

    def _family(self) -> list[psutil.Process]:
        """Return every process of this server, also those in a folder deleted since."""
        place = self.data.stat() if self.data.exists() else self._place
        return [] if place is None else processes.find(self.program, place)

    @contextmanager
    def _translating_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, psutil.Error, subprocess.SubprocessError) as error:
            raise EmbeddedServerError(
                f"{self.label} can't use the folder {self.folder}: {error}. Make it writable for "
                "the user who runs the app, free some space, or name another with DATA_DIR."
            ) from error
