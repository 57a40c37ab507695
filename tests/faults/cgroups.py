"""A memory limit enforced by the kernel: a control group."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


class NoGroupsError(RuntimeError):
    """No control group with a memory limit can be created on this machine or by this user."""


class MemoryGroup:
    """A control group of version 1 or 2."""

    def __init__(self, folder: Path, *, is_unified: bool) -> None:
        self._folder = folder
        self._is_unified = is_unified

    def limit(self, megabytes: int) -> None:
        """Limit the memory, including swap."""
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
        """Add a process; its future children are in the group too."""
        (self._folder / "cgroup.procs").write_text(str(pid))

    @property
    def killed(self) -> int:
        """The number of processes that the kernel has killed for lack of memory."""
        name = "memory.events" if self._is_unified else "memory.oom_control"
        lines = (self._folder / name).read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))

    @property
    def most_megabytes(self) -> float:
        """The most memory that was in use, including cached files, in MB."""
        name = "memory.peak" if self._is_unified else "memory.max_usage_in_bytes"
        return int((self._folder / name).read_text()) / 2**20


@contextmanager
def memory_group(megabytes: int) -> Iterator[MemoryGroup]:
    """Yield a new control group with this limit, which is removed at the end, when it is empty.

    Parameters
    ----------
    megabytes : int

    Yields
    ------
    MemoryGroup

    Raises
    ------
    NoGroupsError
        If this machine or user can't create one.
    """
    is_unified = (ROOT / "cgroup.controllers").exists()
    folder = (ROOT if is_unified else ROOT / "memory") / f"five-films-{uuid.uuid4().hex[:8]}"
    try:
        folder.mkdir()
    except OSError as error:
        raise NoGroupsError(f"can't create a control group: {error.strerror}") from error
    try:
        group = MemoryGroup(folder, is_unified=is_unified)
        try:
            group.limit(megabytes)
        except OSError as error:
            raise NoGroupsError(f"memory can't be limited here: {error}") from error
        yield group
    finally:
        with suppress(OSError):
            folder.rmdir()
