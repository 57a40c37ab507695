"""Locks shared by all processes and replicas of the app."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import Connection, Engine, text

from db.queries import trainings
from monitoring.errors import first_line

_EVALUATION = 5_417_005


class BusyError(RuntimeError):
    """Another process or thread holds the lock."""


@dataclass
class Underway:
    """A training in progress; the code that trains sets its result here."""

    model_version: int | None = None


@contextmanager
def _exclusive_lock(engine: Engine, key: int, busy: Callable[[Connection], str]) -> Iterator[None]:
    """Hold a lock; if it is taken, raise `BusyError` with the text of `busy`.

    The lock ends with the connection, so a crash releases it. It belongs to a transaction, which
    stays open, because a pooler doesn't preserve sessions. The transaction reads and writes
    nothing else, so vacuum doesn't wait for it.
    """
    with engine.begin() as holding:
        holding.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        if not holding.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key}):
            raise BusyError(busy(holding))
        yield


@contextmanager
def evaluation_lock(engine: Engine) -> Iterator[None]:
    """Allow only one small evaluation at a time.

    Parameters
    ----------
    engine : Engine

    Yields
    ------
    None

    Raises
    ------
    BusyError
        If another one is in progress.
    """
    words = "an evaluation is under way already; wait until it has finished"
    with _exclusive_lock(engine, _EVALUATION, lambda _connection: words):
        yield


@contextmanager
def training_lock(
    engine: Engine,
    started_from: str = "a program",
    user_id: int | None = None,
    after: int | None = None,
) -> Iterator[Underway]:
    """Allow only one training at a time, and record its start, its end and any failure.

    Parameters
    ----------
    engine : Engine
    started_from : str
        What started the training, for the record.
    user_id : int, optional
        Who started it.
    after : int, optional
        The last training that the caller knew of when it decided that one is needed.

    Yields
    ------
    Underway

    Raises
    ------
    BusyError
        If a training is in progress, in this process or another (the text says since when), or
        there has been one since `after`.
    """
    with _exclusive_lock(engine, trainings.LOCK, _busy):
        with engine.begin() as connection:
            if after is not None and trainings.newest(connection) != after:
                raise BusyError("another app has trained in the meantime")
            training = trainings.begin(connection, started_from, user_id)
        underway, problem = Underway(), None
        try:
            yield underway
        except BaseException as error:
            problem = first_line(error)
            raise
        finally:
            with engine.begin() as connection:
                trainings.end(
                    connection, training, problem=problem, model_version=underway.model_version
                )


def _busy(connection: Connection) -> str:
    found = trainings.running(connection)
    if found is None:
        return "a training is under way already; wait until it has finished"
    since = found.started_at.astimezone(UTC)
    return (
        f"a training is under way already, begun by {found.started_from} at {since:%H:%M} UTC; "
        "wait until it has finished"
    )
