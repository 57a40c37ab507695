"""The choice of a baseline's parameters, on a validation part of its training ratings.

All baselines are validated on the same part. They are chosen by the mean of NDCG@5 and NDCG@20, the
two lengths that are compared: by NDCG@20 alone the top of the list, which is what people see, would
count for little, and NDCG@5 alone has few hits, so that it would choose by chance.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from recsys.data.metrics import ndcg
from recsys.evaluation.contenders import Contender, Training
from recsys.evaluation.splits import Case, Split, at_random, per_user_temporal

Option: TypeAlias = int | float | str
Options: TypeAlias = dict[str, Option]

CUTS = (5, 20)
MOST_CASES = 2_000

_SEED = 0  # not the evaluation's: what has no chance itself is trained once for all seeds


@dataclass(frozen=True)
class Grid:
    """The options of each parameter.

    Attributes
    ----------
    options : mapping of str to sequence
        By parameter, in an order in which neighbours are alike.
    start : dict
        An option of each parameter.
    """

    options: Mapping[str, Sequence[Option]]
    start: Options


@dataclass(frozen=True)
class Tuned:
    """A contender with the options that were chosen for it."""

    contender: Contender
    chosen: Options

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        """Return the k best films for each person; see `Contender`."""
        return self.contender.lists(cases, k)


def tuned(training: Training, train: Callable[..., Contender], *grids: Grid) -> Tuned:
    """Train with the options that `choose` returns, on all training ratings."""
    chosen = choose(training, train, *grids)
    return Tuned(train(training, **chosen), chosen)


def choose(training: Training, train: Callable[..., Contender], *grids: Grid) -> Options:
    """Return the options that are best on the validation part.

    Parameters
    ----------
    training : Training
        The validation part is taken from it.
    train : callable
        Takes training data, and an option for each parameter by name.
    *grids : Grid
        Each is climbed, and the best place of all is returned.

    Returns
    -------
    dict
        The first start if there is nobody to validate with.
    """
    part = validation(training)
    trial = Training(part.training, training.movies, training.seed)

    def quality(options: Options) -> float:
        return mean_ndcg(train(trial, **options), part.cases)

    if not part.cases:
        return grids[0].start
    chosen, _ = max((climbed(grid, quality) for grid in grids), key=lambda found: found[1])
    return chosen


@lru_cache(maxsize=1)
def validation(training: Training) -> Split:
    """Split training ratings in two, with at most `MOST_CASES` people to validate with.

    They are held out as others were before: at random, or the latest of each person. Where all have
    the same time, they are held out at random too.
    """
    ratings = training.ratings
    is_random = training.is_random or ratings["rated_at"].nunique() == 1
    part = at_random(ratings, _SEED) if is_random else per_user_temporal(ratings)
    cases = part.cases
    if len(cases) > MOST_CASES:
        drawn = np.random.default_rng(_SEED).choice(len(cases), MOST_CASES, replace=False)
        cases = [cases[place] for place in np.sort(drawn)]
    return Split("validation", part.explanation, part.training, cases)


def mean_ndcg(contender: Contender, cases: Sequence[Case]) -> float:
    """Return the mean of NDCG at `CUTS` over people."""
    lists = contender.lists(cases, max(CUTS))
    return float(
        np.mean(
            [
                ndcg(listed, case.relevant, k)
                for listed, case in zip(lists, cases, strict=True)
                for k in CUTS
            ]
        )
    )


def climbed(grid: Grid, quality: Callable[[Options], float]) -> tuple[Options, float]:
    """Climb to options that no neighbour is better than; neighbours differ by a step in one.

    One parameter after the other takes steps while they are better (coordinate ascent), until none
    does. Nothing is evaluated twice.

    Parameters
    ----------
    grid : Grid
    quality : callable
        Takes options; the more, the better.

    Returns
    -------
    options : dict
    quality : float
        That of these options.
    """
    found: dict[tuple[Option, ...], float] = {}

    def known(options: Options) -> float:
        key = tuple(options.values())
        if key not in found:
            found[key] = quality(options)
        return found[key]

    here = {name: grid.start[name] for name in grid.options}
    while True:
        before = here
        for name, options in grid.options.items():
            while (best := max(_around(here, name, options), key=known)) != here:
                here = best
        if here == before:
            return here, known(here)


def _around(here: Options, name: str, options: Sequence[Option]) -> list[Options]:
    """Return where one is, and the steps to either side of it in one parameter."""
    place = options.index(here[name])
    sides = options[max(place - 1, 0) : place + 2]
    return [here, *({**here, name: option} for option in sides if option != here[name])]
