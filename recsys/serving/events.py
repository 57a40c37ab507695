"""Events are written behind people's backs: no page waits for one, or breaks when it fails."""

import logging
from collections.abc import Collection
from datetime import UTC, date, datetime
from queue import Full, Queue
from threading import Thread
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from db.queries import events
from db.queries.events import Kind

logger = logging.getLogger(__name__)

MOST_WAITING = 1000
STOP_SECONDS = 5.0


class _Event(NamedTuple):
    kind: Kind
    movie_ids: tuple[int, ...]
    user_id: int | None
    model_version: int | None


class Recorder:
    """Writes events in a thread of its own, in their order, one statement for each call.

    What can't be written is lost, and said in the log once until it works again. Once a day old
    events are deleted.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: Queue[_Event | None] = Queue(MOST_WAITING)
        self._works = True
        self._swept_on: date | None = None
        self._thread = Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def record(
        self,
        kind: Kind,
        movie_ids: Collection[int],
        *,
        user_id: int | None,
        model_version: int | None,
    ) -> None:
        """Queue it for `db.queries.events.record`. Never waits and never raises."""
        try:
            self._waiting.put_nowait(_Event(kind, tuple(movie_ids), user_id, model_version))
        except Full:
            self._note_failure("too many are waiting")

    def flush(self) -> None:
        """Wait until all that was asked for so far has been tried."""
        self._waiting.join()

    def stop(self) -> None:
        """Write what is waiting, within seconds, and end."""
        try:
            self._waiting.put(None, timeout=STOP_SECONDS)
        except Full:
            return
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while (event := self._waiting.get()) is not None:
            try:
                self._write(event)
            except SQLAlchemyError as error:
                self._note_failure(str(error).splitlines()[0])
            except Exception:
                logger.exception("events could not be written")
            else:
                self._works = True
            finally:
                self._waiting.task_done()

    def _write(self, event: _Event) -> None:
        with self._engine.begin() as connection:
            events.record(
                connection,
                event.kind,
                event.movie_ids,
                user_id=event.user_id,
                model_version=event.model_version,
            )
        today = datetime.now(UTC).date()
        if self._swept_on != today:
            with self._engine.begin() as connection:
                deleted = events.forget_old(connection)
            self._swept_on = today
            if deleted:
                logger.info("%d events older than %d days deleted", deleted, events.KEPT_DAYS)

    def _note_failure(self, why: str) -> None:
        if self._works:
            logger.warning("events are not written: %s", why)
        self._works = False
