"""The same work in this process and on a Dask cluster with two worker processes."""

import operator
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest

from recsys.evaluation.run import evaluate
from recsys.training.jobs import has_second_process
from recsys.training.workers import Here, NoSchedulerError, workers
from tests.recsys.frames import checkerboard
from tests.recsys.training.deadly import Deadly, itself, once_deadly

if TYPE_CHECKING:
    from distributed import LocalCluster


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


@dataclass
class _Matrix:
    values: npt.NDArray[np.float32]


def _random(scale: float, seed: int) -> _Matrix:
    random = np.random.default_rng(seed)
    return _Matrix(np.float32(scale) * random.standard_normal((50, 40), np.float32))


def _whole(scale: int, seed: int) -> _Matrix:
    return _Matrix(scale * np.full((50, 40), seed, np.float32))


def _add(total: _Matrix, more: _Matrix) -> _Matrix:
    total.values += more.values
    return total


def _pair(left: object, right: object) -> tuple[object, object]:
    return left, right


def test_sum_is_the_same_here_and_there(scheduler: str) -> None:
    here = Here().reduce(_whole, _add, 2, range(1, 11))
    with workers(scheduler) as there:
        elsewhere = there.reduce(_whole, _add, 2, range(1, 11))
    assert here is not None
    assert elsewhere is not None
    assert np.unique(here.values).tolist() == np.unique(elsewhere.values).tolist() == [110.0]


def test_sum_of_floats_is_the_same_to_the_byte_each_time(scheduler: str) -> None:
    with workers(scheduler) as there:
        found = [there.reduce(_random, _add, 0.1, range(13)) for _ in range(3)]
    assert len({each.values.tobytes() for each in found if each is not None}) == 1


def _after_the_next(folder: Path, job: int) -> int:
    """Finish the first job after the second one."""
    if job == 1:
        (folder / "1").touch()
    while job == 0 and not (folder / "1").exists():
        time.sleep(0.01)
    return job


def test_order_of_additions_does_not_depend_on_timing(scheduler: str, tmp_path: Path) -> None:
    assert Here().reduce(operator.sub, _pair, 4, range(5)) == ((((4, 3), 2), 1), 0)
    with workers(scheduler) as there:
        assert there.reduce(operator.sub, _pair, 4, range(5)) == (((4, 3), (2, 1)), 0)
        found = there.reduce(_after_the_next, _pair, tmp_path, range(7))
    assert found == (((0, 1), (2, 3)), ((4, 5), 6))


def test_sum_of_one_job_or_none(scheduler: str) -> None:
    with workers(scheduler) as there:
        for each in (Here(), there):
            assert each.reduce(operator.sub, operator.add, 4, [1]) == 3
            assert each.reduce(operator.sub, operator.add, 4, []) is None


def test_progress_is_the_share_of_jobs(scheduler: str) -> None:
    reported: list[float] = []
    Here().reduce(operator.sub, operator.add, 4, range(4), reported.append)
    assert reported == [0.25, 0.5, 0.75, 1.0]
    reported.clear()
    with workers(scheduler) as there:
        there.reduce(operator.sub, operator.add, 4, range(20), reported.append)
    assert reported == sorted(set(reported))
    assert len(reported) > 4
    assert reported[-1] == 1.0


def _processes(_shared: None, _job: int) -> set[int]:
    return {os.getpid()}


def test_both_workers_compute_what_is_added(scheduler: str) -> None:
    with workers(scheduler) as there:
        found = there.reduce(_processes, operator.or_, None, range(20))
    assert found is not None
    assert len(found) == 2
    assert os.getpid() not in found


def test_few_results_exist_at_a_time(scheduler: str) -> None:
    from distributed import Client

    alive: list[int] = []
    with Client(scheduler, set_as_default=False) as client, workers(scheduler) as there:

        def count(_share: float) -> None:
            alive.append(sum(len(results) for results in client.has_what().values()))

        there.reduce(_whole, _add, 2, range(1, 101), count)
    assert max(alive) < 30, "copies on both workers included"


@pytest.mark.parametrize("add", [operator.add, operator.floordiv])
def test_exception_of_a_sum_is_raised_here(scheduler: str, add: Callable[[int, int], int]) -> None:
    jobs = [1, 0, 1] if add is operator.add else [1, 2]  # 1 // 0 and (1 // 1) // (1 // 2)
    with workers(scheduler) as there, pytest.raises(ZeroDivisionError):
        there.reduce(operator.floordiv, add, 1, jobs)


class _Interrupted(BaseException):
    pass


def test_exception_of_the_progress_stops_a_sum(scheduler: str, tmp_path: Path) -> None:
    def stop(_share: float) -> None:
        raise _Interrupted

    with workers(scheduler) as there, pytest.raises(_Interrupted):
        there.reduce(_write, operator.add, tmp_path, range(100), stop)
    assert len([*tmp_path.iterdir()]) < 10


def _write(folder: Path, job: int) -> int:
    (folder / str(job)).touch()
    return job


@pytest.mark.parametrize("how", ["map", "reduce"])
def test_worker_killed_while_it_gets_shared_data(
    how: str, own_cluster: "LocalCluster", tmp_path: Path
) -> None:
    deadly = Deadly(tmp_path / "killed")
    with workers(own_cluster.scheduler_address) as there:
        if how == "map":
            assert list(there.map(itself, deadly, range(10))) == [*range(10)]
        else:
            assert there.reduce(itself, operator.add, deadly, range(10)) == 45
    assert deadly.marker.exists()


def test_sum_is_right_if_a_worker_is_killed(own_cluster: "LocalCluster", tmp_path: Path) -> None:
    with workers(own_cluster.scheduler_address) as there:
        assert there.reduce(once_deadly, operator.add, tmp_path, range(10)) == 45
    assert (tmp_path / "5").read_text() == "xx"


def _lose(cluster: "LocalCluster", lost: str, _share: float = 0) -> None:
    cluster.close() if lost == "scheduler" else cluster.scale(0)


@pytest.mark.parametrize("lost", ["scheduler", "workers"])
def test_this_process_takes_over_a_sum_if_the_cluster_is_lost(
    lost: str,
    own_cluster: "LocalCluster",
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("recsys.training.cluster.LOOK_SECONDS", 0.5)

    with workers(own_cluster.scheduler_address) as there:
        lose = partial(_lose, own_cluster, lost)
        assert there.reduce(operator.sub, operator.add, 10, range(20), lose) == 10
        assert there.reduce(operator.sub, operator.add, 10, range(20)) == 10
        assert there.executors() == []
    assert caplog.text.count("continuing in this process") == 2


@pytest.mark.parametrize("lost", ["scheduler", "workers"])
def test_this_process_takes_over_the_remaining_jobs_if_the_cluster_is_lost(
    lost: str,
    own_cluster: "LocalCluster",
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("recsys.training.cluster.LOOK_SECONDS", 0.5)
    with workers(own_cluster.scheduler_address) as there:
        results = there.map(operator.sub, 10, range(30))
        first = [next(results), next(results)]
        _lose(own_cluster, lost)
        assert [*first, *results] == [*range(10, -20, -1)]
        assert [*there.map(operator.sub, 10, range(3))] == [10, 9, 8]
    assert caplog.text.count("continuing in this process") == 2


def test_an_exception_of_what_jobs_are_read_from_is_raised(scheduler: str) -> None:
    def jobs() -> Iterator[int]:
        yield 1
        raise OSError("the connection is lost")

    with workers(scheduler) as there, pytest.raises(OSError, match="the connection is lost"):
        list(there.map(operator.sub, 10, jobs()))
