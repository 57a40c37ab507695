"""Events of recommended films (shown, opened, rated), with counts by day and model version.

An event names the user, so it is deleted with them and after `KEPT_DAYS`. The daily counts are
anonymous and stay; they are written in the same statement.
"""

from collections.abc import Collection
from datetime import date
from typing import Literal, TypeAlias

import pandas as pd
from sqlalchemy import Connection, text

Kind: TypeAlias = Literal["shown", "opened", "rated"]

KEPT_DAYS = 400

# Each call writes a single row of event_days, so that two calls can't deadlock.
_RECORD = """
WITH added AS (
    INSERT INTO events (kind, user_id, movie_id, model_version)
    SELECT :kind, :user_id, movies.id, :model_version
    FROM movies WHERE movies.id = ANY(CAST(:movie_ids AS integer[]))
    RETURNING movie_id
)
INSERT INTO event_days (day, model_version, kind, events)
SELECT (now() AT TIME ZONE 'UTC')::date, coalesce(:model_version, 0), :kind, count(*)
FROM added HAVING count(*) > 0
ON CONFLICT (day, model_version, kind) DO UPDATE SET events = event_days.events + excluded.events
"""


def record(
    connection: Connection,
    kind: Kind,
    movie_ids: Collection[int],
    *,
    user_id: int | None,
    model_version: int | None,
) -> None:
    """Record an event for each film in one statement; films that no longer exist are skipped.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    kind : "shown", "opened" or "rated"
    movie_ids : collection of int
        Each counts once.
    user_id : int or None
        None for a guest.
    model_version : int or None
        The model that recommended the films; None for popularity, before the first training.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        If the user or the model version does not exist (any more).
    """
    connection.execute(
        text(_RECORD),
        {
            "kind": kind,
            "movie_ids": list(movie_ids),
            "user_id": user_id,
            "model_version": model_version,
        },
    )


def forget_old(connection: Connection) -> int:
    """Delete events older than `KEPT_DAYS` and return how many; the daily counts stay."""
    return connection.execute(
        text("DELETE FROM events WHERE happened_at < now() - make_interval(days => :days)"),
        {"days": KEPT_DAYS},
    ).rowcount


def by_day(connection: Connection, since: date) -> pd.DataFrame:
    """Count events by day (UTC) and model version since a day.

    Parameters
    ----------
    connection : Connection
    since : date

    Returns
    -------
    DataFrame
        day (ascending), model_version (0 for popularity), shown, opened, rated; no row for a day
        without events.
    """
    return pd.read_sql_query(
        text(
            """
            SELECT day, model_version,
                   coalesce(sum(events) FILTER (WHERE kind = 'shown'), 0)::bigint AS shown,
                   coalesce(sum(events) FILTER (WHERE kind = 'opened'), 0)::bigint AS opened,
                   coalesce(sum(events) FILTER (WHERE kind = 'rated'), 0)::bigint AS rated
            FROM event_days WHERE day >= :since
            GROUP BY day, model_version ORDER BY day, model_version
            """
        ),
        connection,
        params={"since": since},
    )
