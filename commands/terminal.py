"""What all commands share: the database, a progress bar, JSON, and how they fail."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Engine

from config import settings
from db.connection.engine import open_engine
from db.connection.migrate import upgrade
from monitoring.logs import configure_logging

stderr = Console(stderr=True)


class WrongUseError(Exception):
    """What the person typed can't be meant."""


class NotDoneError(Exception):
    """It can't be done as things are; the text says what to do."""


@contextmanager
def database(statement_timeout: int = 20) -> Iterator[Engine]:
    """The database of the settings, with its schema up to date."""
    configure_logging(
        settings()
        if "log_level" in settings().model_fields_set
        else settings().model_copy(update={"log_level": "WARNING"})  # the bar says the rest
    )
    engine = open_engine(settings(), statement_timeout=statement_timeout)
    try:
        upgrade(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def progress(as_json: bool) -> Iterator[Any]:
    """A callable that takes the share done (or None) and what is being done."""
    if as_json:
        yield lambda share, what: print_json({"progress": share, "what": what})
        return
    with Progress(console=stderr) as bar:
        task = bar.add_task("starting", total=1.0)

        def report(share: float | None, what: str) -> None:
            bar.update(task, completed=share or 0.0, description=what, total=1.0)

        yield report


def print_json(value: Any) -> None:
    """A line for a program to read."""
    sys.stdout.write(json.dumps(value, default=str) + "\n")
    sys.stdout.flush()


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong, and end."""
    stderr.print(message, style="red", markup=False, soft_wrap=True, highlight=False)
    sys.exit(code)
