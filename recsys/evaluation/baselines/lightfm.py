"""LightFM (Kula 2015, https://arxiv.org/abs/1507.08439), as the old service had it and better."""

from typing import Any

import numpy as np
import pandas as pd

from recsys.data.features import catalogue
from recsys.evaluation.baselines.scored import ByScores, KnownOrPopular, Matrix, Scores, liked
from recsys.evaluation.baselines.tuning import Grid, Tuned, tuned
from recsys.evaluation.contenders import Training, popularity
from recsys.models.lightfm_features import film_features, lightfm_features, lightfm_interactions

_GRID = Grid(
    {
        "epochs": (5, 10, 15, 20, 30, 40, 60),
        "factors": (8, 16, 32, 64, 128),
        "learning_rate": (0.01, 0.02, 0.05, 0.1),
    },
    {"epochs": 15, "factors": 16, "learning_rate": 0.05},
)


def lightfm_old(training: Training) -> KnownOrPopular:
    """Train LightFM as the old service had it: WARP, every rating a positive, no features."""
    return _lightfm(training, training.ratings, with_genres=False, epochs=30)


def lightfm_genres(training: Training) -> Tuned:
    """Train LightFM: WARP on likes, with the identity, genres and half-decade of films."""
    return tuned(training, _lightfm_genres, _GRID)


def _lightfm_genres(training: Training, **options: Any) -> KnownOrPopular:
    return _lightfm(training, liked(training.ratings), with_genres=True, **options)


def _lightfm(
    training: Training,
    positives: pd.DataFrame,
    *,
    with_genres: bool,
    epochs: int,
    factors: int = 32,
    learning_rate: float = 0.05,
) -> KnownOrPopular:
    from lightfm import LightFM

    films = catalogue(training.movies)
    numbers, rows = np.unique(positives["user_id"].to_numpy(), return_inverse=True)
    columns = np.searchsorted(films.movie_ids, positives["movie_id"].to_numpy(np.int32))
    interactions = lightfm_interactions(rows, columns, (len(numbers), len(films.movie_ids)))
    features = lightfm_features(film_features(films)) if with_genres else None
    model = LightFM(factors, loss="warp", learning_rate=learning_rate, random_state=training.seed)
    model.fit(interactions, item_features=features, epochs=epochs, num_threads=1)
    biases, vectors = model.get_item_representations(features)
    persons = model.get_user_representations()[1]
    place = {int(number): row for row, number in enumerate(numbers)}

    def scores(_likes: Matrix, people: list[int]) -> Scores:
        return np.asarray(persons[[place[person] for person in people]] @ vectors.T + biases)

    return KnownOrPopular(ByScores(films.movie_ids, scores), frozenset(place), popularity(training))
