"""Scores of all films for a person: the sum of the stages."""

from collections.abc import Sequence

import numpy as np

from recsys.data.series import NO_SERIES
from recsys.models.factors import Floats
from recsys.models.profiles import Profile
from recsys.models.styles import emphasis
from recsys.models.weights import Weights

LIGHTFM, GENRES, ITEM_ITEM, SHORT_TERM = range(4)
"""Columns of `Profile.weights`, named by `recsys.models.blend.STAGES`."""


def scores_of_each(model: Weights, profiles: Sequence[Profile]) -> Floats:
    """Return the scores of all films for a few people: float32 array (people, films).

    For hundreds of people, use `recsys.models.batches`.
    """
    vectors = np.empty((len(profiles), model.film_vectors.shape[1]), np.float32)
    d = model.factors.item.shape[1]
    for vector, profile in zip(vectors, profiles, strict=True):
        vector[:d] = profile.weights[:, LIGHTFM] @ model.factors.history[profile.films]
        vector[d:-1] = profile.weights[:, GENRES] @ model.genre_directions[profile.films]
        vector[-1] = profile.bias
    scores = np.asarray(vectors @ model.film_vectors.T)
    for row, profile in zip(scores, profiles, strict=True):
        model.item_item.add_scores(row, profile.films, profile.weights[:, ITEM_ITEM])
        model.short_term.add_scores(row, profile.films, profile.weights[:, SHORT_TERM])
        add_popularity_and_series(model, row, profile)
    return scores


def add_popularity_and_series(model: Weights, scores: Floats, profile: Profile) -> None:
    """Add popularity in the person's style, and the penalties for series of disliked films."""
    appeal, factor = appeal_of(model, profile)
    scores += appeal if factor == 1 else appeal * np.float32(factor)
    disliked = profile.films[profile.n_likes :]
    if len(disliked):
        series = model.catalogue.series
        against = np.bincount(
            series[disliked] + 1,
            profile.of_series[profile.n_likes :],
            minlength=int(series.max()) + 2,
        )
        against[NO_SERIES + 1] = 0
        scores += against.astype(np.float32)[series + 1]


def appeal_of(model: Weights, profile: Profile) -> tuple[Floats, float]:
    """Return what the popularity of each film adds to its score, and the factor for it."""
    if profile.is_cold:
        return model.appeals.unknown[profile.style], 1.0
    return model.appeals.liking[profile.style], emphasis(profile.style, profile.n_likes)
