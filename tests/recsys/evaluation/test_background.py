"""Small evaluations in the background: started by a user, or automatically on an idle machine."""

import time
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine, text

from config import Settings
from db.loading import load
from db.queries import evaluations
from db.queries.locks import BusyError, evaluation_lock
from recsys.evaluation import background as evaluator
from recsys.evaluation.background import Evaluator
from recsys.training.supervisor import Progress
from recsys.training.train import train
from tests.catalogue import write_release
from tests.recsys.frames import TINY

pytestmark = pytest.mark.data_layer


@pytest.fixture
def loaded(engine: Engine, tmp_path: Path) -> Engine:
    load(engine, write_release(tmp_path / "small-release"))
    train(engine, **TINY)
    return engine


def _ended(evaluator: Evaluator) -> Progress:
    until = time.monotonic() + 120
    while evaluator.progress is None or not evaluator.progress.is_over:
        assert time.monotonic() < until, "it did not end in time"
        time.sleep(0.05)
    return evaluator.progress


def _sources(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return evaluations.sources(connection)


def test_one_small_evaluation_at_a_time(loaded: Engine, settings: Settings) -> None:
    small = Evaluator(loaded, settings)
    small.begin()
    with pytest.raises(BusyError, match="under way already"):
        small.begin()
    assert _ended(small).problem is None
    with loaded.connect() as connection:
        found = evaluations.latest(connection, "small-release")
    assert all(each.results["is_small"] for each in found.values())
    assert "Popularity" in found["per-user-temporal"].results["models"]

    with evaluation_lock(loaded):  # held by another replica
        small.begin()
        assert "an evaluation is under way already" in (_ended(small).problem or "")


def test_idle_machine_evaluates_once(
    loaded: Engine,
    settings: Settings,
    tasks: BackgroundScheduler,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evaluator, "_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(evaluator, "_IDLE_LOAD", 1000.0)
    first = Evaluator(loaded, settings)
    first.begin_when_idle(tasks)
    assert _ended(first).problem is None
    assert _sources(loaded) == ["small-release"]
    second = Evaluator(loaded, settings)
    second.begin_when_idle(tasks)
    while tasks.get_jobs():
        time.sleep(0.05)
    time.sleep(1)
    assert second.progress is None


def test_busy_machine_does_not_evaluate(
    loaded: Engine,
    settings: Settings,
    tasks: BackgroundScheduler,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evaluator, "_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(evaluator, "_IDLE_LOAD", 0.0)
    waiting = Evaluator(loaded, settings)
    waiting.begin_when_idle(tasks)
    time.sleep(0.5)
    assert tasks.get_jobs()
    tasks.shutdown()
    assert waiting.progress is None
    assert _sources(loaded) == []


def test_failure_reports_the_reason(engine: Engine, settings: Settings) -> None:
    bare = Evaluator(engine, settings)
    bare.begin()
    assert "There are no ratings" in (_ended(bare).problem or "")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM evaluations")) == 0
