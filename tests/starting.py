"""An application that is starting, long after it has started."""

from startup import Application
from startup.progress import Progress
from tests.conftest import serve_with


def start_again(application: Application, *, has_films: bool = False) -> Progress:
    """Have pages and endpoints see a start that is at the same stage and isn't done.

    Returns
    -------
    Progress
        The progress that they see.
    """
    progress = Progress()
    progress.stage = application.progress.stage
    if has_films:
        progress.films_are_there()
    application.progress = progress
    serve_with(application, progress=progress)
    return progress
