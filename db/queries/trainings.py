"""Trainings: who started them and from where, how they ended, and whether one is in progress."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

# The lock's key; pg_locks shows it in two halves of 32 bits, of which the upper one is 0.
LOCK = 5_417_003


@dataclass(frozen=True)
class Training:
    """A training.

    Attributes
    ----------
    started_from : str
        "the start", "the command line", "the Operations page".
    email : str or None
        The user who started it; None if no user did.
    problem : str or None
        Why it failed; None while it runs, if it succeeded, and if its process was killed.
    model_version : int or None
        The version that it produced.
    is_running : bool
        Neither ended nor, judging by the lock, dead.
    """

    id: int
    started_at: datetime
    started_from: str
    email: str | None
    ended_at: datetime | None
    problem: str | None
    model_version: int | None
    is_running: bool


_LISTED = f"""
SELECT trainings.id, started_at, started_from, email, ended_at, problem, model_version,
       ended_at IS NULL AND trainings.id = (SELECT max(id) FROM trainings) AND EXISTS (
           SELECT FROM pg_locks
           WHERE locktype = 'advisory' AND granted AND objsubid = 1
             AND (classid, objid) = (0, {LOCK})
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       ) AS is_running
FROM trainings LEFT JOIN users ON users.id = user_id
ORDER BY trainings.id DESC LIMIT :most
"""


def begin(connection: Connection, started_from: str, user_id: int | None) -> int:
    """Record the start of a training and return its id; only for the holder of the lock."""
    return int(
        connection.execute(
            text(
                "INSERT INTO trainings (started_from, user_id) "
                "VALUES (:started_from, (SELECT id FROM users WHERE id = :user_id)) RETURNING id"
            ),
            {"started_from": started_from, "user_id": user_id},
        ).scalar_one()
    )


def end(
    connection: Connection, training: int, *, problem: str | None, model_version: int | None
) -> None:
    """Record how a training ended."""
    connection.execute(
        text(
            "UPDATE trainings SET ended_at = clock_timestamp(), problem = :problem, "
            "model_version = (SELECT id FROM model_versions WHERE id = :model_version) "
            "WHERE id = :training"
        ),
        {"training": training, "problem": problem, "model_version": model_version},
    )


def listed(connection: Connection, most: int = 20) -> list[Training]:
    """Return the last trainings, newest first."""
    rows = connection.execute(text(_LISTED), {"most": most})
    return [Training(**row._mapping) for row in rows]


def newest(connection: Connection) -> int:
    """Return the id of the training started last; 0 before the first."""
    return int(connection.scalar(text("SELECT coalesce(max(id), 0) FROM trainings")) or 0)


def running(connection: Connection) -> Training | None:
    """Return the training in progress, in any process; None if there is none."""
    return next((each for each in listed(connection, 1) if each.is_running), None)
