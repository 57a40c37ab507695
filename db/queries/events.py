"""What became of films that were recommended: shown, opened, rated; by day and model version.

An event names the person, so it goes with them and after `KEPT_DAYS`. The day's count has no name
and stays; it is written in the same statement.
"""

from collections.abc import Collection
from datetime import date
from typing import Literal, TypeAlias

import pandas as pd
from sqlalchemy import Connection, text

Kind: TypeAlias = Literal["shown", "opened", "rated"]

KEPT_DAYS = 400

# All rows of one call fall on one row of event_days, so that two calls can't wait for each other
# in a circle.
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
    """Write down what happened to films, in one statement; films that are gone are left out.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    kind : "shown", "opened" or "rated"
    movie_ids : collection of int
        Each counts once.
    user_id : int or None
        Whose it is; None for a stranger.
    model_version : int or None
        Which model had put the films into a list; None for popularity, before the first training.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        When there is no such person or model version (any more).
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
    """Delete events that are older than `KEPT_DAYS`; how many. The days' counts stay."""
    return connection.execute(
        text("DELETE FROM events WHERE happened_at < now() - make_interval(days => :days)"),
        {"days": KEPT_DAYS},
    ).rowcount


def by_day(connection: Connection, since: date) -> pd.DataFrame:
    """Events a day (UTC) and model version since a day, the days in order.

    Returns
    -------
    DataFrame
        day, model_version (0 for popularity), shown, opened, rated; no row for a day without any.
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
