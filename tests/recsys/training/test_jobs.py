"""Jobs that two processes share."""

import os
import signal
import subprocess
import sys
import threading
import time
from graphlib import CycleError
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from monitoring.progress import OnShare
from recsys.training import jobs
from recsys.training.jobs import Job
from recsys.training.workers import workers

if TYPE_CHECKING:
    from distributed import LocalCluster


def _sum(on_progress: OnShare, *numbers: int) -> int:
    on_progress(0.5)
    return sum(numbers)


def _fail(_on_progress: OnShare) -> None:
    raise ValueError("two is no number")


def _done(*some: Job, second_process: bool = False, **found: Any) -> dict[str, Any]:
    executors = [jobs.second_process()] if second_process else []
    return jobs.done(some, found, lambda _share: None, executors)


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
    reported: list[float] = []
    some = [Job("large", 3, _sum, ()), Job("small", 1, _sum, ())]
    jobs.done(some, {}, reported.append)
    assert reported == [0.375, 0.75, 0.875, 1.0]


@pytest.mark.parametrize("second_process", [False, True])
def test_failed_job_stops_the_work(second_process: bool) -> None:
    with pytest.raises(ValueError, match="two is no number"):
        _done(Job("two", 1, _fail, ()), *CHAIN[::2], second_process=second_process)


class _Interrupted(BaseException):
    pass


def _report_for_long(on_progress: OnShare) -> None:
    for _ in range(600):
        on_progress(0.5)
        time.sleep(0.1)
    pytest.fail("it was not stopped")


def test_failed_job_elsewhere_stops_the_job_here() -> None:
    some = [Job("here", 1, _report_for_long, ()), Job("there", 1, _fail, ())]
    with pytest.raises(ValueError, match="two is no number"):
        _done(*some, second_process=True)


def test_exception_of_the_progress_stops_the_work() -> None:
    def stop(_share: float) -> None:
        raise _Interrupted

    with pytest.raises(_Interrupted):
        jobs.done([Job("here", 1, _report_for_long, ()), *CHAIN], {}, stop)


def test_unmet_dependencies_are_an_error() -> None:
    circle = [Job("hen", 1, _sum, (), ("egg",)), Job("egg", 1, _sum, (), ("hen",))]
    with pytest.raises(CycleError):
        _done(*circle)


def _wait_for(on_progress: OnShare, path: Path) -> int:
    while not path.exists():
        on_progress(0.5)
        time.sleep(0.01)
    return os.getpid()


def _touch(_on_progress: OnShare, path: Path, *_needed: object) -> int:
    path.touch()
    return os.getpid()


def _die(_on_progress: OnShare, process: int) -> int:
    if os.getpid() != process:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def test_this_process_takes_over_the_job_of_one_that_dies(
    caplog: pytest.LogCaptureFixture,
) -> None:
    some = [
        Job("slow", 1, _who, ()),
        Job("deadly", 1, _die, (os.getpid(),)),
        Job("after", 1, _sum, (), ("slow", "deadly")),
    ]
    found = _done(*some, second_process=True)
    assert (found["slow"], found["deadly"]) == (os.getpid(), os.getpid())
    assert found["after"] == 2 * os.getpid()
    assert "died, continuing" in caplog.text
    found = _done(*CHAIN, second_process=True)
    assert found["all"] == 5, "by a new second process"


def _here(_on_progress: OnShare, _unsendable: object) -> int:
    return os.getpid()


def _at(_on_progress: OnShare) -> int:
    return os.getpid()


def test_job_that_stays_runs_here() -> None:
    stays = Job("stays", 1, _here, (threading.Lock(),), stays=True)
    found = _done(Job("first", 1, _at, ()), stays, second_process=True)
    assert found["stays"] == os.getpid()
    assert found["first"] != os.getpid(), "this process was left to the one that stays"


def test_others_go_before_a_job_that_stays_while_this_process_is_busy(tmp_path: Path) -> None:
    until = tmp_path / "free"
    some = [
        Job("busy", 1, _wait_for, (until,), stays=True),
        Job("stays", 1, _here, (threading.Lock(),), stays=True),
        Job("other", 1, _at, ()),
        Job("another", 1, _touch, (until,), depends_on=("other",)),
    ]
    found = _done(*some, second_process=True)
    assert {found["busy"], found["stays"]} == {os.getpid()}
    assert os.getpid() not in {found["other"], found["another"]}


