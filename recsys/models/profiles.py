"""Profiles: the weight of each of a person's ratings in each stage of a model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys.data.features import history_weights, recency_weights
from recsys.data.history import NOT_INTERESTED, Opinions
from recsys.models.blend import STAGES, Blend
from recsys.models.styles import DEFAULT_STYLE, Style

# The severity of a dislike is (_NEUTRAL - stars) / _UNIT: 1 for two stars and "not interested".
_NEUTRAL, _UNIT = 3.5, 1.5

# What a disliked film of 2 stars subtracts from the scores of other films of its series.
_OF_ITS_SERIES = 1.0


@dataclass(frozen=True)
class Profile:
    """A history as a model reads it: films and their weights.

    Attributes
    ----------
    rated : int64 array (rated,)
        Indices of films that must not be recommended.
    films : int64 array (n,)
        Indices of the liked films, oldest first, then of the disliked ones.
    n_likes : int
        How many of `films` are liked.
    weights : float64 array (n, stages)
        The weight of each film in each of `recsys.models.blend.STAGES`, negative for disliked ones.
    of_series : float64 array (n,)
        What each film adds to the scores of films of its series, negative for disliked ones.
    bias : float
        The factor of the films' own biases.
    is_cold : bool
        Whether likes contribute nothing: cold start, or no training yet.
    style : Style
    """

    rated: NDArray[np.int64]
    films: NDArray[np.int64]
    n_likes: int
    weights: NDArray[np.float64]
    of_series: NDArray[np.float64]
    bias: float
    is_cold: bool
    style: Style = DEFAULT_STYLE


def profile_of(opinions: Opinions, blend: Blend, style: Style = DEFAULT_STYLE) -> Profile:
    """Build a profile from a person's ratings.

    The squared weights of likes add up to 1 before the blend scales them, and the newest likes
    count most. Each of m disliked films weighs 1/√m, and more with fewer stars.
    """
    n, m = len(opinions.liked), len(opinions.disliked)
    weights = np.zeros((n + m, len(STAGES)))
    of_series = np.zeros(n + m)
    bias, is_cold = 0.0, True
    if n:
        scales = blend.scales(n)
        bias, is_cold = float(scales[0]), not scales.any()
        weights[:n, :-1] = history_weights(n, blend.oldest)[:, None] * scales[:-1]
        weights[:n, -1] = recency_weights(n) * scales[-1]
    if m:
        stars = opinions.stars
        severity = np.where(stars > NOT_INTERESTED, (_NEUTRAL - stars) / _UNIT, 1.0)
        against = -blend.dislikes / np.sqrt(m) * blend.scales(m)[:-1]
        weights[n:, :-1] = severity[:, None] * against
        of_series[n:] = -_OF_ITS_SERIES * severity
    films = np.concatenate([opinions.liked, opinions.disliked]) if m else opinions.liked
    return Profile(opinions.rated, films, n, weights, of_series, bias, is_cold, style)
