"""How far to trust the model against popularity, by how many films somebody likes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shrinkage:
    """alpha(n) = weight · n / (n + half): 0 for a stranger, towards `weight` as likes come in.

    Attributes
    ----------
    weight : float
        The model's share for somebody with very many likes, 0 to 1.
    half : float
        The number of likes at which the model has half of that share.
    """

    weight: float
    half: float

    def alpha(self, likes: int) -> float:
        """The model's share for somebody with so many likes."""
        return self.weight * likes / (likes + self.half) if likes else 0.0
