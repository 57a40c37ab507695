"""`python -m recsys backup FILE` and `restore FILE`."""

from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import database, print_json, progress
from db import backup
from db.queries import statistics

_Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def backup_command(
    file: Annotated[Path, typer.Argument(help="The file to write; an existing one is replaced.")],
    as_json: _Json = False,
) -> None:
    """Back up the database to a file in pg_dump's custom format; apps can keep running."""
    with database(statement_timeout=0) as engine:
        size = backup.write(engine, file)
    if as_json:
        print_json({"file": str(file), "bytes": size})
    else:
        typer.echo(f"Wrote {file} ({size / 1e6:.1f} MB). Keep it safe: it contains users' emails.")


def restore_command(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the data in the database.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Restore a backup: all of it or, on an error, nothing. Stop the app first."""
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
            f"Restored {file}, created {restored.created}: {totals.films:,} films, "
            f"{totals.ratings:,} ratings. All users must log in again."
        )
