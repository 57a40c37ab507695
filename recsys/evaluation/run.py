"""Evaluations: metrics with confidence intervals for splits, contenders and seeds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from monitoring.progress import OnProgress, ignore_progress
from recsys.evaluation import panel as panels
from recsys.evaluation import splits
from recsys.evaluation.baselines import BASELINES
from recsys.evaluation.contenders import POPULARITY, STYLED, Train, Training, popularity
from recsys.evaluation.measures import (
    CUTS,
    FIVE,
    Facts,
    facts,
    of_all_lists,
    per_user_metrics,
    per_user_panel_metrics,
)
from recsys.evaluation.panel import Person, Seat, read_panel, seats
from recsys.evaluation.splits import Split
from recsys.evaluation.summary import PANEL, Evaluation, Result, summed_up
from recsys.training.workers import Here, Workers

CONTENDERS: dict[str, Train] = {**STYLED, POPULARITY: popularity, **BASELINES}
SMALL = (*STYLED, POPULARITY)
SPLITS = ("per-user-temporal", "global-temporal", "random", "cold-start", PANEL)
USUAL = ("per-user-temporal", "cold-start", PANEL)

_WITHOUT_CHANCE = (POPULARITY, "Item-kNN", "EASE")
_SAME_FOR_EVERY_SEED = ("per-user-temporal", "global-temporal", PANEL)


@dataclass(frozen=True, eq=False)
class _Data:
    """All ratings and films, and the taste panel matched with them."""

    ratings: pd.DataFrame
    movies: pd.DataFrame
    panel: Sequence[Seat]


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
    progress : callable
        Called with the share done and a description of the current step.
    workers : Workers
        The workers that train and evaluate.

    Returns
    -------
    list of Evaluation
        One for each split; the cold-start split has one for each number of first likes. Splits
        without cases are omitted.

    Raises
    ------
    ImportError
        If the library of a baseline isn't installed.
    """
    seated = []
    if PANEL in split_names:
        people = read_panel() if panel is None else panel
        seated = seats(people, movies, since=ratings["rated_at"].max())
    jobs = [
        _Job(split, seed, name)
        for split in split_names
        for seed in seeds
        for name in contenders
        if seed == seeds[0] or split not in _SAME_FOR_EVERY_SEED or name not in _WITHOUT_CHANCE
    ]
    data = _Data(ratings, movies, seated)
    found: list[Result] = []
    results = workers.map(_train_and_measure, data, jobs)
    for done, job in enumerate(jobs):
        progress(done / len(jobs), f"{job.split}, seed {job.seed}: {job.contender}")
        found += next(results)
    progress(1.0, "done")
    parts = list(dict.fromkeys(each.part for each in found))
    return [
        summed_up([each for each in found if each.part == part], seeds, seated, movies)
        for part in parts
    ]


def _train_and_measure(data: _Data, job: _Job) -> list[Result]:
    """Train a contender on a split, and evaluate it on all parts."""
    parts, training, known = _prepared(data, job.split, job.seed)
    parts = [part for part in parts if part.cases]
    if not parts:
        return []
    contender = CONTENDERS[job.contender](training)
    is_panel = job.split == PANEL
    cuts = (FIVE,) if is_panel else CUTS  # as served: a list of five may depend on its length
    measured = []
    for part in parts:
        lists = contender.lists(part.cases, max(cuts))
        table = (per_user_panel_metrics if is_panel else per_user_metrics)(part.cases, lists, known)
        of_all = of_all_lists(lists, known, cuts)
        measured.append(Result(part.name, part.explanation, job.contender, table, of_all))
    return measured


@lru_cache(maxsize=1)
def _prepared(data: _Data, split: str, seed: int) -> tuple[list[Split], Training, Facts]:
    """Return the data that all contenders of a split and seed share."""
    parts = list(_splits(split, data, seed))
    training = Training(parts[0].training, data.movies, seed)
    return parts, training, facts(training)


def _splits(name: str, data: _Data, seed: int) -> Iterator[Split]:
    """Yield the parts of a split, which share their training ratings."""
    ratings = data.ratings
    if name == "per-user-temporal":
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
