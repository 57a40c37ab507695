"""What a training learns about a data set before it fits the model: its hyperparameters."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from recsys.data.parameters import Parameters

# Best on random splits of both data sets, seeds 7 and 8.
_WITHOUT_ORDER = (0.5, 0.15, 0.35, 0.0)
_RIDGE_WITHOUT_ORDER = 200.0


@dataclass(frozen=True)
class Learned:
    """Hyperparameters that `recsys.training.trial` chooses on a validation part of the likes.

    The defaults are for data with too few people to choose on. They were chosen on validation parts
    of the demo set and ml-latest-small (docs/quality.md), and every search starts from them.

    Attributes
    ----------
    oldest : float
        The weight of a person's oldest likes relative to the newest; 1 if all count alike.
    ridge, dropout, activity : float
        EASE's L2 penalty, its dropout (0 to 1, exclusive), and the exponent of the number of a
        person's likes by which the person counts (-0.5: people with many likes count less for
        each; 0: each like counts alike).
    shares : tuple of float (stages,)
        In the order of `recsys.models.blend.STAGES`; their sum is 1.
    next_share, after_share : float
        The shares of the next likes and of ordered co-occurrence within the item-item stage.
    next_ridge, short_term_ridge : float
        The L2 penalties of the regressions to the next likes and of the short-term stage.
    near_share : float
        The share of unordered co-occurrence within the short-term stage.
    discount : float
        How much the popularity of a film is subtracted in the style "balanced".
    dislikes : float
        How much a disliked film counts against others, relative to how much a liked one counts
        for them.
    """

    oldest: float = 0.3
    ridge: float = 100.0
    dropout: float = 0.0
    activity: float = 0.0
    shares: tuple[float, float, float, float] = (0.48, 0.18, 0.23, 0.11)
    next_share: float = 0.22
    after_share: float = 0.48
    next_ridge: float = 200.0
    short_term_ridge: float = 100.0
    near_share: float = 0.7
    discount: float = 0.12
    dislikes: float = 0.2

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> "Learned":
        """Return the hyperparameters that a model version's parameters have as `learned`.

        Older versions lack some, and were trained with the defaults of these.
        """
        return cls(**{**parameters, "shares": tuple(parameters["shares"])})

    def without_order(self) -> "Learned":
        """Return a copy for likes whose order means nothing: no stage and no weight uses it."""
        return replace(
            self,
            oldest=1.0,
            ridge=_RIDGE_WITHOUT_ORDER,
            shares=_WITHOUT_ORDER,
            next_share=0.0,
            after_share=0.0,
        )


def default(parameters: Parameters, *, is_ordered: bool) -> Learned:
    """Return the hyperparameters for data with too few people to learn them."""
    given = Learned(shares=parameters.shares, dislikes=parameters.dislikes)
    return given if is_ordered else given.without_order()
