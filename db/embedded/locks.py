"""File locks, which the kernel releases when a process dies for any reason.

`filelock` has no shared locks of this kind, so `Reference` calls flock itself.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from db.embedded.errors import EmbeddedServerError
from db.embedded.folders import open_private

LOCK_SECONDS = 120.0


@contextmanager
def exclusive(path: Path, *, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the exclusive lock at `path`, waiting for others at most `seconds`.

    Parameters
    ----------
    path : Path
    seconds : float

    Yields
    ------
    None

    Raises
    ------
    EmbeddedServerError
        If another program held it all that time.
    """
    os.close(open_private(path))  # a missing file gets the owner of its folder
    # A soft lock, its fallback, would stay when the process dies.
    lock = FileLock(path, timeout=seconds, poll_interval=0.02, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise EmbeddedServerError(
            f"Another program has been starting or stopping the server in {path.parent} for "
            f"{seconds:.0f} seconds. Wait for it, or stop it, and try again."
        ) from error
    try:
        yield
    finally:
        lock.release()


class Reference:
    """One app's share of a reference count, held as a shared lock on one file.

    Take and drop it only while holding the exclusive lock that guards start and stop.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._owner = 0

    @property
    def is_held(self) -> bool:
        """Whether this process took it; a forked child's copy belongs to the parent."""
        return self._descriptor is not None and self._owner == os.getpid()

    def take(self) -> None:
        """Count this app, again if the file has been replaced since."""
        descriptor = open_private(self._path)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        self._close()
        self._descriptor, self._owner = descriptor, os.getpid()

    def drop(self) -> None:
        """Stop counting this app."""
        if self.is_held and self._descriptor is not None:
            # A forked child shares the lock: closing our descriptor alone would not release it.
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._close()

    def is_free(self) -> bool:
        """Return whether no app is counted."""
        descriptor = open_private(self._path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)
        return True

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
