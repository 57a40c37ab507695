"""Workers that process jobs: in this process, or on a Dask cluster.

Dask (Rocklin 2015, https://doi.org/10.25080/Majora-7b98e3ed-013) sends functions by name and data
by value: its workers need the same version of the project, and nothing else from this machine.
"""

import logging
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import contextmanager
from itertools import chain
from typing import Protocol, TypeVar

from monitoring.progress import OnShare, ignore_progress
from recsys.training.cluster import Cluster

logger = logging.getLogger(__name__)

Shared = TypeVar("Shared")
Job = TypeVar("Job")
Result = TypeVar("Result")

CONNECT_SECONDS = 5


class NoSchedulerError(RuntimeError):
    """No Dask scheduler responds at the address."""


class Workers(Protocol):
    """Workers that process jobs."""

    def map(
        self, work: Callable[[Shared, Job], Result], shared: Shared, jobs: Iterable[Job]
    ) -> Iterator[Result]:
        """Yield `work(shared, job)` for each job, in order, as soon as each is complete.

        Jobs are read on demand, so that there may be more than fit into memory.
        """

    def reduce(
        self,
        work: Callable[[Shared, Job], Result],
        add: Callable[[Result, Result], Result],
        shared: Shared,
        jobs: Sequence[Job],
        on_progress: OnShare = ignore_progress,
    ) -> Result | None:
        """Return the sum of `work(shared, job)` for all jobs; None without jobs.

        For large results: most are freed before others are computed. The order of additions only
        depends on the number of jobs, and differs between this process and a cluster. So sums of
        floats may differ between these two by rounding, but not from run to run.

        Parameters
        ----------
        work : callable
            A module-level function.
        add : callable
            Returns the sum of two results; may change the first one and return it.
        shared : object
            Sent to each worker once.
        jobs : sequence
        on_progress : callable
            Called with the share of results computed. An exception from it stops the work.

        Returns
        -------
        object or None
        """

    def executors(self) -> Sequence[Executor]:
        """Return an executor for each job that other processes can run at a time.

        They are for `recsys.training.jobs.done`.
        """


class Here:
    """A worker that processes one job after the other in this process."""

    def map(
        self, work: Callable[[Shared, Job], Result], shared: Shared, jobs: Iterable[Job]
    ) -> Iterator[Result]:
        """Yield the results of the jobs; see `Workers.map`."""
        for job in jobs:
            yield work(shared, job)

    def reduce(
        self,
        work: Callable[[Shared, Job], Result],
        add: Callable[[Result, Result], Result],
        shared: Shared,
        jobs: Sequence[Job],
        on_progress: OnShare = ignore_progress,
    ) -> Result | None:
        """Return the sum of the results, added in the order of jobs; see `Workers.reduce`."""
        total: Result | None = None
        for number, job in enumerate(jobs, 1):
            result = work(shared, job)
            total = result if total is None else add(total, result)
            del result  # before the next one is computed
            on_progress(number / len(jobs))
        return total

    def executors(self) -> Sequence[Executor]:
        """Return no executors: all jobs run in this process."""
        return ()


@contextmanager
def workers(scheduler: str | None) -> Iterator[Workers]:
    """Provide a worker in this process, or those of a Dask scheduler.

    Parameters
    ----------
    scheduler : str or None
        The address of the scheduler, such as `tcp://host:8786`; None for this process.

    Yields
    ------
    Workers

    Raises
    ------
    NoSchedulerError
        If no scheduler responds at the address.
    """
    if scheduler is None:
        yield Here()
        return
    from distributed import Client  # a second to import, and few users have a cluster

    # Dask advises against large arguments of jobs, for which there is no other way that is as safe.
    warnings.filterwarnings("ignore", "Sending large graph")
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise NoSchedulerError(
            f"no Dask scheduler responds at {scheduler}: in the project's folder, start one with "
            "`python -m dask scheduler`, and workers with `python -m dask worker ADDRESS "
            "--nthreads 1`"
        ) from error
    with client:
        yield _OnDask(Cluster(client))


class _OnDask:
    """Workers on a Dask cluster; shared data is sent to each worker once."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def map(
        self, work: Callable[[Shared, Job], Result], shared: Shared, jobs: Iterable[Job]
    ) -> Iterator[Result]:
        """Yield the results of the jobs; see `Workers.map`.

        If the cluster fails, this process does the remaining work.
        """
        remaining, submitted = iter(jobs), deque[Job]()

        def read() -> Iterator[Job]:
            for job in remaining:
                submitted.append(job)
                yield job

        try:
            for result in self._cluster.results(work, shared, read()):
                submitted.popleft()
                yield result
        except BrokenExecutor as error:
            logger.warning("%s, continuing in this process", error)
            yield from Here().map(work, shared, chain(submitted, remaining))

    def reduce(
        self,
        work: Callable[[Shared, Job], Result],
        add: Callable[[Result, Result], Result],
        shared: Shared,
        jobs: Sequence[Job],
        on_progress: OnShare = ignore_progress,
    ) -> Result | None:
        """Return the sum of the results, added on the workers; see `Workers.reduce`.

        If the cluster fails, this process does all the work.
        """
        try:
            return self._cluster.sum(work, add, shared, jobs, on_progress) if jobs else None
        except (BrokenExecutor, OSError) as error:
            logger.warning("%s, continuing in this process", error)
        return Here().reduce(work, add, shared, jobs, on_progress)

    def executors(self) -> Sequence[Executor]:
        """Return an executor for each thread of the cluster; see `Workers.executors`."""
        return self._cluster.executors()
