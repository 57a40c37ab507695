"""Jobs, run in this process and others; results don't depend on where they run.

docs/decisions/two-executors.md says which executors there are.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import dataclass
from functools import partial
from graphlib import TopologicalSorter
from multiprocessing import current_process
from os import _exit, cpu_count, getpid, getppid
from threading import Lock, Thread
from time import sleep
from typing import Any

from threadpoolctl import threadpool_limits

from monitoring.progress import OnShare, ignore_progress
from recsys.training.memory import give_back

logger = logging.getLogger(__name__)

_LOOKS_FOR_PARENT_SECONDS = 1.0


@dataclass(frozen=True)
class Job:
    """A unit of computation.

    Attributes
    ----------
    name : str
        The name of its result.
    size : float
        How long it takes relative to other jobs.
    do : callable
        A module-level function, so that other processes can import it. Called with a function
        to report the share done (0 to 1), `arguments`, and the results of the jobs in `depends_on`.
    arguments : tuple
    depends_on : tuple of str
        The names of the jobs whose results it needs.
    stays : bool
        Whether it must run in this process, because its arguments can't be sent to another.
    """

    name: str
    size: float
    do: Callable[..., Any]
    arguments: tuple[Any, ...]
    depends_on: tuple[str, ...] = ()
    stays: bool = False


def has_second_process() -> bool:
    """Return whether there is a core for a second process and this process may start one.

    A Dask worker is a daemon, which may not, and it only has its share of the cores.
    """
    return (cpu_count() or 1) > 1 and not current_process().daemon


def start_second_process(modules: Sequence[str]) -> None:
    """Start importing modules in the second process while this one is busy."""
    second_process().submit(_import, modules)


def end_second_process() -> None:
    """Stop the second process to free its memory; later work starts a new one."""
    second_process().shutdown(wait=True)


def second_process() -> Executor:
    """Return the executor of the second process, which stays alive for later work."""
    # Unlike a plain process pool, loky needs no `if __name__ == "__main__"` in the caller's script.
    from loky import get_reusable_executor

    executor: Executor = get_reusable_executor(
        max_workers=1, initializer=_end_with, initargs=(getpid(),)
    )
    return executor


def done(
    jobs: Sequence[Job],
    found: Mapping[str, Any],
    on_progress: OnShare,
    executors: Sequence[Executor] = (),
) -> dict[str, Any]:
    """Run all jobs, each as soon as the results that it depends on are available.

    Parameters
    ----------
    jobs : sequence of Job
        Started in this order, by whichever process is free. One that stays waits until this process
        is free; meanwhile, others start those after it.
    found : mapping
        Earlier results, by name.
    on_progress : callable
        Called with the share done, 0 to 1, possibly from a second thread. An exception from it
        stops the work.
    executors : sequence of Executor
        Those of other processes, which help this one: an executor for each job that they can run
        at a time. If one breaks, the others take over its job.

    Returns
    -------
    dict of str to object
        The results, by name.

    Raises
    ------
    BaseException
        The exception of a job or of `on_progress`; no further jobs are started.
    """
    found = dict(found)
    order = TopologicalSorter({job.name: {*job.depends_on} - found.keys() for job in jobs})
    order.prepare()
    progress = _Progress(jobs, on_progress)
    ready: set[str] = set()
    running: dict[Future[Any], tuple[Job, Executor | None]] = {}
    free: list[Executor | None] = [None, *executors]  # None for this process
    with ThreadPoolExecutor(len(free)) as pool:
        try:
            while order.is_active():
                ready.update(order.get_ready())
                for job, executor in _starts([job for job in jobs if job.name in ready], free):
                    ready.remove(job.name)
                    free.remove(executor)
                    needed = [found[name] for name in job.depends_on]
                    running[pool.submit(_do_at, executor, job, needed, progress)] = job, executor
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    job, executor = running.pop(future)
                    try:
                        found[job.name] = future.result()
                    except (BrokenExecutor, OSError) as error:
                        if executor is None:
                            raise
                        logger.warning("a process died, continuing without it: %s", error)
                        ready.add(job.name)
                        continue
                    free.append(executor)
                    order.done(job.name)
                    progress.report(job.name, 1.0)
        except BaseException:
            progress.stop()
            raise
    return found


class _Progress:
    """The share done of all jobs together."""

    def __init__(self, jobs: Sequence[Job], on_progress: OnShare) -> None:
        self._sizes = {job.name: job.size for job in jobs}
        self._shares = dict.fromkeys(self._sizes, 0.0)
        self._on_progress = on_progress
        self._lock = Lock()
        self._is_stopped = False

    def report(self, name: str, share: float) -> None:
        """Report the overall share after a job's share has changed."""
        with self._lock:
            if self._is_stopped:
                raise CancelledError
            self._shares[name] = share
            done = sum(self._sizes[name] * each for name, each in self._shares.items())
            self._on_progress(done / sum(self._sizes.values()))

    def stop(self) -> None:
        """Make the job that runs in this process end with its next report."""
        self._is_stopped = True


def _end_with(parent: int) -> None:
    """Exit when the parent has died, since it may be killed without notice."""

    def watch() -> None:
        while getppid() == parent:
            sleep(_LOOKS_FOR_PARENT_SECONDS)
        _exit(1)

    Thread(target=watch, daemon=True).start()


def _starts(
    ready: Sequence[Job], free: Sequence[Executor | None]
) -> Iterator[tuple[Job, Executor | None]]:
    """Yield the jobs that can start, and the executor of each; None for this process."""
    left = [*free]
    if any(job.stays for job in ready):
        left.sort(key=lambda executor: executor is None)  # the others' last choice
    for job in ready:
        if job.stays and None in left:
            left.remove(None)
            yield job, None
        elif left and not job.stays:
            yield job, left.pop(0)


def _do_at(executor: Executor | None, job: Job, needed: Sequence[Any], progress: _Progress) -> Any:
    arguments = (*job.arguments, *needed)
    if executor is None:
        return _do(job.do, partial(progress.report, job.name), arguments)
    return executor.submit(_do, job.do, ignore_progress, arguments).result()


def _do(do: Callable[..., Any], on_progress: OnShare, arguments: tuple[Any, ...]) -> Any:
    # One thread for each of two concurrent jobs: more would wait for each other.
    with threadpool_limits(1):
        found = do(on_progress, *arguments)
    give_back()
    return found


def _import(modules: Sequence[str]) -> None:
    from importlib import import_module

    for module in modules:
        import_module(module)
