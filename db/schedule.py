"""Periodic tasks that run while the app is up, on one scheduler for the process."""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from psycopg import Connection as Driver
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from db import embedded
from db.queries import tmdb, views
from monitoring.errors import first_line
from monitoring.once import LogOnce

logger = logging.getLogger(__name__)

_THREADS = 2  # a refresh of the statistics may take minutes


def open_scheduler() -> BackgroundScheduler:
    """Return a scheduler, not yet started, whose tasks' ids are their names in the log.

    A task that is still running when it is due again is not started a second time. A failure is
    logged once, and not again while it persists.
    """
    # `_Failures` logs what failed, and a task may take longer than its interval.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(_THREADS, {"thread_name_prefix": "tasks"})},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=UTC,
    )
    scheduler.add_listener(_Failures().note, EVENT_JOB_ERROR | EVENT_JOB_EXECUTED)
    return scheduler


class _Failures:
    def __init__(self) -> None:
        self._logs: defaultdict[str, LogOnce] = defaultdict(lambda: LogOnce(logger))

    def note(self, event: JobExecutionEvent) -> None:
        """Log why a task failed, unless it failed for the same reason the last time."""
        task, error = event.job_id, event.exception
        if error is None:
            self._logs[task].solved()
        elif isinstance(error, SQLAlchemyError | embedded.EmbeddedServerError):
            self._logs[task].problem(logging.ERROR, "%s failed: %s", task, first_line(error))
        else:
            logger.error("%s failed unexpectedly", task, exc_info=error)


def schedule_expiry(
    scheduler: BackgroundScheduler, engine: Engine, sweep: Callable[[], None]
) -> None:
    """Delete what TMDb permits storing no longer, at once and then daily.

    Parameters
    ----------
    scheduler : BackgroundScheduler
    engine : Engine
    sweep : callable
        Removes the pictures.
    """

    def delete() -> None:
        with engine.begin() as connection:
            tmdb.delete_expired(connection)
        sweep()

    scheduler.add_job(
        delete,
        "interval",
        days=1,
        next_run_time=datetime.now(UTC),
        id="deleting TMDb's old data",
    )


class StatisticsRefresh:
    """Refreshes the statistics views when ratings have changed, which users' own ratings do too.

    Every replica has one; a lock in the database lets only one of them refresh at a time.

    Parameters
    ----------
    scheduler : BackgroundScheduler
    engine : Engine
    minutes : float
        Between two checks; 0 to switch the task off.
    """

    def __init__(self, scheduler: BackgroundScheduler, engine: Engine, minutes: float) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._driver: Driver | None = None
        self._is_stopping = False
        if minutes > 0:
            scheduler.add_job(
                self._look, "interval", minutes=minutes, id="computing the statistics"
            )

    def stop(self) -> None:
        """Cancel a running refresh and start no other one; the old statistics remain."""
        with self._lock:
            self._is_stopping = True
            if self._driver is not None:
                self._driver.cancel()

    def _look(self) -> None:
        try:
            with self._engine.begin() as connection:
                with self._lock:
                    self._driver = connection.connection.driver_connection
                try:
                    if not self._is_stopping and views.refresh_if_stale(connection):
                        logger.info("the statistics have been recomputed")
                finally:
                    with self._lock:
                        self._driver = None
        except SQLAlchemyError:
            if not self._is_stopping:
                raise
