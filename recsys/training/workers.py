"""Workers that process jobs: in this process, or on a Dask cluster.

Dask (Rocklin 2015, https://doi.org/10.25080/Majora-7b98e3ed-013) sends functions by name and data
by value: its workers need the same version of the project, and nothing else from this machine.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from distributed import Client

Shared = TypeVar("Shared")
Job = TypeVar("Job")
Result = TypeVar("Result")

CONNECT_SECONDS = 5
_JOBS_A_HAND = 4


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


class Here:
    """A worker that processes one job after the other in this process."""

    def map(
        self, work: Callable[[Shared, Job], Result], shared: Shared, jobs: Iterable[Job]
    ) -> Iterator[Result]:
        """Yield the results of the jobs; see `Workers.map`."""
        for job in jobs:
            yield work(shared, job)


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

    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise NoSchedulerError(
            f"no Dask scheduler responds at {scheduler}: in the project's folder, start one with "
            "`python -m dask scheduler`, and workers with `python -m dask worker ADDRESS "
            "--nthreads 1`"
        ) from error
    with client:
        yield _OnDask(client)


class _OnDask:
    """Workers on a Dask cluster; shared data is sent to each worker once."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    def map(
        self, work: Callable[[Shared, Job], Result], shared: Shared, jobs: Iterable[Job]
    ) -> Iterator[Result]:
        """Yield the results of the jobs; see `Workers.map`."""
        there = self._client.scatter(shared, broadcast=True, hash=False)
        hands = sum(self._client.nthreads().values())
        waiting = deque[Any]()
        for job in jobs:
            waiting.append(self._client.submit(work, there, job, pure=False))
            if len(waiting) >= _JOBS_A_HAND * hands:
                yield waiting.popleft().result()  # Dask then frees it
        while waiting:
            yield waiting.popleft().result()
