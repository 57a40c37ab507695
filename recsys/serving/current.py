"""The active model, kept current: a newer version replaces it within `CHECK_SECONDS`."""

import logging
import time
from threading import Lock

from sqlalchemy import Engine

from db.queries import model_versions
from recsys.serving.active import Active, load

logger = logging.getLogger(__name__)

CHECK_SECONDS = 1.0


class CurrentModel:
    """The active model of the database, shared by all threads of this process.

    Parameters
    ----------
    engine : Engine
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._active: Active | None = None
        self._checked_at = float("-inf")

    def get(self) -> Active:
        """Return the active model; one thread at a time updates it, the others don't wait."""
        active = self._active
        if active is not None and (
            not self._is_check_due() or not self._lock.acquire(blocking=False)
        ):
            return active
        if active is None:
            self._lock.acquire()
        try:
            return self._update()
        finally:
            self._lock.release()

    def get_without_query(self) -> Active | None:
        """Return the active model without a query; None if it is time to check for a newer one."""
        return self._active if not self._is_check_due() or self._lock.locked() else None

    def _is_check_due(self) -> bool:
        return time.monotonic() - self._checked_at >= CHECK_SECONDS

    def _update(self) -> Active:
        active = self._active
        if active is not None and not self._is_check_due():
            return active
        with self._engine.connect() as connection:
            state = model_versions.serving_state(connection)
            if active is None or active.state != state:
                active = load(connection, state)
                self._active = active
                logger.info("serving %s", active.label)
        self._checked_at = time.monotonic()
        return active
