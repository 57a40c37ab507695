"""Scheduled training while the app runs, when the active model has become stale."""

import logging

from sqlalchemy import Engine

from db.queries import trainings
from db.queries.locks import BusyError
from db.schedule import Schedule
from i18n.language import Text
from recsys.training.staleness import why_stale
from recsys.training.supervisor import Trainer

logger = logging.getLogger(__name__)


class RetrainingSchedule:
    """A schedule of checks whether the active model is stale; if so, it trains in the background.

    Every replica has one; a lock ensures that only one of them trains at a time.

    Parameters
    ----------
    engine : Engine
    trainer : Trainer
    hours : float
        The interval between two checks; 0 to disable them.
    """

    def __init__(self, engine: Engine, trainer: Trainer, hours: float) -> None:
        self._engine = engine
        self._trainer = trainer
        self._schedule = Schedule("training on a schedule", hours * 3600, self._look)

    def start(self) -> None:
        """Start the schedule, unless it is disabled."""
        self._schedule.start()

    def stop(self) -> None:
        """Stop the schedule; `Trainer.stop` stops a running training."""
        self._schedule.stop()

    def _look(self) -> None:
        with self._engine.connect() as connection:
            reason = why_stale(connection)
            is_under_way = trainings.running(connection) is not None
        if reason is None or is_under_way:
            return
        logger.info("training again: %s", reason)
        try:
            self._trainer.begin(Text("the schedule"), None)
        except BusyError:
            logger.info("a training is already running")
