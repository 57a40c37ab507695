"""The command line: load data, train, list models, recommend films, back up, stop the servers.

Exit codes: 0 success, 1 failure, 2 invalid usage.
"""

import dataclasses
import logging
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from redis.exceptions import RedisError
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from accounts.demo import sync_demo_accounts
from commands.backup import backup_command, restore_command
from commands.details import details_app
from commands.evaluate import evaluate_command
from commands.interviews import interviews_command
from commands.password import password_command
from commands.precompute import precompute_command
from commands.recommend import recommend_command
from commands.terminal import (
    NotDoneError,
    WrongUseError,
    database,
    fail,
    print_json,
    print_rejected,
    progress,
)
from commands.train import train_command
from config import problems, settings
from db import embedded
from db.backup import NotEmptyError
from db.backup.archive import BackupError
from db.connection.errors import SchemaTooNewError
from db.loading import ColumnMap, LoadReport, Scale, SourceError
from db.loading import load as load_source
from db.queries import model_versions, users
from db.queries.locks import BusyError
from db.queries.model_versions import UnknownVersionError
from db.queries.users import Role
from monitoring.errors import first_line
from recsys.data.genres import UnknownGenre
from recsys.models.artefact import ArtefactError
from recsys.serving.activation import activate as activate_version
from recsys.serving.precompute import NoRoomError
from recsys.training.memory import NotEnoughMemoryError
from recsys.training.train import NothingToTrainOnError
from recsys.training.workers import NoSchedulerError

logger = logging.getLogger(__name__)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Five Films on the command line.",
)
models_app = typer.Typer(help="List the trained models, or activate one.")
app.add_typer(models_app, name="models")
app.add_typer(details_app, name="details")
app.command("train")(train_command)
app.command("evaluate")(evaluate_command)
app.command("interviews")(interviews_command)
app.command("precompute")(precompute_command)
app.command("recommend")(recommend_command)
app.command("password")(password_command)
app.command("backup")(backup_command)
app.command("restore")(restore_command)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

_ROLE_NAMES: dict[Role, str] = {
    "user": "a plain user",
    "analyst": "an analyst",
    "admin": "an administrator",
}


def main() -> None:
    """Run a command; a failure prints one clear line and sets an exit code, without a traceback."""
    try:
        app()
    except (WrongUseError, SourceError, UnknownGenre, UnknownVersionError) as error:
        fail(str(error), 2)
    except ValidationError as error:
        fail("\n".join(problems(error)), 2)
    except (
        ArtefactError,
        BackupError,
        BusyError,
        NotDoneError,
        NoRoomError,
        NotEnoughMemoryError,
        NoSchedulerError,
        NotEmptyError,
        NothingToTrainOnError,
        SchemaTooNewError,
        embedded.EmbeddedServerError,
    ) as error:
        fail(str(error), 1)
    except (SQLAlchemyError, RedisError) as error:
        logger.debug("failed", exc_info=True)
        fail(f"The database reported an error: {first_line(error)}", 1)


@app.command()
def load(
    source: Annotated[str, typer.Argument(help="`demo`, or a data set: a folder or a zip file.")],
    scale: Annotated[
        Scale | None,
        typer.Option(
            help="The maximum rating of the source: ratings are scaled and rounded to half-stars. "
            "By default they must be half-stars from 0.5 to 5."
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="KEY=COLUMN,…",
            help="The names of columns in a table of ratings and a table of films: user, item and "
            "rating; time, if there is one; title, genres and year, if they have other names; "
            "film, if the table of films has another name for the item.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Load a data set into the database: all of it or, on an error, nothing.

    MovieLens (all releases, Kaggle's names, Parquet), The Movies Dataset and the Netflix Prize
    ratings are recognised by their files; docs/data-sets.md lists what each needs.
    """
    with database(statement_timeout=0) as engine:
        with progress(as_json) as report:
            result = load_source(
                engine,
                source,
                progress=report,
                scale=scale,
                columns=ColumnMap.read(columns) if columns else None,
            )
        sync_demo_accounts(engine, settings())
    _print_load(result, as_json)


@models_app.callback(invoke_without_command=True)
def list_models(context: typer.Context, as_json: Json = False) -> None:
    """List the trained models, newest first."""
    if context.invoked_subcommand is not None:
        return
    with database() as engine, engine.connect() as connection:
        versions = model_versions.listed(connection)
    if as_json:
        print_json([_described(version) for version in versions])
    elif not versions:
        typer.echo("No model has been trained yet: train one with `python -m recsys train`.")
    else:
        table = Table("version", "served", "trained", "MB", "sha256")
        for version in versions:
            table.add_row(
                str(version.id),
                "yes" if version.is_active else "",
                f"{version.created_at:%Y-%m-%d %H:%M}",
                f"{version.size / 1e6:.1f}",
                version.sha256[:12],
            )
        Console().print(table)


@models_app.command("activate")
def activate_model(
    version: Annotated[int, typer.Argument(help="A version from the list.")],
) -> None:
    """Activate a version; running apps switch to it within seconds."""
    with database() as engine:
        activate_version(engine, version)
    typer.echo(f"Model {version} is active now.")


@app.command()
def role(
    email: Annotated[str, typer.Argument(help="The account's email.")],
    role: Annotated[Role, typer.Argument(help="The new role of the account.")],
) -> None:
    """Set an account's role: user, analyst, or administrator with access to all pages."""
    with database() as engine, engine.begin() as connection:
        user = users.by_email(connection, email) if email.isprintable() else None
        if user is None:
            raise NotDoneError(
                f"There is no account {email[:60]!r}: register it on the page “Account” first."
            )
        if user.is_demo and role == "admin":
            raise NotDoneError(
                f"{user.email} is a demo account, whose password everybody knows: register your "
                "own account and make that the administrator."
            )
        users.set_role(connection, user.id, role)
    typer.echo(f"{user.email} is {_ROLE_NAMES[role]} now.")


@app.command()
def stop() -> None:
    """Stop the embedded servers of `DATA_DIR`; a running app starts them again."""
    stopped = embedded.stop(settings().data_dir)
    typer.echo(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def _described(version: model_versions.ModelVersion) -> dict[str, Any]:
    return {**dataclasses.asdict(version), "created_at": version.created_at.isoformat()}


def _print_load(result: LoadReport, as_json: bool) -> None:
    if as_json:
        print_json(dataclasses.asdict(result))
        return
    typer.echo(
        f"Loaded {result.source}: {result.movies:,} films, {result.raters:,} people, "
        f"{result.ratings:,} ratings, {result.tags:,} tags, in {result.seconds:.1f} s."
    )
    for note in result.notes:
        typer.echo(note)
    print_rejected(result.rejected, result.rejected_by_reason, result.examples)
