"""Evaluations: metrics with confidence intervals for splits, contenders and seeds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from i18n.language import Text
from monitoring.progress import OnProgress, ignore_progress
from recsys.data.taste_panel import Person, read_panel
from recsys.evaluation import panel as panels
from recsys.evaluation import splits
from recsys.evaluation.baselines import BASELINES
from recsys.evaluation.baselines.tuning import Tuned
from recsys.evaluation.contenders import (
    POPULARITY,
    STYLED,
    CannotTrainError,
    Contender,
    Train,
    Training,
    popularity,
)
from recsys.evaluation.libraries import missing_libraries
from recsys.evaluation.measures import (
    CUTS,
    FIVE,
    Facts,
    facts,
    of_all_lists,
    per_user_metrics,
    per_user_panel_metrics,
)
from recsys.evaluation.panel import Seat, seats
from recsys.evaluation.splits import Split
from recsys.evaluation.summary import PANEL, Evaluation, Result, summed_up
from recsys.training.workers import Here, Workers

CONTENDERS: dict[str, Train] = {**STYLED, POPULARITY: popularity, **BASELINES}
SMALL = (*STYLED, POPULARITY)
SPLITS = ("per-user-temporal", "global-temporal", "random", "cold-start", PANEL)
USUAL = ("per-user-temporal", "cold-start", PANEL)

_WITHOUT_CHANCE = (POPULARITY, "Item-kNN", "EASE", "EDLAE")
_DEPENDING_ON_SEEDS = ("random", "cold-start")


@dataclass(frozen=True, eq=False)
class _Data:
    """What all jobs share: ratings or a split that was made elsewhere, films, the taste panel."""

    ratings: pd.DataFrame | Split
    movies: pd.DataFrame
    cuts: Sequence[int]
    panel: Sequence[Seat] = ()


@dataclass(frozen=True)
class _Job:
    """A contender to train and evaluate."""

    split: str
    seed: int
    contender: str


def evaluate(
    ratings: pd.DataFrame,
    movies: pd.DataFrame,
    *,
    split_names: Sequence[str] = USUAL,
    contenders: Sequence[str] = tuple(CONTENDERS),
    seeds: Sequence[int] = (42,),
    panel: Sequence[Person] | None = None,
    cuts: Sequence[int] = (),
    progress: OnProgress = ignore_progress,
    workers: Workers = Here(),  # noqa: B008 - it has no state
) -> list[Evaluation]:
    """Train every contender on every split with every seed, and evaluate its lists.

    Held-out ratings never reach a contender: it only gets the training ratings of the split. The
    same data, names and seeds give the same metrics, wherever the work is done.

    Parameters
    ----------
    ratings : DataFrame
        As for `recsys.fit`.
    movies : DataFrame
        As for `recsys.fit`.
    split_names : sequence of str
        From `SPLITS`.
    contenders : sequence of str
        From `CONTENDERS`.
    seeds : sequence of int
        Metrics are averaged over them. Deterministic contenders run once if the split doesn't
        depend on the seed.
    panel : sequence of Person, optional
        The people of the split `panel`; by default `read_panel()`.
    cuts : sequence of int
        Other values of k to measure at, beside `CUTS`.
    progress : callable
        Called with the share done and a description of the current step.
    workers : Workers
        The workers that train and evaluate.

    Returns
    -------
    list of Evaluation
        One for each split; the cold-start split has one for each number of first likes. Splits
        without cases are omitted. Contenders that can't be trained here are left out, with a
        reason.
    """
    seated = []
    if PANEL in split_names:
        people = read_panel() if panel is None else panel
        seated = seats(people, movies, since=ratings["rated_at"].max())
    data = _Data(ratings, movies, _all_cuts(cuts), seated)
    return _evaluations(data, split_names, contenders, seeds, progress, workers)


def evaluate_split(
    split: Split,
    movies: pd.DataFrame,
    *,
    contenders: Sequence[str] = tuple(CONTENDERS),
    seeds: Sequence[int] = (42,),
    cuts: Sequence[int] = (),
    progress: OnProgress = ignore_progress,
    workers: Workers = Here(),  # noqa: B008 - it has no state
) -> Evaluation:
    """Train every contender on a split that was made elsewhere, and evaluate its lists.

    Parameters
    ----------
    split : Split
        With at least one case.
    movies : DataFrame
        As for `recsys.fit`.
    contenders : sequence of str
        This and all others as for `evaluate`.
    seeds : sequence of int
    cuts : sequence of int
    progress : callable
    workers : Workers

    Returns
    -------
    Evaluation
    """
    data = _Data(split, movies, _all_cuts(cuts))
    (found,) = _evaluations(data, [split.name], contenders, seeds, progress, workers)
    return found


def _all_cuts(cuts: Sequence[int]) -> list[int]:
    return sorted({*CUTS, *cuts})


def _evaluations(
    data: _Data,
    split_names: Sequence[str],
    contenders: Sequence[str],
    seeds: Sequence[int],
    progress: OnProgress,
    workers: Workers,
) -> list[Evaluation]:
    jobs = [
        _Job(split, seed, name)
        for split in split_names
        for seed in seeds
        for name in contenders
        if seed == seeds[0] or split in _DEPENDING_ON_SEEDS or name not in _WITHOUT_CHANCE
    ]
    found: list[Result] = []
    results = workers.map(_train_and_measure, data, jobs)
    for done, job in enumerate(jobs):
        progress(done / len(jobs), f"{job.split}, seed {job.seed}: {job.contender}")
        found += next(results)
    progress(1.0, "done")
    parts = list(dict.fromkeys(each.part for each in found))
    return [
        summed_up(
            [each for each in found if each.part == part],
            seeds,
            data.cuts,
            data.panel,
            data.movies,
        )
        for part in parts
    ]


def _train_and_measure(data: _Data, job: _Job) -> list[Result]:
    """Train a contender on a split, and evaluate it on all parts."""
    parts, training, known = _prepared(data, job.split, job.seed)
    parts = [part for part in parts if part.cases]
    if not parts:
        return []
    try:
        contender = _trained(job.contender, training)
    except CannotTrainError as error:
        return [_result(part, job, left_out=error.reason) for part in parts]
    chosen = contender.chosen if isinstance(contender, Tuned) else {}
    measured = []
    for part in parts:
        if job.split == PANEL:  # as served: a list of five may depend on its length
            cuts: Sequence[int] = (FIVE,)
            lists = contender.lists(part.cases, FIVE)
            table = per_user_panel_metrics(part.cases, lists, known)
        else:
            cuts = data.cuts
            lists = contender.lists(part.cases, max(cuts))
            table = per_user_metrics(part.cases, lists, known, cuts)
        of_all = of_all_lists(lists, known, cuts)
        measured.append(_result(part, job, table=table, of_all=of_all, chosen=chosen))
    return measured


def _result(part: Split, job: _Job, **found: Any) -> Result:
    return Result(part.name, part.explanation, len(part.cases), job.contender, **found)


def _trained(name: str, training: Training) -> Contender:
    if missing := missing_libraries(name):
        raise CannotTrainError(Text("not installed: {libraries}", libraries=", ".join(missing)))
    return CONTENDERS[name](training)


@lru_cache(maxsize=1)
def _prepared(data: _Data, split: str, seed: int) -> tuple[list[Split], Training, Facts]:
    """Return the data that all contenders of a split and seed share."""
    parts = list(_splits(split, data, seed))
    training = Training(parts[0].training, data.movies, seed, parts[0].is_random)
    return parts, training, facts(training)


def _splits(name: str, data: _Data, seed: int) -> Iterator[Split]:
    """Yield the parts of a split, which share their training ratings."""
    ratings = data.ratings
    if isinstance(ratings, Split):
        yield ratings
    elif name == "per-user-temporal":
        yield splits.per_user_temporal(ratings)
    elif name == "global-temporal":
        yield splits.global_temporal(ratings)
    elif name == "random":
        yield splits.at_random(ratings, seed)
    elif name == "cold-start":
        yield from splits.cold_start(ratings, seed)
    elif name == PANEL:
        yield panels.split(data.panel, ratings)
    else:
        raise ValueError(f"there is no split {name!r}: choose from {', '.join(SPLITS)}")
