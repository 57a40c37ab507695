"""Scheduled training while the app runs, when the active model has become stale."""

import logging
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from db.queries import trainings
from db.queries.locks import BusyError
from i18n.language import Text
from recsys.training.staleness import why_stale
from recsys.training.supervisor import Trainer

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

logger = logging.getLogger(__name__)


def schedule_retraining(
    scheduler: "BackgroundScheduler", engine: Engine, trainer: Trainer, hours: float
) -> None:
    """Check periodically whether the active model is stale; if so, train in the background.

    Every replica does; a lock ensures that only one of them trains at a time. `Trainer.stop` stops
    a running training.

    Parameters
    ----------
    scheduler : BackgroundScheduler
        As `db.schedule.open_scheduler` returns it.
    engine : Engine
    trainer : Trainer
    hours : float
        The interval between two checks; 0 to disable them.
    """
    if hours > 0:
        scheduler.add_job(
            _look, "interval", hours=hours, args=(engine, trainer), id="training on a schedule"
        )


def _look(engine: Engine, trainer: Trainer) -> None:
    with engine.connect() as connection:
        reason = why_stale(connection)
        is_under_way = trainings.running(connection) is not None
    if reason is None or is_under_way:
        return
    logger.info("training again: %s", reason)
    try:
        trainer.begin(Text("the schedule"), None, "--keep-choices")
    except BusyError:
        logger.info("a training is already running")
