"""Jobs done in this process and in one more; what comes of them doesn't depend on where."""

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

from recsys.training.memory import give_back

logger = logging.getLogger(__name__)

OnProgress = Callable[[float], None]

_LOOKS_FOR_PARENT_SECONDS = 1.0


@dataclass(frozen=True)
class Job:
    """Something to compute.

    Attributes
    ----------
    name : str
        What it finds is called so.
    size : float
        How long it takes beside the other jobs.
    do : callable
        A function of a module, for the other process must find it. Called with a function to tell
        the share done (0 to 1), `arguments`, and what the jobs that it `needs` have found.
    arguments : tuple
    needs : tuple of str
    """

    name: str
    size: float
    do: Callable[..., Any]
    arguments: tuple[Any, ...]
    depends_on: tuple[str, ...] = ()


def has_second_process() -> bool:
    """Whether there is a core for another process, and one may be started.

    A worker of Dask's is a daemon, which may not; and it has but its share of the cores.
    """
    return (cpu_count() or 1) > 1 and not current_process().daemon


def start_second_process(modules: Sequence[str]) -> None:
    """Let it begin to import, while this one still has something else to do."""
    _second_process().submit(_import, modules)


def end_second_process() -> None:
    """Have its memory back; later work starts another one."""
    _second_process().shutdown(wait=True)


def done(
    jobs: Sequence[Job], found: Mapping[str, Any], on_progress: OnProgress, *, second_process: bool
) -> dict[str, Any]:
    """What all jobs find, by name, each done as soon as what it needs is there.

    Parameters
    ----------
    jobs : sequence of Job
        Taken in this order, by whichever process is free.
    found : mapping
        What was found before.
    tell : callable
        Called with the share done, 0 to 1, maybe from a second thread. What it raises ends the
        work.
    second_process : bool
        Whether to use one. When it dies, all is done here.
    """
    board = _Board(jobs, found, on_progress)
    with ThreadPoolExecutor(1) as pool:
        # Taken in this thread, for loky has another one for each thread that asks.
        elsewhere = pool.submit(_do_elsewhere, board, _second_process()) if second_process else None
        try:
            _do_here(board)
        except BaseException:
            board.clear()
            raise
        if elsewhere is not None:
            elsewhere.result()
            _do_here(board)  # what the other process has left
    return board.found


class _Board:
    """What is waiting, and what was found, for both who work."""

    def __init__(
        self, jobs: Sequence[Job], found: Mapping[str, Any], on_progress: OnProgress
    ) -> None:
        self.found = dict(found)
        self._waiting = list(jobs)
        self._shares = {job.name: 0.0 for job in jobs}
        self._sizes = {job.name: job.size for job in jobs}
        self._on_progress = on_progress
        self._changed = Condition()

    def take(self) -> tuple[Job, tuple[Any, ...]] | None:
        """The next job that can be done, and its arguments; None when all are taken."""
        with self._changed:
            while self._waiting:
                for job in self._waiting:
                    if {*job.depends_on} <= {*self.found}:
                        self._waiting.remove(job)
                        return job, (*job.arguments, *(self.found[name] for name in job.depends_on))
                self._changed.wait()
            return None

    def give_back(self, job: Job) -> None:
        """Let somebody else do it."""
        with self._changed:
            self._waiting.insert(0, job)
            self._changed.notify_all()

    def put(self, job: Job, found: Any) -> None:
        """A job is done."""
        with self._changed:
            self.found[job.name] = found
            self._changed.notify_all()
        self.on_progress(job, 1.0)

    def on_progress(self, job: Job, share: float) -> None:
        """So much of a job is done."""
        with self._changed:
            self._shares[job.name] = share
            done = sum(self._sizes[name] * each for name, each in self._shares.items())
            self._on_progress(done / sum(self._sizes.values()))

    def clear(self) -> None:
        """Nobody needs to begin anything more."""
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
            board.put(job, executor.submit(_do, job.do, _nobody, arguments).result())
        except (BrokenProcessPool, OSError) as error:
            logger.warning("the second process is gone, all is done in this one: %s", error)
            board.give_back(job)
            return
        except BaseException:
            board.clear()
            raise


def _second_process() -> Any:
    """The one other process, which stays for later work."""
    # loky, unlike a bare process pool, needs no guard in the caller's script.
    from loky import get_reusable_executor

    return get_reusable_executor(max_workers=1, initializer=_end_with, initargs=(getpid(),))


def _end_with(parent: int) -> None:
    """End this process when its parent has died, which can be killed without telling it."""

    def watch() -> None:
        while getppid() == parent:
            sleep(_LOOKS_FOR_PARENT_SECONDS)
        _exit(1)

    Thread(target=watch, daemon=True).start()


def _do(do: Callable[..., Any], on_progress: OnProgress, arguments: tuple[Any, ...]) -> Any:
    # Two jobs at a time are a thread each: more would wait for each other.
    with threadpool_limits(1):
        found = do(on_progress, *arguments)
    give_back()
    return found


def _nobody(_share: float) -> None:
    """Nobody listens to the other process."""


def _import(modules: Sequence[str]) -> None:
    from importlib import import_module

    for module in modules:
        import_module(module)
