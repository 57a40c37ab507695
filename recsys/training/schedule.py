"""Training again while the app runs, when the served model has become stale."""

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
    """Looks every so many hours whether the model is stale, and trains in the background if so.

    Every replica has one; the training's own lock lets one of them at a time do it.

    Parameters
    ----------
    engine : Engine
    trainer : Trainer
    hours : float
        Between two looks; 0 for none at all.
    """

    def __init__(self, engine: Engine, trainer: Trainer, hours: float) -> None:
        self._engine = engine
        self._trainer = trainer
        self._schedule = Schedule("training on a schedule", hours * 3600, self._look)

    def start(self) -> None:
        """Begin, unless it is switched off."""
        self._schedule.start()

    def stop(self) -> None:
        """End; a training that runs is the trainer's to stop."""
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
            logger.info("a training is under way already")
