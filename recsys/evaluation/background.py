"""Small evaluations in a subprocess of the app with the lowest priority."""

import json
import logging
import os
import subprocess
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from config import Settings
from db.queries import evaluations
from db.queries.locks import BusyError
from i18n.language import Text
from recsys.training import memory, subprocesses
from recsys.training.supervisor import Progress

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

logger = logging.getLogger(__name__)

_COMMAND = ("evaluate", "--small", "--json")

_WAITING = "waiting for an idle machine"
_LOOK_SECONDS = 15.0
_IDLE_LOOKS = 2
_IDLE_LOAD = 0.3  # of each core


class Evaluator:
    """A runner of small evaluations, one at a time.

    Parameters
    ----------
    engine : Engine
    settings : Settings

    Attributes
    ----------
    progress : Progress or None
        The progress of the last evaluation; None before the first.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._busy = Lock()
        self._stopping = Event()
        self._idle_looks = 0
        self._process: subprocess.Popen[str] | None = None
        self.progress: Progress | None = None

    def begin(self) -> None:
        """Evaluate in the background; `progress` shows the state.

        Raises
        ------
        db.queries.locks.BusyError
            If this app is already evaluating. The evaluation itself detects one of another app.
        """
        if not self._busy.acquire(blocking=False):
            raise BusyError("an evaluation is under way already; wait until it has finished")
        self.progress = Progress()
        Thread(target=self._evaluate, name="evaluation", daemon=True).start()

    def begin_when_idle(self, scheduler: "BackgroundScheduler") -> None:
        """Evaluate as soon as the machine is idle, unless there is an evaluation already."""
        scheduler.add_job(
            self._look, "interval", seconds=_LOOK_SECONDS, args=(scheduler,), id=_WAITING
        )

    def stop(self) -> None:
        """Stop a running evaluation."""
        self._stopping.set()
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    def _look(self, scheduler: "BackgroundScheduler") -> None:
        self._idle_looks = self._idle_looks + 1 if _is_idle() else 0
        if self._idle_looks < _IDLE_LOOKS:
            return
        scheduler.remove_job(_WAITING)
        try:
            with self._engine.connect() as connection:
                if evaluations.sources(connection):
                    return
            self.begin()
        except Exception as error:  # no one waits for it, and a page can start it
            logger.info("no small evaluation was started: %s", error)

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
        """Evaluate in a subprocess; return why it failed, None if it didn't."""
        with subprocesses.begin(self._settings, *_COMMAND, stderr=subprocess.STDOUT) as process:
            self._process = process
            os.setpriority(os.PRIO_PROCESS, process.pid, 19)
            if self._stopping.is_set():  # stopped just before the process existed
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
        """Read the progress if the line reports it; return whether it does."""
        if not line.startswith('{"progress"'):
            return False
        report = json.loads(line)
        self.progress = Progress(report["progress"], report["what"])
        return True


def _is_idle() -> bool:
    cores = os.cpu_count() or 1
    return os.getloadavg()[0] < _IDLE_LOAD * cores and memory.left() > memory.ENOUGH
