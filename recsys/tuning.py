"""Choose how far to trust the model, on people it was not trained on and on nothing else."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys.dataset import Likes
from recsys.features import fresh_weights, history_weights
from recsys.history import History
from recsys.metrics import ndcg
from recsys.model import Model
from recsys.shrinkage import Shrinkage, Validation

DEFAULT_HALF = 5.0

_HELD_OUT_SHARE = 0.2
_MOST_HELD_OUT = 500
_LEAST_PEOPLE = 50
_FIRST_LIKES = (1, 3, 5, 10, 20, 40)
_LEAST_LIKES = 11
_K = 5
_HALVES = (1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 50.0, 200.0)
_RESAMPLES = 100
_SAMPLE = 100


@dataclass(frozen=True)
class HeldOut:
    """Likes without some people, and those people's likes (film indices, oldest first)."""

    training: Likes
    people: list[NDArray[np.int64]]


def hold_out_people(likes: Likes, seed: int) -> HeldOut | None:
    """Take a fifth of all people out; None where there are too few to learn anything from."""
    if likes.n_people < _LEAST_PEOPLE:
        return None
    counts = np.bincount(likes.people, minlength=likes.n_people)
    long_enough = np.flatnonzero(counts >= _LEAST_LIKES)
    wanted = min(int(likes.n_people * _HELD_OUT_SHARE), _MOST_HELD_OUT, len(long_enough))
    if wanted < _LEAST_PEOPLE // 5:
        return None
    chosen = np.sort(np.random.default_rng(seed).choice(long_enough, wanted, replace=False))
    is_out = np.isin(likes.people, chosen)
    _, renumbered = np.unique(likes.people[~is_out], return_inverse=True)
    ends = np.cumsum(counts)
    return HeldOut(
        Likes(renumbered.astype(np.int64), likes.films[~is_out]),
        [likes.films[ends[person] - counts[person] : ends[person]] for person in chosen],
    )


def choose_shrinkage(model: Model, held_out: HeldOut) -> tuple[Shrinkage, Validation]:
    """The shrinkage with which people are served best, from their first like to their fortieth.

    Each person held out is known by their first 1, 3, … 40 likes in turn; their later likes are
    what should be found. Maximises NDCG@5, averaged over these stages, each relative to
    popularity's so that no stage outweighs the others. Without the long histories the choice often
    took too little trust for people with many likes.

    The mean of the best choices for resampled people (bagging: Breiman 1996,
    https://doi.org/10.1007/BF00058655), for the best one alone is much a matter of who was held
    out.
    """
    people = len(held_out.people)
    table = np.zeros((people, len(_FIRST_LIKES), len(_HALVES)))
    base = np.zeros((people, len(_FIRST_LIKES)))
    for person, films in enumerate(held_out.people):
        for stage, n in enumerate(_FIRST_LIKES):
            if len(films) <= n:
                break
            past = trusted(films[:n])
            personal, popular = model.scores(past), model.popularity
            base[person, stage] = _found(popular[None], films, n)[0]
            alphas = np.array([[Shrinkage(half).alpha(n)] for half in _HALVES], np.float32)
            table[person, stage] = _found((1 - alphas) * popular + alphas * personal, films, n)

    draws = np.random.default_rng(0).integers(people, size=(_RESAMPLES, people))
    halves = [
        _HALVES[int(_gains(table[drawn].sum(0), base[drawn].sum(0)).argmax())] for drawn in draws
    ]
    half = float(np.exp(np.mean(np.log(halves))))
    gain = np.interp(np.log(half), np.log(_HALVES), _gains(table.sum(0), base.sum(0)))
    return Shrinkage(round(half, 3)), Validation(people, round(float(gain), 4))


def _gains(table: NDArray[np.float64], base: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each half the mean over stages of NDCG relative to popularity's."""
    measured = base > 0
    if not measured.any():
        return np.zeros(table.shape[1])
    return np.asarray((table[measured] / base[measured, None]).mean(axis=0))


def _found(scores: NDArray[np.float32], films: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """NDCG of the best films by each row of scores, for somebody whose first n likes are known."""
    scores = scores.copy()
    scores[:, films[:n]] = -np.inf
    best = np.argpartition(-scores, _K, axis=1)[:, :_K]
    relevant = set(films[n:].tolist())
    return np.array(
        [
            ndcg(some[np.lexsort((some, -row[some]))].tolist(), relevant, _K)
            for row, some in zip(scores, best, strict=True)
        ]
    )


def trusted(films: NDArray[np.int64]) -> History:
    """The history of who likes these, oldest first, with nothing left to popularity."""
    n = len(films)
    return History(films, films, history_weights(n), fresh_weights(n), alpha=1.0)


def spread_of_scores(model: Model, likes: Likes) -> float:
    """The standard deviation of the model's own scores over films, averaged over some people."""
    counts = np.bincount(likes.people, minlength=likes.n_people)
    ends = np.cumsum(counts)
    every = max(1, likes.n_people // _SAMPLE)
    spreads = []
    for person in range(0, likes.n_people, every):
        films = likes.films[ends[person] - counts[person] : ends[person]]
        spreads.append(float(model.scores(trusted(films)).std()))
    return float(np.mean(spreads)) or 1.0
