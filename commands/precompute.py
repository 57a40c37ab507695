"""`python -m recsys precompute`: compute and cache lists, here or on a Dask cluster."""

import dataclasses
from typing import Annotated

import typer

from commands.terminal import NotDoneError, database, print_json, progress
from config import settings
from db.connection.redis import open_redis
from db.queries.statistics import installation
from recsys.serving.cache import ListCache
from recsys.serving.precompute import precompute
from recsys.serving.recommender import Recommender
from recsys.training.workers import workers


def precompute_command(
    scheduler: Annotated[
        str | None,
        typer.Option(help="A Dask scheduler (tcp://host:8786); by default use this process."),
    ] = None,
    most: Annotated[
        int | None, typer.Option(min=1, help="At most this many people, the most recent raters.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Compute everyone's lists and cache them in Redis for a day."""
    with (
        database(statement_timeout=0) as engine,
        workers(scheduler) as hands,
        progress(as_json) as report,
    ):
        with engine.connect() as connection:
            cache = ListCache(open_redis(settings()), installation(connection))
        active = Recommender(engine, cache).active()
        if not active.is_trained:
            raise NotDoneError(
                "No model has been trained yet, and all lists would be the same: "
                "train one with `python -m recsys train`."
            )
        done = precompute(engine, cache, active, most=most, workers=hands, progress=report)
    if as_json:
        print_json({**dataclasses.asdict(done), "model_version": active.version})
        return
    typer.echo(
        f"{done.people:,} lists in {done.seconds:.1f} s, "
        f"{done.people / max(done.seconds, 0.001):,.0f} per second."
    )
    if done.bytes_each is not None:
        limit = "no limit" if done.most_memory is None else f"of {done.most_memory / 1e6:,.0f} MB"
        typer.echo(
            f"A list takes {done.bytes_each / 1e3:.1f} kB in Redis, which now uses "
            f"{done.memory / 1e6:,.0f} MB ({limit})."
        )
