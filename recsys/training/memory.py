"""How much memory there is for a training, and giving back what is free."""

import ctypes
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

# What a training takes beside its imports, on the demo set, with some room (docs/deploy.md).
ENOUGH = 650 * 2**20
LEAST = 110 * 2**20

# By the controllers that /proc names: where groups are, the files of limit and use, and what goes
# before a figure of all that is in a group.
_VERSIONS = {
    "": ("", "memory.max", "memory.current", ""),
    "memory": ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_"),
}


class NotEnoughMemoryError(RuntimeError):
    """There is too little even for a training with little memory."""


def is_little() -> bool:
    """Whether a training should do with little memory.

    Raises
    ------
    NotEnoughMemoryError
        When there isn't enough for that either: Linux would end it, or another process for it.
    """
    bytes_left = left()
    if bytes_left < LEAST:
        # Without the figure, so that who tries again and again says it once.
        raise NotEnoughMemoryError(
            f"a training takes at least {LEAST // 2**20} MB beside its libraries, and less memory "
            "is free: end something else, or train on another machine with the same DATABASE_URL"
        )
    return bytes_left < ENOUGH


def left(own: Path = Path("/proc/self/cgroup"), groups: Path = Path("/sys/fs/cgroup")) -> int:
    """Bytes that this process may still take: of the machine, and of each group with a limit.

    Parameters
    ----------
    own : Path
        Names this process's control groups (https://man7.org/linux/man-pages/man7/cgroups.7.html).
    groups : Path
        Where they are, of version 1 or 2.
    """
    return min([psutil.virtual_memory().available, *_left_in_groups(own, groups)])


def _left_in_groups(own: Path, groups: Path) -> Iterator[int]:
    for line in own.read_text().splitlines() if own.exists() else []:
        _, controllers, path = line.split(":", 2)
        for version in {*controllers.split(",")} & {*_VERSIONS}:
            folder, *names = _VERSIONS[version]
            group = groups / folder / path.strip("/")
            for each in (group, *group.parents[: len(group.relative_to(groups / folder).parts)]):
                with suppress(OSError, ValueError, KeyError):  # no limit, or not to be seen here
                    yield _left_in(each, *names)


def _left_in(group: Path, limit: str, used: str, prefix: str) -> int:
    """The limit less what is used, but for cached files, which Linux drops when it wants memory."""
    stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
    cached = sum(int(stat[f"{prefix}{name}"]) for name in ("active_file", "inactive_file"))
    most, taken = (int((group / name).read_text()) for name in (limit, used))
    return most - taken + cached


def give_back() -> None:
    """Return free memory to the system, which glibc keeps for itself else."""
    with suppress(AttributeError, OSError):  # another C library has no such function
        ctypes.CDLL(None).malloc_trim(0)
