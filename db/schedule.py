"""Periodic tasks that run while the app is up."""

import logging
import threading
from collections.abc import Callable

from psycopg import Connection as Driver
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from db import embedded
from db.queries import views
from monitoring.errors import first_line
from monitoring.once import LogOnce

logger = logging.getLogger(__name__)


class Schedule:
    """A thread that checks for work at a fixed interval and does it.

    A failure is logged once, and not again while it persists.

    Parameters
    ----------
    name : str
        The task as the log names it: "computing the statistics".
    seconds : float
        Between two checks; 0 to switch the task off.
    look : callable
        Does whatever work there is.
    """

    def __init__(self, name: str, seconds: float, look: Callable[[], None]) -> None:
        self._name = name
        self._seconds = seconds
        self._look = look
        self._log = LogOnce(logger)
        self.stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread, unless the task is switched off."""
        if self._seconds > 0:
            self._thread.start()

    def stop(self) -> None:
        """Stop the thread; a running task should check `stopping`."""
        self.stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self.stopping.wait(self._seconds):
            try:
                self._look()
            except (SQLAlchemyError, embedded.EmbeddedServerError) as error:
                if not self.stopping.is_set():
                    self._log.problem(logging.ERROR, "%s failed: %s", self._name, first_line(error))
            except Exception:
                logger.exception("%s failed unexpectedly", self._name)
            else:
                self._log.solved()


class FiguresSchedule:
    """Refreshes the statistics views when ratings have changed, which users' own ratings do too.

    Every replica has one; a lock in the database lets only one of them refresh at a time.

    Parameters
    ----------
    engine : Engine
    minutes : float
        Between two checks; 0 to switch the task off.
    """

    def __init__(self, engine: Engine, minutes: float) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._driver: Driver | None = None
        self._schedule = Schedule("computing the statistics", minutes * 60, self._look)

    def start(self) -> None:
        """Start the thread, unless the task is switched off."""
        self._schedule.start()

    def stop(self) -> None:
        """Stop the thread and cancel a running refresh; the old statistics remain."""
        self._schedule.stopping.set()
        with self._lock:
            if self._driver is not None:
                self._driver.cancel()
        self._schedule.stop()

    def _look(self) -> None:
        with self._engine.begin() as connection:
            with self._lock:
                self._driver = connection.connection.driver_connection
            try:
                if not self._schedule.stopping.is_set() and views.refresh_if_stale(connection):
                    logger.info("the statistics have been recomputed")
            finally:
                with self._lock:
                    self._driver = None
