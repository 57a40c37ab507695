"""Training on a schedule."""

import time
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from config import Settings
from db.loading import load
from db.queries import model_versions
from recsys.training.schedule import schedule_retraining
from recsys.training.supervisor import Trainer
from recsys.training.train import train
from tests.catalogue import write_release
from tests.recsys.frames import TINY

pytestmark = pytest.mark.data_layer

SOON = 0.05 / 3600


def test_stale_model_starts_a_training(
    engine: Engine, settings: Settings, tasks: BackgroundScheduler, tmp_path: Path
) -> None:
    load(engine, write_release(tmp_path / "small-release"))
    trainer = Trainer(settings)
    schedule_retraining(tasks, engine, trainer, SOON)
    deadline = time.monotonic() + 60
    while trainer.progress is None or not trainer.progress.is_over:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    tasks.shutdown()
    assert trainer.progress.problem is None
    with engine.connect() as connection:
        whole, quick = model_versions.listed(connection)
    assert whole.is_active
    assert not whole.parameters.get("quick")
    assert quick.parameters["quick"]


def test_new_model_starts_no_training(
    engine: Engine, settings: Settings, tasks: BackgroundScheduler, tmp_path: Path
) -> None:
    load(engine, write_release(tmp_path / "small-release"))
    train(engine, **TINY)
    trainer = Trainer(settings)
    schedule_retraining(tasks, engine, trainer, SOON)
    assert tasks.get_jobs()
    time.sleep(0.5)
    tasks.shutdown()
    assert trainer.progress is None


def test_disabled_schedule(engine: Engine, settings: Settings, tasks: BackgroundScheduler) -> None:
    schedule_retraining(tasks, engine, Trainer(settings), 0)
    assert tasks.get_jobs() == []
