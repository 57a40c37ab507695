"""What to tell people and the log when the database does not do what it is asked."""

import logging
import time
from collections.abc import Callable
from threading import Lock

from psycopg import errors
from sqlalchemy.exc import (
    DBAPIError,
    DisconnectionError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from i18n.language import Text

QUIET_SECONDS = 60.0


def in_words(error: SQLAlchemyError) -> str:
    """A sentence for people: what is the matter, and what to do."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, errors.QueryCanceled | errors.LockNotAvailable):
        return Text("The database is too slow at the moment. Nothing was changed; try again.")
    if isinstance(cause, errors.DiskFull):
        return Text("The database has run out of space. Nothing was changed; try again later.")
    # A refused connection comes without its code.
    is_full = any(words in str(cause) for words in ("too many clients", "connection slots"))
    if isinstance(error, PoolTimeoutError) or is_full:
        return Text("The database is busy at the moment. Try again.")
    return Text("The database is not responding at the moment. Try again.")


def is_one(error: SQLAlchemyError) -> bool:
    """Whether the database is at fault, and not what it was asked."""
    kinds = (OperationalError, InterfaceError, DisconnectionError, PoolTimeoutError)
    return isinstance(error, kinds)


def first_line(error: Exception) -> str:
    """What happened; the lines below name values, which are not for the log."""
    return next(iter(str(error).splitlines()), type(error).__name__)


class Once:
    """Logs an outage once, however many requests meet it; what is none, each time.

    Failures of a kind that are less than `QUIET_SECONDS` apart are one outage. So nobody has to
    find out when it is over: a database that takes too long answers others all the while.

    Parameters
    ----------
    logger : Logger
    words : str
        What goes before the first line of the error.
    clock : callable
        Seconds, of which only differences count.
    """

    def __init__(
        self, logger: logging.Logger, words: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._logger = logger
        self._words = words
        self._clock = clock
        self._lock = Lock()
        self._last: dict[type, float] = {}

    def failed(self, error: Exception) -> None:
        """Log it, unless it is the same outage as before."""
        if isinstance(error, SQLAlchemyError) and not is_one(error):
            self._logger.error("%s: %s", self._words, first_line(error))
            return
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        now = self._clock()
        with self._lock:
            before = self._last.get(type(cause))
            self._last[type(cause)] = now
        if before is None or now - before >= QUIET_SECONDS:
            self._logger.error("%s: %s", self._words, first_line(error))
