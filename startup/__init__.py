"""Start-up: from an empty machine to five films."""

import threading

from config import settings
from startup.application import Application, Stage

__all__ = ["Application", "Stage", "current", "running", "use"]

_current: Application | None = None
_lock = threading.Lock()


def current() -> Application:
    """Return the application of this process, started if it wasn't yet."""
    global _current
    with _lock:
        if _current is None:
            _current = Application(settings())
            _current.start()
        return _current


def running() -> Application | None:
    """Return the application of this process if it was started."""
    return _current


def use(application: Application | None) -> None:
    """Make this the application of the process."""
    global _current
    with _lock:
        _current = application
