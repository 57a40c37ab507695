"""The pace of requests."""

from threading import Lock


class Pace:
    """Spreads requests evenly, at most so many a second; any thread may call it.

    Parameters
    ----------
    per_second : float
    """

    def __init__(self, per_second: float) -> None:
        self._between = 1 / per_second
        self._lock = Lock()
        self._next = 0.0

    def turn(self, now: float) -> float:
        """Reserve the next turn; return the seconds to wait for it from now on."""
        with self._lock:
            at = max(now, self._next)
            self._next = at + self._between
        return at - now
