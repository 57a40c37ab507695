"""Training on a schedule."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from config import Settings
from db.loading import load
from db.queries import model_versions
from recsys.training.schedule import RetrainingSchedule
from recsys.training.supervisor import Trainer
from recsys.training.train import train
from tests.catalogue import write_release
from tests.recsys.frames import TINY

pytestmark = pytest.mark.data_layer

SOON = 0.05 / 3600


def _until_looked(schedule: RetrainingSchedule) -> None:
    schedule.start()
    time.sleep(0.5)
    schedule.stop()


def test_stale_model_starts_a_training(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    load(engine, write_release(tmp_path / "small-release"))
    trainer = Trainer(settings)
    schedule = RetrainingSchedule(engine, trainer, SOON)
    schedule.start()
    try:
        deadline = time.monotonic() + 60
        while trainer.progress is None or not trainer.progress.is_over:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        schedule.stop()
    assert trainer.progress.problem is None
    with engine.connect() as connection:
        whole, quick = model_versions.listed(connection)
    assert whole.is_active
    assert not whole.parameters.get("quick")
    assert quick.parameters["quick"]


def test_new_model_starts_no_training(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    load(engine, write_release(tmp_path / "small-release"))
    train(engine, **TINY)
    trainer = Trainer(settings)
    _until_looked(RetrainingSchedule(engine, trainer, SOON))
    assert trainer.progress is None


def test_disabled_schedule(engine: Engine, settings: Settings) -> None:
    trainer = Trainer(settings)
    _until_looked(RetrainingSchedule(engine, trainer, 0))
    assert trainer.progress is None
