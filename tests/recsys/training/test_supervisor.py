"""Trainings in a supervised subprocess."""

import time
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Engine

from config import Settings
from db.loading import load
from db.queries import model_versions, trainings
from db.queries.locks import BusyError, training_lock
from recsys.training.supervisor import Progress, Trainer
from tests.catalogue import write_release
from tests.recsys.processes import trainings_under_way

pytestmark = pytest.mark.data_layer


def _wait_for_the_end(trainer: Trainer) -> Progress:
    until = time.monotonic() + 60
    while trainer.progress is None or not trainer.progress.is_over:
        assert time.monotonic() < until, "it did not end in time"
        time.sleep(0.05)
    return trainer.progress


def _its_process() -> psutil.Process:
    """Wait until the training runs, and return its process."""
    until = time.monotonic() + 60
    while not (found := trainings_under_way()):
        assert time.monotonic() < until, "it did not begin in time"
        time.sleep(0.01)
    return found[0]


def test_failed_training_reports_why_and_allows_another(engine: Engine, settings: Settings) -> None:
    trainer = Trainer(settings)
    trainer.begin("the Operations page", None)
    with pytest.raises(BusyError, match="under way"):
        trainer.begin("the Operations page", None)
    problem = _wait_for_the_end(trainer).problem or ""
    assert problem.startswith("the training ended with code 1: there are no ratings to train on")
    with engine.connect() as connection:
        (training,) = trainings.listed(connection)
    assert training.started_from == "the Operations page"
    assert (training.problem or "").startswith("there are no ratings to train on")

    with (
        training_lock(engine, "the command line"),
        pytest.raises(BusyError, match="begun by the command line at"),
    ):
        trainer.run("the start")


def test_killed_training_is_repeated_with_little_memory(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    load(engine, write_release(tmp_path / "small-release"))
    trainer = Trainer(settings)
    trainer.begin("the Operations page", None)
    _its_process().kill()
    assert _wait_for_the_end(trainer).problem is None
    with engine.connect() as connection:
        (version,) = [each for each in model_versions.listed(connection) if not each.is_quick]
    assert version.is_active
    assert version.parameters["little_memory"]


def test_stopped_training(engine: Engine, settings: Settings) -> None:
    trainer = Trainer(settings)
    trainer.begin("the Operations page", None)
    _its_process()
    trainer.stop()
    assert "was killed (signal 15)" in (_wait_for_the_end(trainer).problem or "")
