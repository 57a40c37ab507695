"""`python -m recsys evaluate`: offline evaluation compared with baselines."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import pandas as pd
import typer
from sqlalchemy import Engine

from commands.evaluate_files import evaluate_files
from commands.evaluation_tables import (
    print_metrics,
    print_notes,
    print_panel,
    shown_metrics,
)
from commands.terminal import NotDoneError, WrongUseError, database, print_json, progress, stderr
from db.queries import evaluations, interactions, model_versions, movies, statistics
from db.queries.locks import BusyError, evaluation_lock
from recsys.training.workers import workers

if TYPE_CHECKING:
    from recsys.data.taste_panel import Person
    from recsys.evaluation.summary import Evaluation

MOST_PEOPLE = 1_000
"""How many people a small evaluation uses at most."""

MOST_LISTED = 1_000
"""How long the lists of an evaluation are at most."""


class SplitName(StrEnum):
    """The names of splits."""

    per_user_temporal = "per-user-temporal"
    global_temporal = "global-temporal"
    random = "random"
    cold_start = "cold-start"
    panel = "panel"
    # Former names, which scripts may still use.
    known = "known"
    time = "time"
    newcomers = "newcomers"


def evaluate_command(
    source: Annotated[
        str,
        typer.Option(help="`database`, `demo`, or a data set: a folder or a zip file."),
    ] = "database",
    split: Annotated[
        list[SplitName] | None,
        typer.Option(
            metavar="SPLIT",
            help="`per-user-temporal`, `global-temporal`, `random`, `cold-start` or `panel`; can "
            "be repeated. `known`, `time` and `newcomers` are former names of `per-user-temporal`, "
            "`global-temporal` and `cold-start`.",
        ),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(help="A model to compare; can be repeated. By default all."),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds to average over.")] = 1,
    seed: Annotated[int, typer.Option(help="The first seed.")] = 42,
    panel: Annotated[
        Path | None,
        typer.Option(help="A file with a custom taste panel (docs/quality.md)."),
    ] = None,
    show: Annotated[
        bool, typer.Option("--show", help="Print the lists of each person of the panel.")
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(help="A Dask scheduler (tcp://host:8786); by default use this process."),
    ] = None,
    small: Annotated[
        bool,
        typer.Option(
            "--small", help="Use at most a thousand people, and only compare with popularity."
        ),
    ] = False,
    train: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A file of interactions to learn from, instead of a source: lines `user item item "
            "…`, or a table of user, item and perhaps rating and time. Needs --test, and no "
            "database.",
        ),
    ] = None,
    test: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The file of interactions that is held out for --train."),
    ] = None,
    k: Annotated[
        str | None,
        typer.Option(
            "--k", "-k", metavar="K,…", help="The lengths of lists to measure, such as `5,20`."
        ),
    ] = None,
    keep: Annotated[bool, typer.Option(help="Store the metrics for the Quality page.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Evaluate lists on held-out ratings and compare them with other models."""
    # Imports scipy: other commands shouldn't wait for it.
    from recsys.evaluation.run import SMALL, USUAL, evaluate

    names = list(SMALL) if small and model is None else _names(model)
    cuts = _cuts(k)
    if train is not None or test is not None:
        if source != "database" or split or panel is not None or show or small:
            raise WrongUseError(
                "--train and --test are a split of their own: leave out --source, --split, "
                "--panel, --show and --small."
            )
        evaluate_files(train, test, names, range(seed, seed + seeds), cuts, scheduler, as_json)
        return
    asked = list(dict.fromkeys(evaluations.current_name(each) for each in split or USUAL))
    people = _panel(panel, asked)
    with (
        database(statement_timeout=0) as engine,
        _one_at_a_time(engine) if small else nullcontext(),
        workers(scheduler) as hands,
        progress(as_json) as report,
    ):
        all_ratings, films, label = _data(engine, source)
        if small:
            all_ratings = _of_some(all_ratings, seed)
        found = evaluate(
            all_ratings,
            films,
            split_names=asked,
            contenders=names,
            seeds=range(seed, seed + seeds),
            panel=people,
            cuts=cuts,
            progress=report,
            workers=hands,
        )
        found = [replace(each, is_small=small) for each in found]
        if keep:
            _keep(engine, label, found)
    for note in _notes(asked, people, found):
        stderr.print(note, markup=False, highlight=False, soft_wrap=True)
    if as_json:
        print_json([each.as_json() for each in found])
        return
    described: dict[str, None] = {}
    for each in found:
        shown = shown_metrics(each, cuts)
        print_metrics(each, shown)
        described |= dict.fromkeys(chain(*shown))
        if show:
            print_panel(each)
    print_notes(found, described)


