"""The materialised views behind the statistics, and their refresh."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from db.connection.engine import wait_for_ever

# Each comes after those it reads. The state comes first: ratings written while the others are
# computed make it differ, so they are computed again next time.
OF_FILMS = ("figures_state", "raters", "film_kinds", "film_cube", "movie_stats")
"""What lists and cards read: the ratings and likes of each film."""
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

# A machine with this many ratings has enough memory to count them without temporary files.
_MANY_RATINGS = 5_000_000
_MUCH_MEMORY = "256MB"


def lock(connection: Connection) -> None:
    """Wait for other refreshes of the views, and block them until this transaction ends.

    A data load does so before it locks the tables that the views read; in the opposite order the
    two would deadlock.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def refresh(
    connection: Connection, concurrently: bool = True, views: Sequence[str] = VIEWS
) -> None:
    """Refresh views inside the caller's transaction, after waiting for other refreshes.

    Parameters
    ----------
    connection : Connection
        Inside a transaction, so that all statistics change at once.
    concurrently : bool
        Let others read the old statistics in the meantime, which is slower. Without it, readers
        of a view wait until the transaction ends.
    views : sequence of str
        Those of `VIEWS` to refresh, in that order.
    """
    lock(connection)
    _compute(connection, concurrently, views, _memory(connection))


def complete(connection: Connection) -> bool:
    """Compute the views that the first data load deferred, unless that has been done.

    Return whether they were computed.
    """
    lock(connection)
    if not are_missing(connection):
        return False
    _compute(connection, False, OTHERS, _memory(connection))
    return True


def are_missing(connection: Connection) -> bool:
    """Return whether the first data load deferred views that haven't been computed yet."""
    return bool(
        connection.scalar(
            text("SELECT ratings = 0 AND EXISTS (SELECT FROM movie_stats) FROM totals")
        )
    )


def refresh_if_stale(connection: Connection) -> bool:
    """Refresh the views if ratings have changed and no other refresh is running.

    Return whether they were refreshed.
    """
    is_mine = connection.scalar(
        text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK}
    )
    if not is_mine or not are_stale(connection):
        return False
    _compute(connection, True, VIEWS, _MEMORY)
    return True


def are_stale(connection: Connection) -> bool:
    """Return whether ratings have changed since the views were computed."""
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
    """Return when the views were computed."""
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
        # Not left to autovacuum: until it ran, queries would be planned for empty views.
        connection.execute(text(f"ANALYZE {view}"))
