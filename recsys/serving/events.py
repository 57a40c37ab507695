"""Events, written in the background: no page waits for one, or breaks when a write fails."""

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
from monitoring.errors import first_line
from monitoring.once import LogOnce

logger = logging.getLogger(__name__)

MOST_WAITING = 1000
STOP_SECONDS = 5.0


class _Event(NamedTuple):
    kind: Kind
    movie_ids: tuple[int, ...]
    user_id: int | None
    model_version: int | None


class Recorder:
    """A writer of events in its own thread, in order, with one statement for each call.

    Events that can't be written are lost; a series of failures is logged once. Old events are
    deleted once a day.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: Queue[_Event | None] = Queue(MOST_WAITING)
        self._log = LogOnce(logger)
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
        """Queue an event for `db.queries.events.record`; never wait and never raise."""
        try:
            self._waiting.put_nowait(_Event(kind, tuple(movie_ids), user_id, model_version))
        except Full:
            self._note_failure("the queue is full")

    def flush(self) -> None:
        """Wait until a write of every queued event has been attempted."""
        self._waiting.join()

    def stop(self) -> None:
        """Write the queued events, within seconds, and stop the thread."""
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
                self._note_failure(first_line(error))
            except Exception:
                logger.exception("events could not be written")
            else:
                self._log.solved()
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
                logger.info("deleted %d events older than %d days", deleted, events.KEPT_DAYS)

    def _note_failure(self, why: str) -> None:
        self._log.problem(logging.WARNING, "events are not written: %s", why, kind="not written")
