"""Locks that hold over all processes and replicas of the app."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import Connection, Engine, text

from db.queries import trainings

_EVALUATION = 5_417_005


class BusyError(RuntimeError):
    """Somebody else holds the lock."""


@dataclass
class Underway:
    """A training under way; what comes of it is noted here by who trains."""

    model_version: int | None = None


@contextmanager
def _alone(engine: Engine, key: int, busy: Callable[[Connection], str]) -> Iterator[None]:
    """Hold a lock while this lasts; `BusyError` with what `busy` says where somebody has it.

    It ends with the connection, so a crash frees it. It is a transaction's, which stays open
    meanwhile, for a pooler keeps no session together. The transaction reads and writes nothing
    more, so that vacuum doesn't wait for it.
    """
    with engine.begin() as holding:
        holding.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        if not holding.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key}):
            raise BusyError(busy(holding))
        yield


@contextmanager
def evaluation_lock(engine: Engine) -> Iterator[None]:
    """Only one small evaluation at a time.

    Raises
    ------
    BusyError
        When one is under way.
    """
    words = "an evaluation is under way already; wait until it has finished"
    with _alone(engine, _EVALUATION, lambda _connection: words):
        yield


@contextmanager
def training_lock(
    engine: Engine,
    started_from: str = "a program",
    user_id: int | None = None,
    after: int | None = None,
) -> Iterator[Underway]:
    """Only one training at a time, written down as it starts and as it ends, with why it failed.

    Parameters
    ----------
    engine : Engine
    started_from : str
    user_id : int, optional
    after : int, optional
        The last training that the caller knew of when it found that one is needed.

    Raises
    ------
    BusyError
        When a training is under way, in this process or in another; it tells since when. Or when
        there was another one since `after`.
    """
    with _alone(engine, trainings.LOCK, _busy):
        with engine.begin() as connection:
            if after is not None and trainings.newest(connection) != after:
                raise BusyError("another app has trained meanwhile")
            training = trainings.begin(connection, started_from, user_id)
        underway, problem = Underway(), None
        try:
            yield underway
        except BaseException as error:
            problem = (str(error).strip() or type(error).__name__).splitlines()[0]
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
