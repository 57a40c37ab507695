"""`python -m recsys train`: train a model, always or only if the active one is stale."""

import dataclasses
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from commands.terminal import database, print_json, progress
from db.queries.locks import BusyError
from i18n.language import Text
from recsys.data.learned import Learned
from recsys.training.staleness import MOST_DAYS, NEW_SHARE, why_stale
from recsys.training.train import train
from recsys.training.workers import workers


def train_command(
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.")] = 42,
    activate: Annotated[
        bool, typer.Option(help="Activate the model, unless it is worse than the active one.")
    ] = True,
    if_stale: Annotated[
        bool, typer.Option("--if-stale", help="Train only if the active model is stale.")
    ] = False,
    new_share: Annotated[
        float,
        typer.Option(min=0, help="Stale: more new ratings than this share of old ones."),
    ] = NEW_SHARE,
    days: Annotated[
        float, typer.Option(min=0, help="Stale: older than this, and there are new ratings.")
    ] = MOST_DAYS,
    quick_first: Annotated[
        bool,
        typer.Option("--quick-first", help="If none is active, activate a quick model first."),
    ] = False,
    little_memory: Annotated[
        bool | None,
        typer.Option(
            help="Use a third of the memory; slightly worse. By default if little memory is free."
        ),
    ] = None,
    keep_choices: Annotated[
        bool,
        typer.Option(
            "--keep-choices",
            help="Keep the active model's hyperparameters unless ratings have changed much; "
            "--if-stale does so, too.",
        ),
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(help="A Dask scheduler (tcp://host:8786); by default use this machine."),
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
            with workers(scheduler) as hands, progress(as_json) as report:
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
                    workers=hands,
                    keep_choices=keep_choices or if_stale,
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
        + ("active now." if version.is_active else "stored, not active.")
    )
    if learned := learned_in_words(version.parameters):
        typer.echo(f"Learned: {learned}.")
    if reason := version.metrics.get("not_served"):
        typer.echo(
            f"It is worse: {reason}. "
            f"`python -m recsys models activate {version.id}` activates it anyway."
        )


def learned_in_words(parameters: dict[str, Any]) -> str:
    """Return the hyperparameters that were chosen, each with its gain; empty for the defaults."""
    stored, gains = parameters.get("learned"), parameters.get("gains")
    if not stored or not gains:
        return ""
    learned = Learned.of(stored)

    def of(choice: str) -> str:
        gain = gains.get(choice, 0.0)  # choices kept from an older version lack some
        return f"{gain:+.2%}" if gain > 0 else "default"

    lightfm, genres, item_item, short_term = learned.shares
    return (
        f"EASE ridge {learned.ridge:g}, dropout {learned.dropout:g}, "
        f"activity {learned.activity:g} ({of('ease')}); "
        f"next likes ridge {learned.next_ridge:g} ({of('next')}); "
        f"short-term ridge {learned.short_term_ridge:g}, "
        f"co-occurrence {learned.near_share:.0%} ({of('short-term')}); "
        f"oldest likes {learned.oldest:g} ({of('oldest')}); "
        f"LightFM {lightfm:.0%}, genres {genres:.0%}, item-item {item_item:.0%}, "
        f"short-term {short_term:.0%}; within item-item: next likes {learned.next_share:.0%}, "
        f"co-occurrence in order {learned.after_share:.0%} ({of('shares')}); "
        f"popularity discount {learned.discount:g} ({of('discount')}); "
        f"dislikes {learned.dislikes:g} ({of('dislikes')})"
    )


def _is_stale(engine: Engine, new_share: float, days: float, as_json: bool) -> bool:
    with engine.connect() as connection:
        reason = why_stale(connection, new_share=new_share, days=days)
    if as_json:
        print_json({"stale": reason})
    else:
        typer.echo(f"Stale: {reason}." if reason else "The active model is not stale.")
    return reason is not None
