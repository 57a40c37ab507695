"""What is done again and again while the app runs."""

import logging
import threading
from collections.abc import Callable

from psycopg import Connection as Driver
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from db import embedded
from db.queries import views

logger = logging.getLogger(__name__)


class Schedule:
    """A thread that looks every so many seconds whether there is something to do, and does it.

    What goes wrong is logged once, not every time that it is still so.

    Parameters
    ----------
    name : str
        What is done, for the log: "computing the figures".
    seconds : float
        Between two looks; 0 for none at all.
    look : callable
        Does what there is to do.
    """

    def __init__(self, name: str, seconds: float, look: Callable[[], None]) -> None:
        self._name = name
        self._seconds = seconds
        self._look = look
        self._problem: str | None = None
        self.stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin, unless it is switched off."""
        if self._seconds > 0:
            self._thread.start()

    def stop(self) -> None:
        """End; what is being done should look at `stopping`."""
        self.stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self.stopping.wait(self._seconds):
            try:
                self._look()
            except (SQLAlchemyError, embedded.EmbeddedServerError) as error:
                if not self.stopping.is_set():
                    self._tell(str(error).splitlines()[0])
            except Exception:
                logger.exception("%s failed in a way nobody thought of", self._name)
            else:
                self._problem = None

    def _tell(self, problem: str) -> None:
        if problem != self._problem:
            logger.error("%s failed: %s", self._name, problem)
        self._problem = problem


class FiguresSchedule:
    """Computes the views again if ratings have changed, for people's own change them too.

    Every replica has one; a lock in the database lets one of them at a time do it.

    Parameters
    ----------
    engine : Engine
    minutes : float
        Between two looks; 0 for none at all.
    """

    def __init__(self, engine: Engine, minutes: float) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._driver: Driver | None = None
        self._schedule = Schedule("computing the figures again", minutes * 60, self._look)

    def start(self) -> None:
        """Begin, unless it is switched off."""
        self._schedule.start()

    def stop(self) -> None:
        """End, giving up what is being computed: the old figures stay."""
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
                    logger.info("the figures have been computed again")
            finally:
                with self._lock:
                    self._driver = None