def test_jobs_that_stay_run_one_after_the_other_without_other_processes() -> None:
    stays = [Job(name, 1, _at, (), stays=True) for name in ("one", "another")]
    found = _done(*stays, *CHAIN)
    assert found == {"one": os.getpid(), "another": os.getpid(), "two": 2, "three": 3, "all": 5}


def test_jobs_run_on_a_dask_cluster(scheduler: str) -> None:
    from distributed import Client  # a second to import, and few tests need it

    with Client(scheduler) as client:
        executors = [client.get_executor(pure=False)] * 2
        some = [Job(str(number), 1, _who, ()) for number in range(3)]
        found = jobs.done([*some, *CHAIN], {}, lambda _share: None, executors)
    assert (found["two"], found["three"], found["all"]) == (2, 3, 5)
    assert len({found[str(number)] for number in range(3)}) == 3


def _once_deadly(_on_progress: OnShare, folder: Path) -> int:
    if not (folder / "killed").exists():
        (folder / "killed").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def test_cluster_repeats_the_jobs_of_a_worker_that_dies(
    own_cluster: "LocalCluster", tmp_path: Path
) -> None:
    some = [
        Job("here", 1, _wait_for, (tmp_path / "done",), stays=True),
        Job("deadly", 1, _once_deadly, (tmp_path,)),
        Job("other", 1, _at, ()),
        Job("after", 1, _touch, (tmp_path / "done",), depends_on=("deadly", "other")),
    ]
    with workers(own_cluster.scheduler_address) as cluster:
        executors = cluster.executors()
        assert len(executors) == 2
        found = jobs.done([*some, *CHAIN], {}, lambda _share: None, executors)
    assert found["here"] == os.getpid()
    assert os.getpid() not in {found["deadly"], found["other"], found["after"]}
    assert found["all"] == 5


def test_this_process_takes_over_a_job_that_kills_workers(
    own_cluster: "LocalCluster", caplog: pytest.LogCaptureFixture
) -> None:
    some = [Job("here", 1, _at, (), stays=True), Job("deadly", 1, _die, (os.getpid(),))]
    with workers(own_cluster.scheduler_address) as cluster:
        found = jobs.done([*some, *CHAIN], {}, lambda _share: None, cluster.executors()[:1])
    assert (found["deadly"], found["all"]) == (os.getpid(), 5)
    assert "died, continuing" in caplog.text


@pytest.mark.parametrize("lost", ["scheduler", "workers"])
def test_this_process_takes_over_the_jobs_of_a_lost_cluster(
    lost: str, own_cluster: "LocalCluster", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recsys.training.cluster.LOOK_SECONDS", 0.5)
    some = [
        Job("loses", 1, _lose, (own_cluster, lost, tmp_path), stays=True),
        Job("lost", 1, _here_only, (tmp_path, os.getpid())),
        Job("also lost", 1, _here_only, (tmp_path, os.getpid())),
    ]
    with workers(own_cluster.scheduler_address) as cluster:
        found = jobs.done([*some, *CHAIN], {}, lambda _share: None, cluster.executors())
    assert (found["lost"], found["also lost"], found["all"]) == (os.getpid(), os.getpid(), 5)


def _lose(on_progress: OnShare, cluster: "LocalCluster", what: str, folder: Path) -> None:
    _wait_for(on_progress, folder / "started")
    if what == "scheduler":
        cluster.close()
    else:
        cluster.scale(0)


def _here_only(on_progress: OnShare, folder: Path, process: int) -> int:
    (folder / "started").touch()
    return os.getpid() if os.getpid() == process else _wait_for(on_progress, folder / "never")


ROOT = Path(__file__).parents[3]
PARENT = """
import sys, time
from recsys.training import jobs
print(jobs.second_process().submit(jobs.getpid).result(), flush=True)
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
        second = psutil.Process(jobs.second_process().submit(os.getpid).result())
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
