"""Log lines about problems that persist."""

import logging
from threading import Lock


class LogOnce:
    """Logs a problem once, and not again while it persists; any thread may call it.

    Parameters
    ----------
    logger : Logger
    """

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._lock = Lock()
        self._problem: str | None = None

    @property
    def persists(self) -> bool:
        """Whether there is a problem that hasn't been solved."""
        return self._problem is not None

    def problem(self, level: int, text: str, *args: object, kind: str | None = None) -> None:
        """Log a problem, unless it is the one that was noted last and hasn't been solved.

        Parameters
        ----------
        level : int
            Of `logging`.
        text : str
            The message, with a placeholder for each of `args` as in `logging`.
        *args : object
        kind : str, optional
            Problems of one kind are the same; by default, those with the same message.
        """
        problem = kind or (text % args if args else text)
        with self._lock:
            before, self._problem = self._problem, problem
        if problem != before:
            self._logger.log(level, text, *args, stacklevel=2)

    def solved(self) -> bool:
        """Note that there is no problem now; return whether there was one."""
        if self._problem is None:
            return False
        with self._lock:
            before, self._problem = self._problem, None
        return before is not None
