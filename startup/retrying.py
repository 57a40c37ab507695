"""Retries: a stage of the start that fails is run again until it succeeds."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import TypeVar

from db.connection.connecting import WrongAddressError
from db.queries.locks import BusyError
from monitoring.errors import first_line
from startup.progress import Progress

logger = logging.getLogger(__name__)

RETRY_SECONDS = 3.0

Result = TypeVar("Result")


class StoppedError(RuntimeError):
    """The app is stopping, so the start goes no further."""


class Retries:
    """Runs stages until they succeed, and reports their progress.

    Parameters
    ----------
    progress : Progress
    stopping : Event
        Set when the app stops.
    """

    def __init__(self, progress: Progress, stopping: threading.Event) -> None:
        self._progress = progress
        self._stopping = stopping

    def until_done(
        self, what: str, stage: Callable[[], Result], *, longest_wait: float | None = None
    ) -> Result:
        """Run a stage until it succeeds.

        Parameters
        ----------
        what : str
            A text for people, without a full stop.
        stage : callable
        longest_wait : float or None
            Up to how many seconds the wait is doubled after each failure; None: it stays the same.

        Returns
        -------
        Result
            What the stage returns.

        Raises
        ------
        StoppedError
            If the app is stopping; retrying can't mend a wrong address, which stops it.
        """
        self._check()
        self._progress.begin(what)
        wait, is_waiting = RETRY_SECONDS, False
        while True:
            try:
                return stage()
            except WrongAddressError as error:
                logger.critical("%s", first_line(error))
                os.kill(os.getpid(), signal.SIGTERM)
                raise StoppedError from None
            except BusyError as error:
                if not is_waiting:
                    logger.info("%s: waiting: %s", what, error)
                self._progress.begin(what)
                is_waiting, wait = True, RETRY_SECONDS
            except Exception as error:
                self._progress.failed(what, error)
            self._stopping.wait(wait)
            self._check()
            if longest_wait is not None and not is_waiting:
                wait = min(2 * wait, longest_wait)

    def _check(self) -> None:
        if self._stopping.is_set():
            raise StoppedError
