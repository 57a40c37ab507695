"""The materialised views behind the figures, and keeping them up to date."""

from datetime import datetime

from sqlalchemy import Connection, text

# Each comes after those it reads. The state comes first: what is written while the others are
# computed makes it differ, and they are computed again next time.
VIEWS = (
    "figures_state",
    "raters",
    "activity_bands",
    "film_kinds",
    "kinds",
    "film_cube",
    "rating_cube",
    "rating_months",
    "sampled_likes",
    "movie_stats",
    "rating_distribution",
    "genre_stats",
    "totals",
)

_ADVISORY_LOCK = 5_417_004

_SETTINGS = ("statement_timeout = 0", "work_mem = '64MB'", "jit = off")


def lock(connection: Connection) -> None:
    """Wait until nobody else computes the views, and keep others from it in this transaction.

    A load does so before it locks the tables that the views read: the other way round, each would
    wait for the other.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def refresh(connection: Connection, concurrently: bool = True) -> None:
    """Compute all views again, inside the caller's transaction, after whoever is doing so.

    Parameters
    ----------
    connection : Connection
        Inside a transaction, so that the figures change all at once.
    concurrently : bool
        Let people read the old figures meanwhile; slower. Without it, who reads a view waits
        until the transaction ends.
    """
    lock(connection)
    _compute(connection, concurrently)


def refresh_if_stale(connection: Connection) -> bool:
    """Compute the views again if ratings have changed since and nobody else is at it.

    Returns
    -------
    bool
        Whether they were computed.
    """
    is_mine = connection.scalar(
        text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK}
    )
    if not is_mine or not are_stale(connection):
        return False
    _compute(connection, concurrently=True)
    return True


def are_stale(connection: Connection) -> bool:
    """Whether ratings have changed since the views were computed."""
    return bool(
        connection.scalar(
            text(
                "SELECT ratings_state <> (SELECT coalesce(bit_xor("
                "hashint8extended(ratings_revision, id)), 0) FROM users WHERE ratings_revision > 0)"
                " FROM figures_state"
            )
        )
    )


def computed_at(connection: Connection) -> datetime:
    """When the views were computed."""
    when: datetime = connection.execute(text("SELECT computed_at FROM figures_state")).scalar_one()
    return when


def _compute(connection: Connection, concurrently: bool) -> None:
    for setting in _SETTINGS:
        connection.execute(text(f"SET LOCAL {setting}"))
    how = "CONCURRENTLY " if concurrently else ""
    for view in VIEWS:
        connection.execute(text(f"REFRESH MATERIALIZED VIEW {how}{view}"))
        # Not left to autovacuum: until then, plans would be made for views as empty as at first.
        connection.execute(text(f"ANALYZE {view}"))
