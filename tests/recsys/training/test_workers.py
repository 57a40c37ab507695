"""The same work in this process and on a Dask cluster with two worker processes."""

import operator
import os
from typing import Any

import pytest

from recsys.evaluation.run import evaluate
from recsys.training.jobs import has_second_process
from recsys.training.workers import Here, NoSchedulerError, workers
from tests.recsys.frames import checkerboard


def _process(_shared: None, _job: int) -> int:
    return os.getpid()


def _starts_no_process(_shared: None, _job: int) -> bool:
    return not has_second_process()


def test_dask_worker_starts_no_process(scheduler: str) -> None:
    """Training uses a second process otherwise, but Dask workers may not start one."""
    with workers(scheduler) as there:
        assert list(there.map(_starts_no_process, None, [1])) == [True]


def test_results_are_in_the_order_of_jobs(scheduler: str) -> None:
    assert list(Here().map(operator.sub, 10, [1, 2, 3])) == [9, 8, 7]
    with workers(scheduler) as there:
        assert list(there.map(operator.sub, 10, [1, 2, 3])) == [9, 8, 7]


def test_both_workers_are_used(scheduler: str) -> None:
    with workers(scheduler) as there:
        found = set(there.map(_process, None, range(20)))
    assert len(found) == 2
    assert os.getpid() not in found


def test_exception_of_a_job_is_raised_here(scheduler: str) -> None:
    with workers(scheduler) as there, pytest.raises(ZeroDivisionError):
        list(there.map(operator.floordiv, 1, [1, 0]))


def test_missing_scheduler_error_says_what_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recsys.training.workers.CONNECT_SECONDS", 0.5)
    with pytest.raises(NoSchedulerError, match="dask scheduler"), workers("tcp://127.0.0.1:1"):
        pass


def test_evaluation_gives_the_same_metrics_on_dask(scheduler: str) -> None:
    ratings, movies = checkerboard()
    names: dict[str, Any] = {
        "contenders": ["Five Films", "Item-kNN"],
        "seeds": [1, 2],
        "split_names": ["per-user-temporal"],
    }
    reported: list[tuple[float, str]] = []
    with workers(scheduler) as there:
        elsewhere = evaluate(
            ratings, movies, workers=there, progress=lambda *what: reported.append(what), **names
        )
    here = evaluate(ratings, movies, **names)
    assert [each.as_json() for each in elsewhere] == [each.as_json() for each in here]
    assert reported[0] == (0.0, "per-user-temporal, seed 1: Five Films")
    assert reported[-1] == (1.0, "done")
