"""Scores of all films for somebody: what the stages say, added up."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from recsys.history import History
from recsys.learned import Floats
from recsys.series import NO_SERIES
from recsys.styles import emphasis

if TYPE_CHECKING:
    from recsys.model import Model

LIGHTFM, GENRES, ITEM_ITEM, SOON = range(4)
"""Columns of `History.weights`, as `recsys.blend.STAGES` names them."""


def scores_of_each(model: "Model", pasts: Sequence[History]) -> Floats:
    """Every film's score for each of a few people: float32 array (people, films).

    `recsys.batches` is for hundreds.
    """
    vectors = np.empty((len(pasts), model.film_vectors.shape[1]), np.float32)
    d = model.factors.item.shape[1]
    for vector, past in zip(vectors, pasts, strict=True):
        vector[:d] = past.weights[:, LIGHTFM] @ model.factors.history[past.told]
        vector[d:-1] = past.weights[:, GENRES] @ model.told_genres[past.told]
        vector[-1] = past.bias
    scores = np.asarray(vectors @ model.film_vectors.T)
    for row, past in zip(scores, pasts, strict=True):
        model.item_item.add_scores(row, past.told, past.weights[:, ITEM_ITEM])
        model.soon.add_scores(row, past.told, past.weights[:, SOON])
        add_popularity_and_series(model, row, past)
    return scores


def add_popularity_and_series(model: "Model", scores: Floats, past: History) -> None:
    """Add what no stage says: the films' appeal in the style, and series of disliked films."""
    appeal, factor = appeal_of(model, past)
    scores += appeal if factor == 1 else appeal * np.float32(factor)
    disliked = past.told[past.n_likes :]
    if len(disliked):
        series = model.catalogue.series
        against = np.bincount(
            series[disliked] + 1, past.of_series[past.n_likes :], minlength=int(series.max()) + 2
        )
        against[NO_SERIES + 1] = 0
        scores += against.astype(np.float32)[series + 1]


def appeal_of(model: "Model", past: History) -> tuple[Floats, float]:
    """What the popularity of each film adds to its score, and how much of that."""
    if past.is_cold:
        return model.appeals.unknown[past.style], 1.0
    return model.appeals.liking[past.style], emphasis(past.style, past.n_likes)
