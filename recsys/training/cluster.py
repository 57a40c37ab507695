"""A Dask cluster: results in order, sums of large results, and executors.

Dask runs the jobs of a worker that died on others; these notice when the cluster as a whole fails.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent import futures
from concurrent.futures import BrokenExecutor, CancelledError, Executor
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from threadpoolctl import threadpool_limits

from monitoring.progress import OnShare

if TYPE_CHECKING:
    from distributed import Client

Shared = TypeVar("Shared")
Job = TypeVar("Job")
Result = TypeVar("Result")

# How often to look whether the cluster still has workers; one that is restarted takes seconds.
LOOK_SECONDS = 30.0

_JOBS_A_THREAD = 2
_RESULTS_A_THREAD = 4


class Cluster:
    """A cluster that works while it has a scheduler and at least one worker."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    def results(
        self, work: Callable[[Shared, Job], Result], shared: Shared, jobs: Iterable[Job]
    ) -> Iterator[Result]:
        """Yield `work(shared, job)` for each job, in order, as soon as each is complete.

        Parameters
        ----------
        work : callable
            A module-level function.
        shared : object
            Sent to each worker once.
        jobs : iterable
            Read on demand.

        Yields
        ------
        object

        Raises
        ------
        BrokenExecutor
            If the cluster fails.
        """
        self._expect_workers()
        with _breaking():
            there = self.share(shared)
        most = _RESULTS_A_THREAD * self._threads()
        waiting = deque[Any]()
        for job in jobs:
            with _breaking():
                waiting.append(self._client.submit(work, there, job, pure=False))
            if len(waiting) >= most:
                yield self.finished(_itself, waiting.popleft())  # Dask then frees it
        while waiting:
            yield self.finished(_itself, waiting.popleft())

    def sum(
        self,
        work: Callable[[Shared, Job], Result],
        add: Callable[[Result, Result], Result],
        shared: Shared,
        jobs: Sequence[Job],
        on_progress: OnShare,
    ) -> Result:
        """Return the sum of `work(shared, job)` for all jobs.

        Parameters
        ----------
        work : callable
            A module-level function.
        add : callable
            Returns the sum of two results; may change the first one and return it.
        shared : object
            Sent to each worker once.
        jobs : sequence
            At least one.
        on_progress : callable
            Called with the share of results computed.

        Returns
        -------
        object

        Raises
        ------
        BrokenExecutor
            If the cluster fails.
        OSError
            If the connection to it does.
        """
        self._expect_workers()
        sums = _Sums(self._client, add)
        running = set[Any]()
        try:
            with _breaking():
                there = self.share(shared)
            waiting = iter(jobs)
            computed = 0
            while computed < len(jobs):
                with _breaking():
                    most = max(1, _JOBS_A_THREAD * self._threads())
                    for job in islice(waiting, max(0, most - len(running))):
                        running.add(
                            sums.append(self._client.submit(_do, work, there, job, pure=False))
                        )
                    still_running = self._without_done(running)
                    sums.check()
                computed += len(running) - len(still_running)
                running = still_running
                on_progress(computed / len(jobs))
            total: Result = self.finished(_itself, sums.total())
            return total
        finally:
            # An exception keeps this frame, and its futures would keep the cluster busy.
            running.clear()
            sums.clear()

    def share(self, value: Any) -> Any:
        """Return the future of a value that many jobs need; each worker gets it once.

        Dask's `scatter` waits without end for a worker that dies meanwhile, and its data is lost
        with the workers that hold it. The scheduler keeps this value, and sends it again.
        """
        return self._client.submit(_itself, value, pure=False)

    def executors(self) -> Sequence[Executor]:
        """Return an executor for each thread of the cluster, for `recsys.training.jobs.done`."""
        return [_Thread(self)] * self._threads()

    def finished(self, do: Callable[..., Result], *arguments: Any) -> Result:
        """Return the result of a function that runs on the cluster.

        Parameters
        ----------
        do : callable
        *arguments : object

        Returns
        -------
        object

        Raises
        ------
        BrokenExecutor
            If the cluster fails.
        """
        with _breaking():
            future: futures.Future[Result] = self._client.get_executor(pure=False).submit(
                do, *arguments
            )
            try:
                while not futures.wait([future], LOOK_SECONDS).done:
                    self._expect_workers()
                return future.result()
            finally:
                future.cancel()  # if it isn't done, a worker that comes later shouldn't start it

    def _without_done(self, running: set[Any]) -> set[Any]:
        """Wait until at least one job is done, and return the others."""
        from distributed import wait

        while True:
            try:
                return set(wait(running, LOOK_SECONDS, "FIRST_COMPLETED").not_done)
            except TimeoutError:
                self._expect_workers()

    def _expect_workers(self) -> None:
        if not self._threads():
            raise BrokenExecutor("the Dask cluster has no workers, or its scheduler is gone")

    def _threads(self) -> int:
        try:
            return sum(self._client.nthreads(callback_timeout=LOOK_SECONDS).values())
        except (OSError, RuntimeError):  # the scheduler hangs, or the client has lost it
            return 0


class _Sums:
    """Sums of the results so far: a tree of additions, which needs few results at a time.

    Only sums of equally many results are added, so that the order doesn't depend on timing. Dask
    frees the others, as nothing here refers to them.
    """

    def __init__(self, client: "Client", add: Callable[[Any, Any], Any]) -> None:
        self._client = client
        self._add = add
        self._sums: list[tuple[int, Any]] = []

    def append(self, result: Any) -> Any:
        """Add the next result, a future, and return it."""
        self._sums.append((1, result))
        while len(self._sums) > 1 and self._sums[-1][0] == self._sums[-2][0]:
            self._add_last_two()
        return result

    def total(self) -> Any:
        """Return the future of the sum of all results."""
        while len(self._sums) > 1:
            self._add_last_two()
        return self._sums[0][1]

    def check(self) -> None:
        """Raise the exception of a job or an addition if there is one."""
        for _, each in self._sums:
            if each.status == "error":
                each.result()

    def clear(self) -> None:
        """Free all results."""
        self._sums.clear()

    def _add_last_two(self) -> None:
        (left_size, left), (right_size, right) = self._sums[-2:]
        # Before any waiting job, since it frees memory.
        both = self._client.submit(_added, self._add, left, right, pure=False, priority=1)
        self._sums[-2:] = [(left_size + right_size, both)]


class _Thread(Executor):
    """A thread of the cluster; breaks if the cluster fails."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def submit(
        self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any
    ) -> "futures.Future[Result]":
        """Run the function on the cluster, and return when it is done."""
        future = futures.Future[Result]()
        try:
            future.set_result(self._cluster.finished(partial(fn, **kwargs), *args))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def _breaking() -> Iterator[None]:
    """Turn Dask's exceptions for a cluster that fails into one that `jobs.done` knows."""
    from distributed import KilledWorker
    from distributed.client import ClosedClientError
    from distributed.comm import CommClosedError

    try:
        yield
    except (CancelledError, ClosedClientError, CommClosedError, KilledWorker) as error:
        reason = " ".join(f"{type(error).__name__} {error}".split())
        raise BrokenExecutor(f"the Dask cluster failed: {reason}") from error


def _do(work: Callable[[Shared, Job], Result], shared: Shared, job: Job) -> Result:
    # More threads would compete with other jobs, and their number can change the last digit.
    with threadpool_limits(1):
        return work(shared, job)


def _added(add: Callable[[Result, Result], Result], left: Result, right: Result) -> Result:
    # Dask may need the left one again if a worker leaves, and `add` may change it.
    return add(deepcopy(left), right)


def _itself(result: Result) -> Result:
    return result
