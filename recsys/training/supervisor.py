"""Trainings in a subprocess of the app, one at a time, supervised from here."""

import json
import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Thread

from config import Settings
from db.queries.locks import BusyError
from i18n.language import Text
from monitoring.progress import OnProgress, ignore_progress
from recsys.training import subprocesses

logger = logging.getLogger(__name__)


class TrainingFailedError(RuntimeError):
    """The training process ended without a model; the message says why."""


@dataclass(frozen=True)
class Progress:
    """The progress of a training of this app.

    Attributes
    ----------
    share : float
        The share done, 0 to 1.
    what : str
        A description of the current step.
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
    """A runner of trainings in subprocesses, so that their memory is freed when they end.

    A training that is killed, possibly for lack of memory, is repeated in low-memory mode.

    Parameters
    ----------
    settings : Settings

    Attributes
    ----------
    progress : Progress or None
        The progress of the last training; None before the first.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._busy = Lock()
        self._process: subprocess.Popen[str] | None = None
        self._is_stopping = False
        self._busy_elsewhere: str | None = None
        self.progress: Progress | None = None

    def begin(self, started_from: str, user_id: int | None, *options: str) -> None:
        """Train in the background; `progress` shows the state.

        Parameters
        ----------
        started_from : str
            The place where the training was started, as users know it.
        user_id : int or None
            The user who started it.
        *options : str
            Of the command `train`.

        Raises
        ------
        db.queries.locks.BusyError
            If this app is already training. The training itself detects one of another app.
        """
        self._take()
        Thread(
            target=self._train_and_report, args=(started_from, user_id, *options), daemon=True
        ).start()

    def run(
        self,
        started_from: str,
        on_progress: OnProgress = ignore_progress,
        after: int | None = None,
    ) -> None:
        """Train and wait for the result.

        Parameters
        ----------
        started_from : str
            The place where the training was started, as users know it.
        on_progress : callable
            Called with the share done (0 to 1) and a description of the current step.
        after : int, optional
            The number of the last training that the caller knows of; don't train if there was
            another one since.

        Raises
        ------
        TrainingFailedError
            With the reason.
        db.queries.locks.BusyError
            If this app or another one is already training, or has trained since `after`.
        """
        self._take()
        self._train(
            started_from, None, on_progress, *(() if after is None else ("--after", str(after)))
        )

    def stop(self) -> None:
        """Stop a running training."""
        self._is_stopping = True
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def _take(self) -> None:
        if not self._busy.acquire(blocking=False):
            raise BusyError("a training is under way already; wait until it has finished")
        self.progress = Progress()

    def _train_and_report(self, started_from: str, user_id: int | None, *options: str) -> None:
        try:
            self._train(started_from, user_id, ignore_progress, *options)
        except BusyError as error:
            logger.info("training from %s: %s", started_from, error)
        except TrainingFailedError as error:
            logger.error("training from %s: %s", started_from, error)
        except Exception:
            logger.exception("a training failed unexpectedly")

    def _train(
        self,
        started_from: str,
        user_id: int | None,
        on_progress: OnProgress,
        *options: str,
    ) -> None:
        self._busy_elsewhere = None
        problem: str | None = "a bug in Five Films; the log has the traceback"
        try:
            problem = self._problem_of_process(started_from, user_id, on_progress, *options)
            if self._was_killed():
                logger.warning("%s: trying again with less memory", problem)
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
        """Return whether Linux has killed the training, as it does if memory runs out."""
        ended = self._process is not None and self._process.returncode == -signal.SIGKILL
        return ended and not self._is_stopping

    def _problem_of_process(
        self,
        started_from: str,
        user_id: int | None,
        on_progress: OnProgress,
        *options: str,
    ) -> str | None:
        """Train in a subprocess; return why it failed, None if it didn't."""
        command = ["train", "--json", "--quick-first", *options, "--started-from", started_from]
        if user_id is not None:
            command += ["--user-id", str(user_id)]
        self._process = subprocesses.begin(self._settings, *command, stderr=subprocess.PIPE)
        if self._is_stopping:  # stopped just before the process existed
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
            with suppress(OSError):  # its children, if it was killed itself
                os.killpg(process.pid, signal.SIGKILL)
            for listener in listeners:
                listener.join()
        if process.returncode <= 0:
            sys.stderr.writelines(last)
        if process.returncode == 0:
            return None
        if process.returncode < 0:
            return (
                f"the training was killed (signal {-process.returncode}), possibly for lack of "
                "memory"
            )
        why = "".join(last).strip() or "see the log"
        return f"the training ended with code {process.returncode}: {why}"

    def _listen(self, process: "subprocess.Popen[str]", on_progress: OnProgress) -> None:
        """Read the progress that the process reports."""
        for line in process.stdout or ():
            report = json.loads(line)
            self._busy_elsewhere = report.get("busy", self._busy_elsewhere)
            if "progress" in report:
                self.progress = Progress(report["progress"], report["what"])
                on_progress(report["progress"], report["what"])


def _pass_on(process: "subprocess.Popen[str]", last: list[str]) -> None:
    """Copy the process's output to the log, except the last line, which may say why it failed."""
    for line in process.stderr or ():
        if line.strip():
            sys.stderr.writelines(last)
            last[:] = [line]
