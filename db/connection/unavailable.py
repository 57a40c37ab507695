"""Messages for users and the log when the database fails."""

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
from monitoring.errors import first_line

QUIET_SECONDS = 60.0


def in_words(error: SQLAlchemyError) -> str:
    """Return a sentence for users: what is wrong and what to do."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, errors.QueryCanceled | errors.LockNotAvailable):
        return Text("The database is too slow at the moment. Nothing was changed; try again.")
    if isinstance(cause, errors.DiskFull):
        return Text("The database has run out of space. Nothing was changed; try again later.")
    # psycopg gives no error code for a refused connection.
    is_full = any(words in str(cause) for words in ("too many clients", "connection slots"))
    if isinstance(error, PoolTimeoutError) or is_full:
        return Text("The database is busy at the moment. Try again.")
    return Text("The database is not responding at the moment. Try again.")


def is_one(error: SQLAlchemyError) -> bool:
    """Return whether the database is at fault rather than the statement."""
    kinds = (OperationalError, InterfaceError, DisconnectionError, PoolTimeoutError)
    return isinstance(error, kinds)


class Once:
    """Logs an outage once, however many requests it affects, and any other error each time.

    Failures of one type less than `QUIET_SECONDS` apart are one outage. So its end needn't be
    detected: a database that is too slow for one request still answers others.

    Parameters
    ----------
    logger : Logger
    words : str
        Prefix to the first line of the error.
    clock : callable
        Seconds; only differences matter.
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
        """Log an error, unless it belongs to the same outage as the one before."""
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
