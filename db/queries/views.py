"""The materialised views behind the figures, and keeping them up to date."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from db.connection.engine import wait_for_ever

# Each comes after those it reads. The state comes first: what is written while the others are
# computed makes it differ, and they are computed again next time.
OF_FILMS = ("figures_state", "raters", "film_kinds", "film_cube", "movie_stats")
"""What lists and cards read: how often each film was rated and liked."""
OTHERS = (
    "activity_bands",
    "kinds",
    "rating_cube",
    "rating_months",
    "sampled_ratings",
    "rating_distribution",
    "genre_stats",
    "totals",
)
VIEWS = (*OF_FILMS, *OTHERS)

_ADVISORY_LOCK = 5_417_004

_MEMORY = "64MB"

# Who has so many ratings has the memory to count them without going to the disk.
_MANY_RATINGS = 5_000_000
_MUCH_MEMORY = "256MB"


def lock(connection: Connection) -> None:
    """Wait until nobody else computes the views, and keep others from it in this transaction.

    A load does so before it locks the tables that the views read: the other way round, each would
    wait for the other.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def refresh(
    connection: Connection, concurrently: bool = True, views: Sequence[str] = VIEWS
) -> None:
    """Compute views again, inside the caller's transaction, after whoever is doing so.

    Parameters
    ----------
    connection : Connection
        Inside a transaction, so that the figures change all at once.
    concurrently : bool
        Let people read the old figures meanwhile; slower. Without it, who reads a view waits
        until the transaction ends.
    views : sequence of str
        Those of `VIEWS` to compute, in that order.
    """
    lock(connection)
    _compute(connection, concurrently, views, _memory(connection))


def complete(connection: Connection) -> bool:
    """Compute the views that the first load has left for later, if nobody else has.

    Returns
    -------
    bool
        Whether they were computed.
    """
    lock(connection)
    if not are_missing(connection):
        return False
    _compute(connection, False, OTHERS, _memory(connection))
    return True


def are_missing(connection: Connection) -> bool:
    """Whether the first load has left views for later, and they are not there yet."""
    return bool(
        connection.scalar(
            text("SELECT ratings = 0 AND EXISTS (SELECT FROM movie_stats) FROM totals")
        )
    )


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
    _compute(connection, True, VIEWS, _MEMORY)
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


def _memory(connection: Connection) -> str:
    ratings = connection.scalar(text("SELECT ratings FROM loads ORDER BY id DESC LIMIT 1")) or 0
    return _MUCH_MEMORY if ratings > _MANY_RATINGS else _MEMORY


def _compute(connection: Connection, concurrently: bool, views: Sequence[str], memory: str) -> None:
    wait_for_ever(connection)
    for setting in ("jit = off", f"work_mem = '{memory}'"):
        connection.execute(text(f"SET LOCAL {setting}"))
    how = "CONCURRENTLY " if concurrently else ""
    for view in views:
        connection.execute(text(f"REFRESH MATERIALIZED VIEW {how}{view}"))
        # Not left to autovacuum: until then, plans would be made for views as empty as at first.
        connection.execute(text(f"ANALYZE {view}"))
