"""Start-up: from an empty machine to five films."""

from config import settings
from startup.application import Application
from startup.progress import Progress, Stage
from startup.services import Services

__all__ = ["Application", "Progress", "Services", "Stage", "current", "use"]

_current: Application | None = None


def current() -> Application:
    """Return the application of this process, made at the first call.

    For `app.py`, which starts it, and for the script that Streamlit runs by its path. All others
    are handed what they need.
    """
    global _current
    if _current is None:
        _current = Application(settings())
    return _current


def use(application: Application | None) -> None:
    """Make this the application of the process."""
    global _current
    _current = application
