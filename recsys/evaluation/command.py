"""`python -m recsys evaluate`: our lists beside those of simpler and other models."""

import importlib.util
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from db import evaluations, interactions, models, movies, statistics
from recsys.terminal import NotDoneError, WrongUseError, database, print_json, progress
from recsys.workers import workers

if TYPE_CHECKING:
    from recsys.evaluation.run import Evaluation


class SplitName(StrEnum):
    """What can be kept back."""

    known = "known"
    time = "time"
    random = "random"
    newcomers = "newcomers"


_SHOWN = ("ndcg@5", "ndcg@10", "recall@10", "hit rate@5", "coverage@5", "novelty@5")
_NEEDS = {
    "ALS": ("implicit",),
    "Item-kNN": ("implicit",),
    "EASE": ("rectools",),
    "SASRec": ("rectools", "torch", "pytorch_lightning"),
}


def evaluate_command(
    source: Annotated[
        str,
        typer.Option(help="`database`, `demo`, or a MovieLens release: a folder or a zip file."),
    ] = "database",
    split: Annotated[
        list[SplitName] | None, typer.Option(help="What is kept back; several may be given.")
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(help="What is compared; several may be given. Without: all."),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds to average over.")] = 1,
    seed: Annotated[int, typer.Option(help="The first of them.")] = 42,
    scheduler: Annotated[
        str | None,
        typer.Option(help="A Dask scheduler, tcp://host:8786, whose workers do it; without: here."),
    ] = None,
    keep: Annotated[bool, typer.Option(help="Keep the figures for the Quality page.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Measure the lists on ratings kept back, beside those of other models."""
    from recsys.evaluation.run import evaluate  # scipy and all: only who evaluates should wait

    names = _names(model)
    with (
        database(statement_timeout=0) as engine,
        workers(scheduler) as hands,
        progress(as_json) as report,
    ):
        all_ratings, films, label = _data(engine, source)
        found = evaluate(
            all_ratings,
            films,
            split_names=split or [SplitName.known, SplitName.newcomers],
            contenders=names,
            seeds=range(seed, seed + seeds),
            progress=report,
            workers=hands,
        )
        if keep:
            _keep(engine, label, found)
    if as_json:
        print_json([each.as_json() for each in found])
    else:
        for each in found:
            _print(each)


def _names(wanted: list[str] | None) -> list[str]:
    """The contenders asked for; of all, those whose libraries are here."""
    from recsys.evaluation.run import CONTENDERS

    if wanted is None:
        return [name for name in CONTENDERS if not _missing(name)]
    by_name = {name.casefold(): name for name in CONTENDERS}
    for each in wanted:
        if each.casefold() not in by_name:
            raise WrongUseError(f"There is no model {each}: there are {', '.join(CONTENDERS)}.")
    names = [by_name[each.casefold()] for each in wanted]
    for name in names:
        if missing := _missing(name):
            raise NotDoneError(
                f"{name} needs {', '.join(missing)}: "
                "`pip install --no-deps -r requirements-peers.txt` installs RecTools, "
                "SASRec also needs PyTorch and Lightning."
            )
    return names


def _missing(name: str) -> list[str]:
    return [each for each in _NEEDS.get(name, ()) if importlib.util.find_spec(each) is None]


def _data(engine: Engine, source: str) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    if source != "database":
        from recsys.evaluation.sources import read

        return *read(source), source
    with engine.connect() as connection:
        load = statistics.last_load(connection)
        films, all_ratings = movies.frame(connection), interactions.frame(connection)
    if all_ratings.empty:
        raise NotDoneError("There are no ratings: `python -m recsys load demo` brings some.")
    return all_ratings, films, "ratings made here" if load is None else load.source


def _keep(engine: Engine, label: str, found: "list[Evaluation]") -> None:
    with engine.begin() as connection:
        active = models.active(connection)
        for each in found:
            evaluations.keep(
                connection,
                source=label,
                model_version=None if active is None else active.id,
                split=each.split,
                results=each.as_json(),
            )


def _print(evaluation: "Evaluation") -> None:
    table = Table("", *_SHOWN, title=f"{evaluation.explanation}\n{evaluation.people:,} people")
    for name, figures in evaluation.models.items():
        cells = []
        for figure in _SHOWN:
            found = figures[figure]
            half = (found["high"] - found["low"]) / 2
            cells.append(f"{found['mean']:.4f}" + (f" ± {half:.3f}" if half else ""))
        table.add_row(name, *cells)
    Console().print(table)
