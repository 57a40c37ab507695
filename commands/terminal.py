"""Helpers of all commands: the database, a progress bar, JSON output and failures."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Engine

from config import settings
from db.connection.engine import open_engine
from db.connection.schema import ensure_current
from db.loading import Reason, Rejection
from monitoring.logs import configure_logging

stderr = Console(stderr=True)

_MOST_EXAMPLES = 10


class WrongUseError(Exception):
    """The arguments are invalid."""


class NotDoneError(Exception):
    """The command can't be carried out in the current state; the message says what to do."""


@contextmanager
def database(statement_timeout: int = 20) -> Iterator[Engine]:
    """Connect to the configured database and upgrade its schema."""
    configure_logging(
        settings()
        if "log_level" in settings().model_fields_set
        else settings().model_copy(update={"log_level": "WARNING"})  # the bar shows progress
    )
    engine = open_engine(settings(), statement_timeout=statement_timeout)
    try:
        ensure_current(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def progress(as_json: bool) -> Iterator[Any]:
    """Provide a callable that reports the share done (or None) and the current step."""
    if as_json:
        yield lambda share, what: print_json({"progress": share, "what": what})
        return
    with Progress(console=stderr) as bar:
        task = bar.add_task("starting", total=1.0)

        def report(share: float | None, what: str) -> None:
            bar.update(task, completed=share or 0.0, description=what, total=1.0)

        yield report


def print_json(value: Any) -> None:
    """Print a value as one line of JSON."""
    sys.stdout.write(json.dumps(value, default=str) + "\n")
    sys.stdout.flush()


def print_rejected(
    rejected: int, by_reason: Mapping[Reason, int], examples: Sequence[Rejection]
) -> None:
    """Print how many lines a load has left out and why, and the first of them."""
    if not rejected:
        return
    typer.echo(f"Skipped {rejected:,} lines:")
    for reason, lines in by_reason.items():
        typer.echo(f"  {lines:,} × {reason}")
    for example in examples[:_MOST_EXAMPLES]:
        typer.echo(f"  {example.file}, line {example.line}: {example.reason}")
    if rejected > _MOST_EXAMPLES:
        typer.echo("  … (--json lists the first hundred)")


def fail(message: str, code: int) -> NoReturn:
    """Print an error and exit."""
    stderr.print(message, style="red", markup=False, soft_wrap=True, highlight=False)
    sys.exit(code)
