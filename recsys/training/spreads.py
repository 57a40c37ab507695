"""The standard deviation of each stage's scores over films, by the number of likes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recsys.data.dataset import Likes
from recsys.models.blend import KNOTS, STAGES, Blend
from recsys.models.model import Model
from recsys.models.profiles import profile_of
from recsys.models.scoring import scores_of_each
from recsys.training.validation import liking

_PEOPLE = 100


def measure_spreads(model: Model, likes: Likes) -> tuple[tuple[float, ...], ...]:
    """Measure the standard deviation over films of each stage's scores.

    It is averaged over a sample of the people with at least as many likes, using their first ones.
    If nobody has that many, the value of the previous knot is used.

    Parameters
    ----------
    model : Model
        Its blend and popularity are ignored.
    likes : Likes
        The likes that it was trained on.

    Returns
    -------
    tuple of tuple of float (stages, knots)
        For `Blend.spreads`.
    """
    ends = np.cumsum(np.bincount(likes.people, minlength=likes.n_people)).tolist()
    people = [likes.films[start:end] for start, end in pairwise([0, *ends])]
    alone = _alone(model)
    found = np.zeros((len(STAGES), len(KNOTS)))
    for knot, n in enumerate(KNOTS):
        long_enough = [films[:n] for films in people if len(films) >= n]
        some = long_enough[:: max(1, len(long_enough) // _PEOPLE)]
        for stage, each in enumerate(alone):
            found[stage, knot] = _spread(each, some) if some else found[stage, knot - 1]
    return tuple(map(tuple, found.tolist()))


def _alone(model: Model) -> list[Model]:
    """Return a model for each stage, whose scores are those of the stage alone."""
    ones = ((1.0,) * len(KNOTS),) * len(STAGES)
    nobody, no_stars = np.zeros_like(model.likes), np.zeros_like(model.quality)
    models = [
        replace(model, blend=Blend((), ones, 0.0).only(stage), likes=nobody, quality=no_stars)
        for stage in STAGES
    ]
    vectors = models[0].film_vectors
    for each in models:
        vars(each)["film_vectors"] = vectors  # all models share them
    return models


def _spread(model: Model, some: list[NDArray[np.int64]]) -> float:
    profiles = [profile_of(liking(films), model.blend) for films in some]
    return float(np.mean([scores_of_each(model, [profile]).std() for profile in profiles]))
