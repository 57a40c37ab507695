"""`python -m recsys backup FILE` and `restore FILE`."""

from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import database, print_json, progress
from db import backup
from db.queries import statistics

_Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def backup_command(
    file: Annotated[Path, typer.Argument(help="Where to; one of this name is replaced.")],
    as_json: _Json = False,
) -> None:
    """Write everything to a file, in pg_dump's custom format; apps may go on running."""
    with database(statement_timeout=0) as engine:
        size = backup.write(engine, file)
    if as_json:
        print_json({"file": str(file), "bytes": size})
    else:
        typer.echo(f"Wrote {file} ({size / 1e6:.1f} MB). Keep it safe: people's emails are in it.")


def restore_command(
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace what the database holds.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Put a backup back: all of it or, on an error, nothing. Stop the app first."""
    with database(statement_timeout=0) as engine:
        with progress(as_json) as report:
            restored = backup.restore(engine, file, overwrite=overwrite, progress=report)
        with engine.connect() as connection:
            totals = statistics.totals(connection)
    if as_json:
        print_json(
            {
                "file": str(file),
                "created": restored.created,
                "schema": restored.revision,
                "movies": totals.films,
                "ratings": totals.ratings,
            }
        )
    else:
        typer.echo(
            f"Restored {file}, made {restored.created}: {totals.films:,} films, "
            f"{totals.ratings:,} ratings. Everybody logs in anew."
        )
