"""The memory available to a training, and returning free memory to the system."""

import ctypes
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

# What a training needs in addition to its imports, on the demo set, with a margin (docs/deploy.md).
ENOUGH = 650 * 2**20
# ... with more people than are in memory together, or more than 3,000 films with item-item weights
# (docs/scale.md).
ENOUGH_FOR_MOST_FILMS = 1_800 * 2**20
LEAST = 110 * 2**20

# By the controllers that /proc names: the folder of groups, the files of limit and usage, and the
# prefix of statistics that include subgroups.
_VERSIONS = {
    "": ("", "memory.max", "memory.current", ""),
    "memory": ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_"),
}


class NotEnoughMemoryError(RuntimeError):
    """There is too little memory even for a training in low-memory mode."""


def is_little(*, are_many: bool = False) -> bool:
    """Return whether a training should use little memory.

    Parameters
    ----------
    are_many : bool
        Whether there are more people than are in memory together.

    Returns
    -------
    bool

    Raises
    ------
    NotEnoughMemoryError
        If there isn't enough for that either: Linux would kill it, or another process.
    """
    bytes_left = left()
    if bytes_left < LEAST:
        # Without the number of free bytes, so that repeated attempts log the same message once.
        raise NotEnoughMemoryError(
            f"a training needs at least {LEAST // 2**20} MB in addition to its libraries, and less "
            "is free: stop other processes, or train on another machine with the same DATABASE_URL"
        )
    return bytes_left < (ENOUGH_FOR_MOST_FILMS if are_many else ENOUGH)


def left(own: Path = Path("/proc/self/cgroup"), groups: Path = Path("/sys/fs/cgroup")) -> int:
    """Return how many bytes this process may still use, on the machine and in control groups.

    Parameters
    ----------
    own : Path
        Names this process's control groups (https://man7.org/linux/man-pages/man7/cgroups.7.html).
    groups : Path
        The folder of control groups, version 1 or 2.

    Returns
    -------
    int
    """
    return min([psutil.virtual_memory().available, *_left_in_groups(own, groups)])


def _left_in_groups(own: Path, groups: Path) -> Iterator[int]:
    for line in own.read_text().splitlines() if own.exists() else []:
        _, controllers, path = line.split(":", 2)
        for version in {*controllers.split(",")} & {*_VERSIONS}:
            folder, *names = _VERSIONS[version]
            group = groups / folder / path.strip("/")
            for each in (group, *group.parents[: len(group.relative_to(groups / folder).parts)]):
                with suppress(OSError, ValueError, KeyError):  # no limit, or not visible here
                    yield _left_in(each, *names)


def _left_in(group: Path, limit: str, used: str, prefix: str) -> int:
    """Return the limit minus usage, not counting cached files, which Linux evicts on demand."""
    stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
    cached = sum(int(stat[f"{prefix}{name}"]) for name in ("active_file", "inactive_file"))
    most, taken = (int((group / name).read_text()) for name in (limit, used))
    return most - taken + cached


def give_back() -> None:
    """Return free memory to the system, which glibc would otherwise retain."""
    with suppress(AttributeError, OSError):  # other C libraries lack this function
        ctypes.CDLL(None).malloc_trim(0)
