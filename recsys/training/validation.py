"""The quality of a model on held-out people."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys.data.dataset import Likes
from recsys.data.history import liking
from recsys.data.metrics import ips_ndcg
from recsys.models.blend import Validation
from recsys.models.model import Model
from recsys.models.profiles import profile_of
from recsys.models.ranking import best

_HELD_OUT_SHARE = 0.2
_MOST_HELD_OUT = 1_000
_MOST_MEASURED = 500
_LEAST_PEOPLE = 50
_FIRST_LIKES = (1, 3, 5, 10, 20, 40)
_LEAST_LIKES = 11
_K = 5


@dataclass(frozen=True)
class HeldOut:
    """People who are held out of a training.

    Attributes
    ----------
    training : Likes
        Those of the others, who are numbered anew.
    kept : int64 array (people,)
        The former number of each of the others.
    people : list of int64 array
        The likes of each held-out person (indices), oldest first.
    """

    training: Likes
    kept: NDArray[np.int64]
    people: list[NDArray[np.int64]]


def hold_out_people(likes: Likes, seed: int) -> HeldOut | None:
    """Hold out a fifth of all people; return None if there are too few for a useful result."""
    if likes.n_people < _LEAST_PEOPLE:
        return None
    bounds = likes.bounds
    long_enough = np.flatnonzero(np.diff(bounds) >= _LEAST_LIKES)
    wanted = min(int(likes.n_people * _HELD_OUT_SHARE), _MOST_HELD_OUT, len(long_enough))
    if wanted < _LEAST_PEOPLE // 5:
        return None
    chosen = np.sort(np.random.default_rng(seed).choice(long_enough, wanted, replace=False))
    kept = np.setdiff1d(np.arange(likes.n_people), chosen)
    return HeldOut(
        likes.of_people(kept),
        kept,
        [likes.films[bounds[person] : bounds[person + 1]] for person in chosen],
    )


def validate(model: Model, held_out: HeldOut) -> Validation:
    """Measure the model's lists for held-out people relative to the popularity baseline's.

    The first 1, 3, … 40 likes of each person are the history, and the later likes are relevant. The
    metric is IPS-NDCG@5, because plain NDCG would reward a model for listing films that everyone
    rates first anyway (docs/quality.md). At most 500 people are enough.
    """
    likes = dict(enumerate(model.likes.tolist()))
    most = max(likes.values(), default=0)
    popular = model.likes.astype(np.float32)
    found: dict[int, list[tuple[float, float]]] = {n: [] for n in _FIRST_LIKES}
    people = held_out.people[:: -(-len(held_out.people) // _MOST_MEASURED) or 1]
    for films in people:
        for n in _FIRST_LIKES:
            if len(films) <= n:
                break
            profile = profile_of(liking(films[:n]), model.blend)
            relevant = films[n:].tolist()
            mine, theirs = (
                ips_ndcg(_best(scores, films[:n]), relevant, likes, most, _K)
                for scores in (model.scores(profile), popular)
            )
            found[n].append((mine, theirs))
    sums = [np.sum(each, axis=0) for each in found.values() if each]
    gains = [mine / theirs for mine, theirs in sums if theirs > 0]
    gain = float(np.mean(gains)) if gains else 0.0
    return Validation(len(people), round(gain, 4))


def _best(scores: NDArray[np.float32], rated: NDArray[np.int64]) -> list[int]:
    scores = scores.copy()
    scores[rated] = -np.inf
    films: list[int] = best(scores, _K).tolist()
    return films
