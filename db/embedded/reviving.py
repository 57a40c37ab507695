"""Restarts of a server that has died: one at a time, in the background."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from db.embedded.errors import EmbeddedServerError

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 30.0


class Reviver:
    """Restarts a server that callers find dead, and keeps none of them waiting for long.

    A failed start is not repeated at once: the pause doubles with each failure, up to half a
    minute. Until then callers get the error of the last one.
    """

    def __init__(self, start: Callable[[], None]) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._attempt: Future[None] | None = None
        self._begun = self._next = 0.0
        self._pause = 0.0

    def revive(self, patience: float) -> None:
        """Start the server and wait for it.

        Parameters
        ----------
        patience : float
            Seconds to wait, counted from the beginning of that start.

        Raises
        ------
        EmbeddedServerError
            If it doesn't run by then.
        """
        attempt = self._attempt_now()
        left = self._begun + patience - time.monotonic()
        try:
            attempt.result(max(left, 0))
        except TimeoutError:
            raise EmbeddedServerError("The server is being started; try again.") from None
        except EmbeddedServerError as error:
            raise EmbeddedServerError(str(error)) from error  # each thread raises its own

    def _attempt_now(self) -> "Future[None]":
        with self._lock:
            now = time.monotonic()
            if self._attempt is None or (self._attempt.done() and now >= self._next):
                self._attempt = Future()
                self._begun = now
                threading.Thread(
                    target=self._try, args=(self._attempt,), name="reviving", daemon=True
                ).start()
            return self._attempt

    def _try(self, attempt: "Future[None]") -> None:
        try:
            self._start()
        except BaseException as error:
            self._pause = min(max(2 * self._pause, _FIRST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS)
            self._next = time.monotonic() + self._pause
            attempt.set_exception(error)
        else:
            self._pause, self._next = 0.0, 0.0
            attempt.set_result(None)
