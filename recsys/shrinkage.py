"""How far to trust the model against popularity, by how many films somebody likes."""

from dataclasses import dataclass

_POWER = 1.5


@dataclass(frozen=True)
class Shrinkage:
    """alpha(n) = n^1.5 / (n^1.5 + half^1.5): 0 for a stranger, towards 1 as likes come in.

    With a power of 1 people of many likes were trusted too late, and their lists had fewer
    different films (see docs/quality.md).

    Attributes
    ----------
    half : float
        The number of likes at which the model has half of the score.
    """

    half: float

    def alpha(self, likes: int) -> float:
        """The model's share for somebody with so many likes."""
        return float(likes**_POWER / (likes**_POWER + self.half**_POWER)) if likes else 0.0


@dataclass(frozen=True)
class Validation:
    """How good a model of this kind is for people it was not trained on.

    Attributes
    ----------
    people : int
    gain : float
        NDCG@5 as a multiple of popularity's, the mean over the numbers of first likes.
    """

    people: int
    gain: float
