"""Counters of failed log-ins, which expire; also the addresses that accounts know."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, text

_BATCH = 100


class Attempts(NamedTuple):
    """The number of attempts, and the seconds until they expire."""

    number: int
    seconds: float


def add(connection: Connection, who: str, lasts: timedelta) -> Attempts:
    """Count an attempt; the first and those that follow it expire after `lasts`.

    They never count for longer, however far the clock is set back.
    """
    row = connection.execute(
        text(
            "INSERT INTO login_attempts AS old (who, attempts, ends_at) "
            "VALUES (:who, 1, now() + :lasts) ON CONFLICT (who) DO UPDATE SET "
            "attempts = CASE WHEN old.ends_at <= now() THEN 1 ELSE old.attempts + 1 END, "
            "ends_at = CASE WHEN old.ends_at <= now() THEN excluded.ends_at "
            "ELSE least(old.ends_at, excluded.ends_at) END "
            "RETURNING attempts, extract(epoch FROM ends_at - now())::float8 AS seconds"
        ),
        {"who": who, "lasts": lasts},
    ).one()
    return Attempts(row.attempts, row.seconds)


def of_each(connection: Connection, whose: Sequence[str]) -> dict[str, Attempts]:
    """Return the attempts of each of these keys; keys without attempts are left out."""
    rows = connection.execute(
        text(
            "SELECT who, attempts, extract(epoch FROM ends_at - now())::float8 AS seconds "
            "FROM login_attempts WHERE who = ANY(:whose) AND ends_at > now()"
        ),
        {"whose": list(whose)},
    )
    return {row.who: Attempts(row.attempts, row.seconds) for row in rows}


def take_back(connection: Connection, who: str) -> None:
    """Subtract an attempt, if there is one."""
    connection.execute(
        text("UPDATE login_attempts SET attempts = attempts - 1 WHERE who = :who AND attempts > 0"),
        {"who": who},
    )


def forget(connection: Connection, who: str) -> None:
    """Delete all attempts of a key."""
    connection.execute(text("DELETE FROM login_attempts WHERE who = :who"), {"who": who})


def forget_beginning_with(connection: Connection, prefix: str) -> None:
    """Delete all attempts of all keys with a prefix."""
    connection.execute(
        text("DELETE FROM login_attempts WHERE starts_with(who, :prefix)"), {"prefix": prefix}
    )


def forget_old(connection: Connection) -> None:
    """Delete a batch of expired attempts."""
    connection.execute(
        text(
            "DELETE FROM login_attempts WHERE who IN (SELECT who FROM login_attempts "
            f"WHERE ends_at <= now() ORDER BY ends_at LIMIT {_BATCH} "
            "FOR UPDATE SKIP LOCKED)"
        )
    )
