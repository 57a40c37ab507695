"""A bound on the memory of processes that the kernel itself keeps: a control group."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


class NoGroupsError(RuntimeError):
    """This machine, or this user, can make no control group with a bound on memory."""


class MemoryGroup:
    """A control group, of either version."""

    def __init__(self, folder: Path, *, is_unified: bool) -> None:
        self._folder = folder
        self._is_unified = is_unified

    def limit(self, megabytes: int) -> None:
        """Bound the memory, swap included."""
        size = str(megabytes * 2**20)
        if self._is_unified:
            (self._folder / "memory.max").write_text(size)
            with suppress(OSError):  # a kernel without swap has no such file
                (self._folder / "memory.swap.max").write_text("0")
            return
        (self._folder / "memory.limit_in_bytes").write_text(size)
        with suppress(OSError):
            (self._folder / "memory.memsw.limit_in_bytes").write_text(size)

    def take(self, pid: int) -> None:
        """Put a process in; what it starts from now on is in too."""
        (self._folder / "cgroup.procs").write_text(str(pid))

    @property
    def killed(self) -> int:
        """How many processes the kernel has killed for want of memory."""
        name = "memory.events" if self._is_unified else "memory.oom_control"
        lines = (self._folder / name).read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))

    @property
    def most_megabytes(self) -> float:
        """The most that was in use, what files are cached of included."""
        name = "memory.peak" if self._is_unified else "memory.max_usage_in_bytes"
        return int((self._folder / name).read_text()) / 2**20


@contextmanager
def memory_group(megabytes: int) -> Iterator[MemoryGroup]:
    """A control group of one's own with this bound, removed at the end, when it is empty.

    Raises
    ------
    NoGroupsError
        When there can be none.
    """
    is_unified = (ROOT / "cgroup.controllers").exists()
    folder = (ROOT if is_unified else ROOT / "memory") / f"five-films-{uuid.uuid4().hex[:8]}"
    try:
        folder.mkdir()
    except OSError as error:
        raise NoGroupsError(f"no control group can be made: {error.strerror}") from error
    try:
        group = MemoryGroup(folder, is_unified=is_unified)
        try:
            group.limit(megabytes)
        except OSError as error:
            raise NoGroupsError(f"memory can't be bounded here: {error}") from error
        yield group
    finally:
        with suppress(OSError):
            folder.rmdir()
