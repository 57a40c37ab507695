"""A small evaluation beside the app, in a process of its own that gives way to all others."""

import json
import logging
import os
import subprocess
from threading import Event, Lock, Thread

from sqlalchemy import Engine

from config import Settings
from db.queries import evaluations
from db.queries.locks import BusyError
from i18n.language import Text
from recsys.training import memory, subprocesses
from recsys.training.supervisor import Progress

logger = logging.getLogger(__name__)

_COMMAND = ("evaluate", "--small", "--json")

_LOOK_SECONDS = 15.0
_IDLE_LOOKS = 2
_IDLE_LOAD = 0.3  # of each core


class Evaluator:
    """Runs small evaluations, one at a time.

    Attributes
    ----------
    progress : Progress or None
        Of the evaluation that was started last; None before the first.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._busy = Lock()
        self._stopping = Event()
        self._process: subprocess.Popen[str] | None = None
        self.progress: Progress | None = None

    def begin(self) -> None:
        """Evaluate in the background; `progress` tells how it goes.

        Raises
        ------
        db.queries.locks.BusyError
            When this app is evaluating. That another one does, the evaluation finds out.
        """
        if not self._busy.acquire(blocking=False):
            raise BusyError("an evaluation is under way already; wait until it has finished")
        self.progress = Progress()
        Thread(target=self._evaluate, name="evaluation", daemon=True).start()

    def begin_when_idle(self) -> None:
        """Evaluate as soon as the machine has nothing else to do, unless that was done before."""
        Thread(target=self._wait_and_begin, name="evaluation-waits", daemon=True).start()

    def stop(self) -> None:
        """End an evaluation that runs."""
        self._stopping.set()
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    def _wait_and_begin(self) -> None:
        idle = 0
        while idle < _IDLE_LOOKS:
            if self._stopping.wait(_LOOK_SECONDS):
                return
            idle = idle + 1 if _is_idle() else 0
        try:
            with self._engine.connect() as connection:
                if evaluations.sources(connection):
                    return
            self.begin()
        except Exception as error:  # nobody waits for it, and a page can begin it
            logger.info("no small evaluation: %s", error)

    def _evaluate(self) -> None:
        problem: str | None = Text("the log says why")
        try:
            problem = self._problem_of_process()
        except Exception:
            logger.exception("a small evaluation failed")
        finally:
            done = self.progress or Progress()
            self.progress = Progress(done.share, done.what, is_over=True, problem=problem)
            self._busy.release()

    def _problem_of_process(self) -> str | None:
        """Evaluate in a process; why it failed, None when it didn't."""
        with subprocesses.begin(self._settings, *_COMMAND, stderr=subprocess.STDOUT) as process:
            self._process = process
            os.setpriority(os.PRIO_PROCESS, process.pid, 19)
            if self._stopping.is_set():  # since just before there was a process to stop
                process.kill()
            last = ""
            for line in process.stdout or ():
                if not self._take(line) and line.strip():
                    last = line.strip()
        if process.returncode == 0 or self._stopping.is_set():
            return None
        logger.error("a small evaluation ended with code %d: %s", process.returncode, last)
        return last or Text("the log says why")

    def _take(self, line: str) -> bool:
        """Take how far it has come, if the line says so."""
        if not line.startswith('{"progress"'):
            return False
        report = json.loads(line)
        self.progress = Progress(report["progress"], report["what"])
        return True


def _is_idle() -> bool:
    cores = os.cpu_count() or 1
    return os.getloadavg()[0] < _IDLE_LOAD * cores and memory.left() > memory.ENOUGH
