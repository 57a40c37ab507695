"""Jobs, run in this process and in a second one; results don't depend on where they run."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import current_process
from os import _exit, cpu_count, getpid, getppid
from threading import Condition, Thread
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
        A module-level function, so that the second process can import it. Called with a function
        to report the share done (0 to 1), `arguments`, and the results of the jobs in `depends_on`.
    arguments : tuple
    depends_on : tuple of str
        The names of the jobs whose results it needs.
    """

    name: str
    size: float
    do: Callable[..., Any]
    arguments: tuple[Any, ...]
    depends_on: tuple[str, ...] = ()


def has_second_process() -> bool:
    """Return whether there is a core for a second process and this process may start one.

    A Dask worker is a daemon, which may not, and it only has its share of the cores.
    """
    return (cpu_count() or 1) > 1 and not current_process().daemon


def start_second_process(modules: Sequence[str]) -> None:
    """Start importing modules in the second process while this one is busy."""
    _second_process().submit(_import, modules)


def end_second_process() -> None:
    """Stop the second process to free its memory; later work starts a new one."""
    _second_process().shutdown(wait=True)


def done(
    jobs: Sequence[Job], found: Mapping[str, Any], on_progress: OnShare, *, second_process: bool
) -> dict[str, Any]:
    """Run all jobs, each as soon as the results that it depends on are available.

    Parameters
    ----------
    jobs : sequence of Job
        Started in this order, by whichever process is free.
    found : mapping
        Earlier results, by name.
    on_progress : callable
        Called with the share done, 0 to 1, possibly from a second thread. An exception from it
        stops the work.
    second_process : bool
        Whether to use one. If it dies, all remaining jobs run in this process.

    Returns
    -------
    dict of str to object
        The results, by name.

    Raises
    ------
    BaseException
        The exception of a job or of `on_progress`; no further jobs are started.
    """
    board = _Board(jobs, found, on_progress)
    with ThreadPoolExecutor(1) as pool:
        # Requested in this thread, because loky creates an executor for each requesting thread.
        elsewhere = pool.submit(_do_elsewhere, board, _second_process()) if second_process else None
        try:
            _do_here(board)
        except BaseException:
            board.clear()
            raise
        if elsewhere is not None:
            elsewhere.result()
            _do_here(board)  # jobs that the second process gave back
    return board.found


class _Board:
    """The pending jobs and the results, shared by both workers."""

    def __init__(self, jobs: Sequence[Job], found: Mapping[str, Any], on_progress: OnShare) -> None:
        self.found = dict(found)
        self._waiting = list(jobs)
        self._shares = {job.name: 0.0 for job in jobs}
        self._sizes = {job.name: job.size for job in jobs}
        self._on_progress = on_progress
        self._changed = Condition()

    def take(self) -> tuple[Job, tuple[Any, ...]] | None:
        """Return the next job that is ready, and its arguments; None if none is left."""
        with self._changed:
            while self._waiting:
                for job in self._waiting:
                    if {*job.depends_on} <= {*self.found}:
                        self._waiting.remove(job)
                        return job, (*job.arguments, *(self.found[name] for name in job.depends_on))
                self._changed.wait()
            return None

    def give_back(self, job: Job) -> None:
        """Return a job to the queue for the other worker."""
        with self._changed:
            self._waiting.insert(0, job)
            self._changed.notify_all()

    def put(self, job: Job, found: Any) -> None:
        """Store the result of a job."""
        with self._changed:
            self.found[job.name] = found
            self._changed.notify_all()
        self.on_progress(job, 1.0)

    def on_progress(self, job: Job, share: float) -> None:
        """Report the overall share done after this job's share has changed."""
        with self._changed:
            self._shares[job.name] = share
            done = sum(self._sizes[name] * each for name, each in self._shares.items())
            self._on_progress(done / sum(self._sizes.values()))

    def clear(self) -> None:
        """Discard the pending jobs."""
        with self._changed:
            self._waiting.clear()
            self._changed.notify_all()


def _do_here(board: _Board) -> None:
    while (taken := board.take()) is not None:
        job, arguments = taken
        board.put(job, _do(job.do, lambda share, job=job: board.on_progress(job, share), arguments))  # type: ignore[misc]


def _do_elsewhere(board: _Board, executor: Any) -> None:
    from loky import BrokenProcessPool

    while (taken := board.take()) is not None:
        job, arguments = taken
        try:
            board.put(job, executor.submit(_do, job.do, ignore_progress, arguments).result())
        except (BrokenProcessPool, OSError) as error:
            logger.warning("the second process died, continuing in this one: %s", error)
            board.give_back(job)
            return
        except BaseException:
            board.clear()
            raise


def _second_process() -> Any:
    """Return the executor of the second process, which stays alive for later work."""
    # Unlike a plain process pool, loky needs no `if __name__ == "__main__"` in the caller's script.
    from loky import get_reusable_executor

    return get_reusable_executor(max_workers=1, initializer=_end_with, initargs=(getpid(),))


def _end_with(parent: int) -> None:
    """Exit when the parent has died, since it may be killed without notice."""

    def watch() -> None:
        while getppid() == parent:
            sleep(_LOOKS_FOR_PARENT_SECONDS)
        _exit(1)

    Thread(target=watch, daemon=True).start()


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
