"""The standard deviation of each stage's scores over films, by the number of likes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recsys.data.dataset import Likes
from recsys.data.history import liking
from recsys.models.batches import scores_of_many
from recsys.models.blend import KNOTS, STAGES, Blend
from recsys.models.model import Model
from recsys.models.profiles import profile_of

_PEOPLE = 100


def measure_spreads(model: Model, likes: Likes, oldest: float) -> tuple[tuple[float, ...], ...]:
    """Measure the standard deviation over films of each stage's scores.

    It is averaged over a sample of the people with at least as many likes, using their first ones.
    If nobody has that many, the value of the previous knot is used.

    Parameters
    ----------
    model : Model
        Its blend and popularity are ignored.
    likes : Likes
        The likes that it was trained on.
    oldest : float
        The weight of the oldest likes (`recsys.data.learned.Learned`).

    Returns
    -------
    tuple of tuple of float (stages, knots)
        For `Blend.spreads`.
    """
    people, single = people_of(likes), _like(model.in_single_precision(), model)
    return tuple(_measured(alone(single, stage, oldest), people) for stage in STAGES)


def people_of(likes: Likes) -> list[NDArray[np.int64]]:
    """Return each person's likes, oldest first."""
    return [likes.films[start:end] for start, end in pairwise(likes.bounds.tolist())]


def alone(model: Model, stage: str, oldest: float = 1.0) -> Model:
    """Return a model whose scores are those of one stage alone, as they are."""
    ones = ((1.0,) * len(KNOTS),) * len(STAGES)
    nobody, no_stars = np.zeros_like(model.likes), np.zeros_like(model.quality)
    blend = Blend((), ones, 0.0, oldest).only(stage)
    return _like(replace(model, blend=blend, likes=nobody, quality=no_stars), model)


def scaled(model: Model, people: list[NDArray[np.int64]], oldest: float) -> Model:
    """Return a model of one stage (`alone`) with scores of a standard deviation of 1."""
    blend = replace(model.blend, oldest=oldest)
    spread = _measured(_like(replace(model, blend=blend), model), people)
    blend = replace(blend, spreads=(spread,) * len(STAGES))
    return _like(replace(model, blend=blend), model)


def _like(changed: Model, model: Model) -> Model:
    """Return the changed model with the vectors of the other, which are the same and slow."""
    vars(changed)["film_vectors"] = model.film_vectors
    return changed


def _measured(model: Model, people: list[NDArray[np.int64]]) -> tuple[float, ...]:
    found: list[float] = []
    for n in KNOTS:
        long_enough = [films[:n] for films in people if len(films) >= n]
        some = long_enough[:: max(1, len(long_enough) // _PEOPLE)]
        found.append(_spread(model, some) if some else found[-1])
    return tuple(found)


def _spread(model: Model, some: list[NDArray[np.int64]]) -> float:
    profiles = [profile_of(liking(films), model.blend) for films in some]
    return float(scores_of_many(model, profiles).std(axis=1).mean())
