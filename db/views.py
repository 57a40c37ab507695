"""The materialised views behind the figures."""

from sqlalchemy import Connection, text

# Each comes after those it reads: genre_stats and long_tail read movie_stats.
VIEWS = (
    "movie_stats",
    "rating_distribution",
    "ratings_by_month",
    "genre_stats",
    "long_tail",
    "totals",
)


def refresh(connection: Connection, concurrently: bool = False) -> None:
    """Compute all views again, inside the caller's transaction.

    Parameters
    ----------
    connection : Connection
        Inside a transaction, so that the figures change all at once.
    concurrently : bool
        Let people read the old figures meanwhile; slower. Without it, who reads a view waits
        until the transaction ends.
    """
    how = "CONCURRENTLY " if concurrently else ""
    for view in VIEWS:
        connection.execute(text(f"REFRESH MATERIALIZED VIEW {how}{view}"))
