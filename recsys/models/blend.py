"""The blend: how the stages of a score are weighted, by the length of the history."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

STAGES = ("lightfm", "genres", "item_item", "short_term")
"""LightFM's factors, shared genres, item-item weights, the short-term model."""

KNOTS = (1, 2, 3, 5, 10, 20, 40, 80)
"""The numbers of likes at which the standard deviation of each stage is measured."""


@dataclass(frozen=True)
class Blend:
    """The shares of the stages, each scaled to a standard deviation of 1 over films before.

    The standard deviation of a stage's scores depends on the number of likes, differently for each
    stage. With a single scale, a stage that suits long histories would dominate in short ones, or
    the other way round.

    Attributes
    ----------
    shares : tuple of float (stages,)
        In the order of `STAGES`.
    spreads : tuple of tuple of float (stages, knots)
        The standard deviation of each stage's scores over films, at each of `KNOTS`, averaged over
        people; 0 for an empty stage.
    dislikes : float
        How much a disliked film counts against others, relative to how much a liked one counts
        for them.
    oldest : float
        The weight of a person's oldest likes relative to the newest.
    discount : float
        How much the popularity of a film is subtracted in the style "balanced".
    """

    shares: tuple[float, ...]
    spreads: tuple[tuple[float, ...], ...]
    dislikes: float
    oldest: float = 0.3
    discount: float = 0.12

    def scales(self, n: int) -> Doubles:
        """Return the factor of each stage for n films: float64 array (stages,)."""
        return np.asarray(_scales(self, n))

    def only(self, stage: str) -> "Blend":
        """Return a blend in which one stage has the whole share."""
        shares = tuple(float(each == stage) for each in STAGES)
        return replace(self, shares=shares)

    @classmethod
    def nothing(cls) -> "Blend":
        """Return a blend of empty stages."""
        zeros = (0.0,) * len(STAGES)
        return cls(zeros, ((0.0,) * len(KNOTS),) * len(STAGES), 0.0)


@lru_cache(maxsize=1024)
def _scales(blend: Blend, n: int) -> Doubles:
    at = np.log(min(max(n, KNOTS[0]), KNOTS[-1]))
    spread = np.array([np.interp(at, np.log(KNOTS), each) for each in blend.spreads])
    shares = np.array(blend.shares)
    scales = np.divide(shares, spread, out=np.zeros(len(shares)), where=spread > 0)
    scales.flags.writeable = False  # the array is cached
    return np.asarray(scales)


@dataclass(frozen=True)
class Validation:
    """The quality of a model trained the same way, for people it wasn't trained on.

    Attributes
    ----------
    people : int
        How many people were held out.
    ips_gain : float
        IPS-NDCG@5 as a multiple of the popularity baseline's, averaged over history lengths.
    """

    people: int
    ips_gain: float
