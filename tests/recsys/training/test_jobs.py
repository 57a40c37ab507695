"""Jobs that two processes share."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from monitoring.progress import OnShare
from recsys.training import jobs
from recsys.training.jobs import Job


def _sum(on_progress: OnShare, *numbers: int) -> int:
    on_progress(0.5)
    return sum(numbers)


def _fail(_on_progress: OnShare) -> None:
    raise ValueError("two is no number")


def _done(*some: Job, second_process: bool = False, **found: Any) -> dict[str, Any]:
    return jobs.done(some, found, lambda _share: None, second_process=second_process)


CHAIN = (
    Job("all", 1, _sum, (), depends_on=("two", "three")),
    Job("two", 1, _sum, (1, 1)),
    Job("three", 1, _sum, (1,), depends_on=("two",)),
)


@pytest.mark.parametrize("second_process", [False, True])
def test_job_waits_for_its_dependencies(second_process: bool) -> None:
    assert _done(*CHAIN, second_process=second_process) == {"two": 2, "three": 3, "all": 5}


def test_job_can_depend_on_earlier_results() -> None:
    assert _done(Job("more", 1, _sum, (1,), depends_on=("before",)), before=4) == {
        "before": 4,
        "more": 5,
    }


def test_progress_is_weighted_by_the_size_of_jobs() -> None:
    told: list[float] = []
    some = [Job("large", 3, _sum, ()), Job("small", 1, _sum, ())]
    jobs.done(some, {}, told.append, second_process=False)
    assert told == [0.375, 0.75, 0.875, 1.0]


@pytest.mark.parametrize("second_process", [False, True])
def test_failed_job_stops_the_work(second_process: bool) -> None:
    with pytest.raises(ValueError, match="two is no number"):
        _done(Job("two", 1, _fail, ()), *CHAIN[::2], second_process=second_process)


ROOT = Path(__file__).parents[3]
PARENT = """
import sys, time
from recsys.training import jobs
print(jobs._second_process().submit(jobs.getpid).result(), flush=True)
time.sleep(300)
"""


def _who(_on_progress: OnShare) -> int:
    time.sleep(1)  # so that both processes get jobs
    return os.getpid()


def test_process_that_was_started_early_does_the_work() -> None:
    jobs.start_second_process(["json"])
    early = {child.pid for child in psutil.Process().children()}
    some = [Job(name, 1, _who, ()) for name in ("one", "two")]
    assert set(_done(*some, second_process=True).values()) <= {os.getpid(), *early}


def test_second_process_can_be_stopped_and_restarted() -> None:
    for _ in range(2):
        second = psutil.Process(jobs._second_process().submit(os.getpid).result())
        jobs.end_second_process()
        assert not second.is_running()


def test_second_process_exits_when_the_first_is_killed() -> None:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        second = psutil.Process(int(parent.stdout.readline()))
        assert second.is_running()
        parent.kill()
        second.wait(timeout=30)
