"""Locks that hold over all processes and replicas of the app."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

_TRAINING = 5_417_003


class BusyError(RuntimeError):
    """Somebody else holds the lock."""


@contextmanager
def training_lock(engine: Engine) -> Iterator[None]:
    """Only one training at a time; the lock ends with the connection, so a crash frees it.

    Raises
    ------
    BusyError
        When a training is under way, in this process or in another.
    """
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _TRAINING}):
            raise BusyError("a training is under way already; wait until it has finished")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _TRAINING})