def _cuts(text: str | None) -> list[int]:
    """Parse the lengths of lists, such as "5,20", in ascending order."""
    parts = [] if text is None else [part.strip() for part in text.split(",")]
    for part in parts:
        if not (part.isascii() and part.isdigit() and 1 <= int(part[:9]) <= MOST_LISTED):
            raise WrongUseError(
                f"--k has {part[:40]!r}, but takes numbers from 1 to {MOST_LISTED:,}, such as 5,20."
            )
    return sorted({int(part) for part in parts})


@contextmanager
def _one_at_a_time(engine: Engine) -> Iterator[None]:
    try:
        with evaluation_lock(engine):
            yield
    except BusyError as error:
        raise NotDoneError(str(error)) from None


def _of_some(ratings: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the ratings of a random sample of `MOST_PEOPLE` people."""
    people = np.sort(ratings["user_id"].unique())
    if len(people) <= MOST_PEOPLE:
        return ratings
    drawn = np.random.default_rng(seed).choice(people, MOST_PEOPLE, replace=False)
    return ratings[ratings["user_id"].isin(drawn)]


def _panel(path: Path | None, asked: list[str]) -> "tuple[Person, ...]":
    from recsys.data.taste_panel import PANEL, PanelError, read_panel

    if path is not None and SplitName.panel not in asked:
        raise WrongUseError("--panel needs `--split panel` too, or no --split at all.")
    try:
        return read_panel(PANEL if path is None else path)
    except PanelError as error:
        raise WrongUseError(str(error)) from error


def _notes(
    asked: list[str], people: "tuple[Person, ...]", found: "list[Evaluation]"
) -> Iterator[str]:
    """Yield notes on what could not be evaluated, and why."""
    for split in asked:
        parts = [each for each in found if f"{each.split}-".startswith(f"{split}-")]
        if not parts:
            yield f"{split}: the data set has no people to evaluate."
        for each in parts:
            lacking = sum(len(person["missing"]) for person in each.panel)
            left_out = {person.name for person in people} - {each["name"] for each in each.panel}
            if lacking:
                yield f"panel: {lacking} of its films are not in the data set."
            if left_out and each.panel:
                yield f"panel: left out {', '.join(sorted(left_out))}, whose films are missing."


def _names(wanted: list[str] | None) -> list[str]:
    """Return the requested contenders; by default all, some of which may then be left out."""
    from recsys.evaluation.libraries import missing_libraries
    from recsys.evaluation.run import CONTENDERS

    if wanted is None:
        return list(CONTENDERS)
    by_name = {name.casefold(): name for name in CONTENDERS}
    for each in wanted:
        if each.casefold() not in by_name:
            raise WrongUseError(f"There is no model {each}: choose from {'; '.join(CONTENDERS)}.")
    names = [by_name[each.casefold()] for each in wanted]
    for name in names:
        if missing := missing_libraries(name):
            raise NotDoneError(
                f"{name} needs {', '.join(missing)}: "
                "`pip install --no-deps -r requirements-peers.txt` installs RecTools; "
                "SASRec also needs PyTorch and Lightning."
            )
    return names


def _data(engine: Engine, source: str) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    if source != "database":
        from recsys.evaluation.sources import read

        return *read(source), source
    with engine.connect() as connection:
        load = statistics.last_load(connection)
        films, all_ratings = movies.frame(connection), interactions.frame(connection)
    if all_ratings.empty:
        raise NotDoneError("There are no ratings: load some with `python -m recsys load demo`.")
    return all_ratings, films, "ratings made here" if load is None else load.source


def _keep(engine: Engine, label: str, found: "list[Evaluation]") -> None:
    with engine.begin() as connection:
        active = model_versions.active(connection)
        for each in found:
            if not each.models:
                continue
            evaluations.keep(
                connection,
                source=label,
                model_version=None if active is None else active.id,
                split=each.split,
                results=each.as_json(),
            )
