"""Computing the figures again while the app runs, for people's own ratings change them too."""

import logging
import threading

from psycopg import Connection as Driver
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from db import embedded, views

logger = logging.getLogger(__name__)


class FiguresSchedule:
    """A thread that computes the views again every so many minutes, if ratings have changed.

    Every replica has one; a lock in the database lets one of them at a time do it.

    Parameters
    ----------
    engine : Engine
    minutes : float
        Between two looks; 0 for none at all.
    """

    def __init__(self, engine: Engine, minutes: float) -> None:
        self._engine = engine
        self._seconds = minutes * 60
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._driver: Driver | None = None
        self._problem: str | None = None
        self._thread = threading.Thread(target=self._run, name="figures", daemon=True)

    def start(self) -> None:
        """Begin, unless it is switched off."""
        if self._seconds > 0:
            self._thread.start()

    def stop(self) -> None:
        """End, giving up what is being computed: the old figures stay."""
        self._stopping.set()
        with self._lock:
            if self._driver is not None:
                self._driver.cancel()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stopping.wait(self._seconds):
            try:
                if self._look():
                    logger.info("the figures have been computed again")
            except (SQLAlchemyError, embedded.EmbeddedServerError) as error:
                if not self._stopping.is_set():
                    self._tell(str(error).splitlines()[0])
            except Exception:
                logger.exception("computing the figures failed in a way nobody thought of")
            else:
                self._problem = None

    def _look(self) -> bool:
        with self._engine.begin() as connection:
            with self._lock:
                self._driver = connection.connection.driver_connection
            try:
                return not self._stopping.is_set() and views.refresh_if_stale(connection)
            finally:
                with self._lock:
                    self._driver = None

    def _tell(self, problem: str) -> None:
        """Log what is wrong once, not every time that it is still so."""
        if problem != self._problem:
            logger.error("the figures could not be computed again: %s", problem)
        self._problem = problem
