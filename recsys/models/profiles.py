"""Profiles: what each rating of a person counts in each stage of a model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys.data.features import history_weights, recency_weights
from recsys.data.history import NOT_INTERESTED, Opinions
from recsys.models.blend import STAGES, Blend
from recsys.models.styles import DEFAULT_STYLE, Style

# A disliked film counts by how far its stars are below this, in units of the other: two stars, and
# no interest, are 1.
_NEUTRAL, _UNIT = 3.5, 1.5

# What a disliked film of 2 stars takes from the score of each other film of its series.
_OF_ITS_SERIES = 1.0


@dataclass(frozen=True)
class Profile:
    """Somebody's ratings, weighed.

    Attributes
    ----------
    rated : int64 array
        Indices of films that are not recommended.
    told : int64 array (n,)
        Indices of the liked films, oldest first, and then of the disliked ones.
    n_likes : int
        How many of `told` are liked.
    weights : float64 array (n, stages)
        What each counts in each of `recsys.models.blend.STAGES`; disliked films less than nothing.
    of_series : float64 array (n,)
        What each adds to the score of a film of its series: disliked ones less than nothing.
    bias : float
        What the films' own biases count.
    is_cold : bool
        Whether nothing that is liked says anything: of strangers, and before the first training.
    style : Style
    """

    rated: NDArray[np.int64]
    told: NDArray[np.int64]
    n_likes: int
    weights: NDArray[np.float64]
    of_series: NDArray[np.float64]
    bias: float
    is_cold: bool
    style: Style = DEFAULT_STYLE


def profile_of(opinions: Opinions, blend: Blend, style: Style = DEFAULT_STYLE) -> Profile:
    """What each film counts in each stage.

    The squares of the likes' weights add up to 1 before the blend scales them, so that the newest
    count most; m disliked films weigh 1/√m each, more the fewer stars they have.
    """
    n, m = len(opinions.liked), len(opinions.disliked)
    weights = np.zeros((n + m, len(STAGES)))
    of_series = np.zeros(n + m)
    bias, is_cold = 0.0, True
    if n:
        scales = blend.scales(n)
        bias, is_cold = float(scales[0]), not scales.any()
        weights[:n, :-1] = history_weights(n)[:, None] * scales[:-1]
        weights[:n, -1] = recency_weights(n) * scales[-1]
    if m:
        stars = opinions.stars
        severity = np.where(stars > NOT_INTERESTED, (_NEUTRAL - stars) / _UNIT, 1.0)
        against = -blend.dislikes / np.sqrt(m) * blend.scales(m)[:-1]
        weights[n:, :-1] = severity[:, None] * against
        of_series[n:] = -_OF_ITS_SERIES * severity
    told = np.concatenate([opinions.liked, opinions.disliked]) if m else opinions.liked
    return Profile(opinions.rated, told, n, weights, of_series, bias, is_cold, style)
