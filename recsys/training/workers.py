"""Where work is done that comes in parts: in this process, or on a Dask cluster.

Dask (Rocklin 2015, https://doi.org/10.25080/Majora-7b98e3ed-013) moves functions by name and data
by value: its workers need the same version of the project, and nothing else of this machine.
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
    """No Dask scheduler answers at the address."""


class Workers(Protocol):
    """Does jobs."""

    def map(
        self, work: Callable[[Shared, Job], Result], shared: Shared, jobs: Iterable[Job]
    ) -> Iterator[Result]:
        """`work(shared, job)` for each job, in their order, as soon as they are done.

        Jobs are taken as they are needed, so that there may be more than memory holds.
        """


class Here:
    """Does one job after the other in this process."""

    def map(
        self, work: Callable[[Shared, Job], Result], shared: Shared, jobs: Iterable[Job]
    ) -> Iterator[Result]:
        """As in `Workers`."""
        for job in jobs:
            yield work(shared, job)


@contextmanager
def workers(scheduler: str | None) -> Iterator[Workers]:
    """Workers here, or those of the Dask scheduler at this address (`tcp://host:8786`).

    Raises
    ------
    NoSchedulerError
        When nobody answers there.
    """
    if scheduler is None:
        yield Here()
        return
    from distributed import Client  # a second to import, and few have a cluster

    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise NoSchedulerError(
            f"no Dask scheduler answers at {scheduler}: in the project's folder, start one with "
            "`python -m dask scheduler`, and workers with `python -m dask worker ADDRESS "
            "--nthreads 1`"
        ) from error
    with client:
        yield _OnDask(client)


class _OnDask:
    """Does jobs on a cluster; what they share is sent to each worker once."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    def map(
        self, work: Callable[[Shared, Job], Result], shared: Shared, jobs: Iterable[Job]
    ) -> Iterator[Result]:
        """As in `Workers`."""
        there = self._client.scatter(shared, broadcast=True, hash=False)
        hands = sum(self._client.nthreads().values())
        waiting = deque[Any]()
        for job in jobs:
            waiting.append(self._client.submit(work, there, job, pure=False))
            if len(waiting) >= _JOBS_A_HAND * hands:
                yield waiting.popleft().result()  # and Dask forgets it
        while waiting:
            yield waiting.popleft().result()
