"""`python -m recsys train`: a new model, at once or if the served one has become stale."""

import dataclasses
from typing import Annotated

import typer
from sqlalchemy import Engine

from commands.terminal import database, print_json, progress
from db.queries.locks import BusyError
from i18n.language import Text
from recsys.training.staleness import MOST_DAYS, NEW_SHARE, why_stale
from recsys.training.train import train


def train_command(
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.")] = 42,
    activate: Annotated[
        bool, typer.Option(help="Serve the model from now on, unless it is worse than the active.")
    ] = True,
    if_stale: Annotated[
        bool, typer.Option("--if-stale", help="Only if the served model has become stale.")
    ] = False,
    new_share: Annotated[
        float, typer.Option(min=0, help="Stale: more new ratings than this share of the old ones.")
    ] = NEW_SHARE,
    days: Annotated[
        float, typer.Option(min=0, help="Stale: older than this, and there are new ratings.")
    ] = MOST_DAYS,
    quick_first: Annotated[
        bool,
        typer.Option("--quick-first", help="If none is served, serve a quick model meanwhile."),
    ] = False,
    little_memory: Annotated[
        bool | None,
        typer.Option(
            help="Take a third of the memory; a little worse. By what is free, if not said."
        ),
    ] = None,
    started_from: Annotated[str, typer.Option(hidden=True)] = Text("the command line"),
    user_id: Annotated[int | None, typer.Option(hidden=True)] = None,
    after: Annotated[int | None, typer.Option(hidden=True)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Train a model on the ratings in the database."""
    with database(statement_timeout=0) as engine:
        if if_stale and not _is_stale(engine, new_share, days, as_json):
            return
        try:
            with progress(as_json) as report:
                version = train(
                    engine,
                    seed=seed,
                    activate=activate,
                    quick_first=quick_first,
                    little_memory=little_memory,
                    started_from=started_from,
                    user_id=user_id,
                    after=after,
                    progress=report,
                )
        except BusyError as error:
            if as_json:
                print_json({"busy": str(error)})
            raise
    if as_json:
        print_json({**dataclasses.asdict(version), "created_at": version.created_at.isoformat()})
        return
    typer.echo(
        f"Model {version.id} ({version.size / 1e6:.1f} MB): "
        + ("served from now on." if version.is_active else "kept, not served.")
    )
    if reason := version.metrics.get("not_served"):
        typer.echo(
            f"It is worse: {reason}. "
            f"`python -m recsys models activate {version.id}` serves it nevertheless."
        )


def _is_stale(engine: Engine, new_share: float, days: float, as_json: bool) -> bool:
    with engine.connect() as connection:
        reason = why_stale(connection, new_share=new_share, days=days)
    if as_json:
        print_json({"stale": reason})
    else:
        typer.echo(f"Stale: {reason}." if reason else "The served model is not stale.")
    return reason is not None
