"""Turns: one data load at a time, of films or of their details."""

from sqlalchemy import Connection, text

from db.connection.engine import wait_for_ever
from monitoring.progress import OnIndeterminateProgress, ignore_progress

_ADVISORY_LOCK = 5_417_002


def wait(connection: Connection, on_progress: OnIndeterminateProgress = ignore_progress) -> None:
    """Wait for other loads, and block them until this transaction ends.

    The transaction then has no time limits, and memory for sorting.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    on_progress : callable, optional
        As of `db.loading.load`.
    """
    on_progress(None, "Waiting for other loads")
    wait_for_ever(connection)
    for setting in (
        "idle_in_transaction_session_timeout = 0",
        "work_mem = '128MB'",
        "maintenance_work_mem = '256MB'",
    ):
        connection.execute(text(f"SET LOCAL {setting}"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
