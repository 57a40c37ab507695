"""How the stages of a score are put together, by how many films somebody has told about."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

STAGES = ("lightfm", "genres", "item_item", "soon")
"""LightFM's factors, genres in common, weights between films, what is liked soon."""

KNOTS = (1, 2, 3, 5, 10, 20, 40, 80)
"""Numbers of likes at which the spread of each stage is measured."""


@dataclass(frozen=True)
class Blend:
    """The shares of the stages; all are brought to a spread of 1 over films before.

    What a stage says of all films spreads the wider the more films somebody likes, and each stage
    in its own way. Without its own spread for each number of likes, a stage that suits long
    histories would drown the others in short ones, or the other way round.

    Attributes
    ----------
    shares : tuple of float (stages,)
        Of `STAGES`, in their order.
    spreads : tuple of tuple of float (stages, knots)
        The standard deviation over films of what each stage says, at each of `KNOTS`, the mean
        over people; 0 for a stage that says nothing.
    dislikes : float
        How much a disliked film speaks against others, as a share of what a liked one says.
    """

    shares: tuple[float, ...]
    spreads: tuple[tuple[float, ...], ...]
    dislikes: float

    def scales(self, n: int) -> Doubles:
        """What each stage is multiplied with for n films: float64 array (stages,)."""
        return np.asarray(_scales(self, n))

    def only(self, stage: str) -> "Blend":
        """With the whole share for one stage."""
        shares = tuple(float(each == stage) for each in STAGES)
        return Blend(shares, self.spreads, self.dislikes)

    @classmethod
    def nothing(cls) -> "Blend":
        """Of stages that say nothing."""
        zeros = (0.0,) * len(STAGES)
        return cls(zeros, ((0.0,) * len(KNOTS),) * len(STAGES), 0.0)


@lru_cache(maxsize=1024)
def _scales(blend: Blend, n: int) -> Doubles:
    at = np.log(min(max(n, KNOTS[0]), KNOTS[-1]))
    spread = np.array([np.interp(at, np.log(KNOTS), each) for each in blend.spreads])
    shares = np.array(blend.shares)
    scales = np.divide(shares, spread, out=np.zeros(len(shares)), where=spread > 0)
    scales.flags.writeable = False  # it is kept
    return np.asarray(scales)


@dataclass(frozen=True)
class Validation:
    """How good a model of this kind is for people it was not trained on.

    Attributes
    ----------
    people : int
    ips_gain : float
        IPS-NDCG@5 as a multiple of popularity's, the mean over the numbers of first likes.
    """

    people: int
    ips_gain: float
