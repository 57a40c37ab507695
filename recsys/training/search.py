"""Searches for hyperparameters that are significantly better for people.

Metrics of a few hundred people are noisy: the best of many weights would be best by chance, and
was worse on other likes than where the search started (docs/quality.md). So a step counts only if
its gain, person by person, is significant.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

STEPS = (0.1, 0.05)

# Of the standard error: there are a dozen steps to choose from.
SIGNIFICANT = 3.0


@dataclass(frozen=True)
class Outcome:
    """What some hyperparameters are worth to each person of some groups.

    Attributes
    ----------
    groups : tuple of float64 array (people,)
    shares : tuple of float
        What the mean of each group counts; their sum is 1.
    """

    groups: tuple[Doubles, ...]
    shares: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The value of all groups together."""
        return sum(
            share * float(of_group.mean())
            for of_group, share in zip(self.groups, self.shares, strict=True)
        )

    def is_better_than(self, other: "Outcome", errors: float = SIGNIFICANT) -> bool:
        """Return whether the gain over the same people is more than so many standard errors."""
        gain, variance = 0.0, 0.0
        for mine, theirs, share in zip(self.groups, other.groups, self.shares, strict=True):
            gains = mine - theirs
            gain += share * float(gains.mean())
            variance += share**2 * float(gains.var()) / len(gains)
        return bool(gain > errors * variance**0.5)


def ascend(value: Callable[[Doubles], Outcome], start: Doubles) -> Doubles:
    """Return non-negative weights that no step of one of them, and then scaling, improves.

    Parameters
    ----------
    value : callable
        Takes weights (weights,), which all have the sum of `start`; what is maximised.
    start : float64 array (weights,)

    Returns
    -------
    float64 array (weights,)
    """
    weights, best = start, value(start)
    for step in STEPS:
        improved = True
        while improved:
            improved = False
            for place in range(len(weights)):
                for change in (step, -step):
                    tried = weights.copy()
                    tried[place] = max(tried[place] + change, 0.0)
                    if not tried.any() or tried[place] == weights[place]:
                        continue
                    tried *= start.sum() / tried.sum()
                    found = value(tried)
                    if found.is_better_than(best):
                        weights, best, improved = tried, found, True
    return weights


def better(
    outcome: Callable[[float], Outcome], errors: float = SIGNIFICANT
) -> Callable[[float, float], bool]:
    """Return whether one option is better than another by so many standard errors."""
    return lambda one, other: outcome(one).is_better_than(outcome(other), errors)


def climb(
    options: Sequence[float], start: float, is_better: Callable[[float, float], bool]
) -> float:
    """Return the option, reached step by step from `start`, that no neighbour is better than.

    Parameters
    ----------
    options : sequence of float
        In their order.
    start : float
        One of them.
    is_better : callable
        Whether the first option is better than the second.

    Returns
    -------
    float
    """
    place = options.index(start)
    improved = True
    while improved:
        improved = False
        for near in (place - 1, place + 1):
            if 0 <= near < len(options) and is_better(options[near], options[place]):
                place, improved = near, True
                break
    return options[place]
