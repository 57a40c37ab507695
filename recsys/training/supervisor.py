"""Training beside the app: in a process of its own, one at a time, watched from here."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Thread

from config import Settings
from db.queries.locks import BusyError
from i18n.language import Text
from recsys.training import subprocesses

logger = logging.getLogger(__name__)


class TrainingFailedError(RuntimeError):
    """The training process ended without a model; the text says why."""


@dataclass(frozen=True)
class Progress:
    """How far a training of this app has come.

    Attributes
    ----------
    share : float
        0 to 1.
    what : str
        What is being done.
    is_over : bool
        Whether it has ended.
    problem : str or None
        Why it failed.
    """

    share: float = 0.0
    what: str = Text("starting")
    is_over: bool = False
    problem: str | None = None


class Trainer:
    """Runs trainings; LightFM and the ratings' memory come and go with their process.

    One that is killed, perhaps for want of memory, is made once more with little of it.

    Attributes
    ----------
    progress : Progress or None
        Of the training that was started last; None before the first.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._busy = Lock()
        self._process: subprocess.Popen[str] | None = None
        self._is_stopping = False
        self._busy_elsewhere: str | None = None
        self.progress: Progress | None = None

    def begin(self, started_from: str, user_id: int | None) -> None:
        """Train in the background; `progress` tells how it goes.

        Raises
        ------
        db.queries.locks.BusyError
            When this app is training. That another one does, the training finds out.
        """
        self._take()
        Thread(target=self._train_and_tell, args=(started_from, user_id), daemon=True).start()

    def run(
        self,
        started_from: str,
        on_progress: Callable[[float, str], None] = lambda _share, _what: None,
        after: int | None = None,
    ) -> None:
        """Train, and wait for it; not if there was another training since `after`, by its number.

        Raises
        ------
        TrainingFailedError
            With the reason.
        db.queries.locks.BusyError
            When this app or another one is training already, or has since `after`.
        """
        self._take()
        self._train(
            started_from, None, on_progress, *(() if after is None else ("--after", str(after)))
        )

    def stop(self) -> None:
        """End a training that runs."""
        self._is_stopping = True
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def _take(self) -> None:
        if not self._busy.acquire(blocking=False):
            raise BusyError("a training is under way already; wait until it has finished")
        self.progress = Progress()

    def _train_and_tell(self, started_from: str, user_id: int | None) -> None:
        try:
            self._train(started_from, user_id, lambda _share, _what: None)
        except BusyError as error:
            logger.info("training from %s: %s", started_from, error)
        except TrainingFailedError as error:
            logger.error("training from %s: %s", started_from, error)
        except Exception:
            logger.exception("a training failed in a way nobody thought of")

    def _train(
        self,
        started_from: str,
        user_id: int | None,
        on_progress: Callable[[float, str], None],
        *options: str,
    ) -> None:
        self._busy_elsewhere = None
        problem: str | None = "a fault of ours, which is in the log"
        try:
            problem = self._problem_of_process(started_from, user_id, on_progress, *options)
            if self._was_killed():
                logger.warning("%s: once more with less of it", problem)
                problem = self._problem_of_process(
                    started_from, user_id, on_progress, "--little-memory"
                )
        finally:
            done = self.progress or Progress()
            self.progress = Progress(done.share, done.what, is_over=True, problem=problem)
            self._busy.release()
        if problem is not None and not self._is_stopping:
            if self._busy_elsewhere is not None:
                raise BusyError(self._busy_elsewhere)
            raise TrainingFailedError(problem)

    def _was_killed(self) -> bool:
        """Whether Linux has ended the training, as it does where memory runs out."""
        ended = self._process is not None and self._process.returncode == -signal.SIGKILL
        return ended and not self._is_stopping

    def _problem_of_process(
        self,
        started_from: str,
        user_id: int | None,
        on_progress: Callable[[float, str], None],
        *options: str,
    ) -> str | None:
        """Train in a process; why it failed, None when it didn't."""
        command = ["train", "--json", "--quick-first", *options, "--started-from", started_from]
        if user_id is not None:
            command += ["--user-id", str(user_id)]
        self._process = subprocesses.begin(self._settings, *command, stderr=subprocess.PIPE)
        if self._is_stopping:  # since just before there was a process to stop
            self._process.terminate()
        with self._process as process:
            last: list[str] = []
            listeners = (
                Thread(target=self._listen, args=(process, on_progress), daemon=True),
                Thread(target=_pass_on, args=(process, last), daemon=True),
            )
            for listener in listeners:
                listener.start()
            process.wait()
            with suppress(OSError):  # what it has started, where it was killed itself
                os.killpg(process.pid, signal.SIGKILL)
            for listener in listeners:
                listener.join()
        if process.returncode <= 0:
            sys.stderr.writelines(last)
        if process.returncode == 0:
            return None
        if process.returncode < 0:
            return (
                f"the training was killed (signal {-process.returncode}), perhaps for want of "
                "memory"
            )
        why = "".join(last).strip() or "the log says why"
        return f"the training ended with code {process.returncode}: {why}"

    def _listen(
        self, process: "subprocess.Popen[str]", on_progress: Callable[[float, str], None]
    ) -> None:
        """Take how far it has come."""
        for line in process.stdout or ():
            report = json.loads(line)
            self._busy_elsewhere = report.get("busy", self._busy_elsewhere)
            if "progress" in report:
                self.progress = Progress(report["progress"], report["what"])
                on_progress(report["progress"], report["what"])


def _pass_on(process: "subprocess.Popen[str]", last: list[str]) -> None:
    """Our log gets what the process says, but for its last line, which may say why it failed."""
    for line in process.stderr or ():
        if line.strip():
            sys.stderr.writelines(last)
            last[:] = [line]
