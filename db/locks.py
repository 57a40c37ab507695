"""Locks that hold over all processes and replicas of the app."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import Connection, Engine, text

from db import trainings


class BusyError(RuntimeError):
    """Somebody else holds the lock."""


@dataclass
class Underway:
    """A training under way; what comes of it is noted here by who trains."""

    model_version: int | None = None


@contextmanager
def training_lock(
    engine: Engine,
    started_from: str = "a program",
    user_id: int | None = None,
    after: int | None = None,
) -> Iterator[Underway]:
    """Only one training at a time; the lock ends with the connection, so a crash frees it.

    It is a transaction's, which stays open meanwhile, for a pooler keeps no session together. The
    transaction reads and writes nothing more, so that vacuum doesn't wait for it. The training is
    written down as it starts and as it ends, with the reason if it fails.

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
    with engine.begin() as holding:
        holding.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        key = {"key": trainings.LOCK}
        if not holding.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), key):
            raise BusyError(_busy(holding))
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
