"""What the stages say about the films that could be in a list, to compare weights of the stages.

Lists are measured for many weights, and each differs in a few films only. So the scores of all
films are computed once, and those are kept that any stage has among its best.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys.data.history import liking
from recsys.data.metrics import gains
from recsys.models.batches import scores_of_many
from recsys.models.factors import Floats
from recsys.models.model import Model
from recsys.models.profiles import profile_of
from recsys.models.ranking import best_of_each
from recsys.models.styles import scaled_popularity

Ints = NDArray[np.int64]
Doubles = NDArray[np.float64]

CUTS = (5, 20)
_BEST_OF_EACH_STAGE = 60
_PEOPLE_AT_ONCE = 64


@dataclass(frozen=True)
class Question:
    """A person whose likes are known in part.

    Attributes
    ----------
    liked : int64 array (likes,)
        The known likes, oldest first, as indices into the catalogue.
    relevant : int64 array (relevant,)
        The likes to find.
    """

    liked: Ints
    relevant: Ints


@dataclass(frozen=True, eq=False)
class Candidates:
    """The films that could be in the lists of some people; rows are padded.

    Attributes
    ----------
    scores : float32 array (people, candidates, stages)
        Each stage's scores, of a standard deviation of 1 over all films.
    popularity : float32 array (people, candidates)
        log(1 + likes), of a standard deviation of 1 over all films.
    is_film : bool array (people, candidates)
        False where a row is padded.
    is_relevant : bool array (people, candidates)
    ips : float32 array (people, candidates)
        The weights of hits for IPS-NDCG.
    n_relevant : int64 array (people,)
    best_ips : float64 array (people,)
        The gain of the best five.
    """

    scores: Floats
    popularity: Floats
    is_film: NDArray[np.bool_]
    is_relevant: NDArray[np.bool_]
    ips: Floats
    n_relevant: Ints
    best_ips: Doubles

    def metrics(self, weights: Doubles, discount: float) -> Doubles:
        """Return NDCG@5, NDCG@20 and IPS-NDCG@5 of each person: float64 array (3, people)."""
        total = self.scores @ weights.astype(np.float32) - np.float32(discount) * self.popularity
        total[~self.is_film] = -np.inf
        k = min(max(CUTS), total.shape[1])
        top = np.argpartition(-total, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(total, top, 1), axis=1, kind="stable")
        top = np.take_along_axis(top, order, 1)
        hits = np.take_along_axis(self.is_relevant, top, 1)
        found = [
            (hits[:, :cut] * gains(k)[:cut]).sum(axis=1)
            / np.cumsum(gains(cut))[np.minimum(cut, self.n_relevant) - 1]
            for cut in CUTS
        ]
        five = top[:, : CUTS[0]]
        weighed = hits[:, : CUTS[0]] * np.take_along_axis(self.ips, five, 1)
        found.append((weighed * gains(k)[: CUTS[0]]).sum(axis=1) / self.best_ips)
        return np.array(found)


def candidates_of(
    stages: Sequence[Model], questions: Sequence[Question], likes: NDArray[np.int64]
) -> Candidates:
    """Score the films that could be in the lists of some people.

    Parameters
    ----------
    stages : sequence of Model
        Each has one stage (`recsys.training.spreads.alone`).
    questions : sequence of Question
        At least one.
    likes : int64 array (films,)
        How many people like each film.

    Returns
    -------
    Candidates
    """
    popularity = scaled_popularity(likes).astype(np.float32)
    ips = (1 / np.sqrt((likes + 1) / (likes.max(initial=0) + 1))).astype(np.float32)
    kept = [each for block in _blocks(questions) for each in _of_block(stages, block)]
    longest = max(len(films) for films, _ in kept)
    shape = len(kept), longest
    found = Candidates(
        scores=np.zeros((*shape, len(stages)), np.float32),
        popularity=np.zeros(shape, np.float32),
        is_film=np.zeros(shape, np.bool_),
        is_relevant=np.zeros(shape, np.bool_),
        ips=np.zeros(shape, np.float32),
        n_relevant=np.array([len(each.relevant) for each in questions]),
        best_ips=np.array([_best_ips(ips[each.relevant]) for each in questions]),
    )
    for row, ((films, scores), question) in enumerate(zip(kept, questions, strict=True)):
        n = len(films)
        found.scores[row, :n] = scores
        found.popularity[row, :n] = popularity[films]
        found.is_film[row, :n] = True
        found.is_relevant[row, :n] = np.isin(films, question.relevant)
        found.ips[row, :n] = ips[films]
    return found


def scores_of_stages(stages: Sequence[Model], liked: Sequence[Ints]) -> Floats:
    """Return each stage's scores of all films: float32 array (stages, people, films)."""
    return np.stack(
        [
            scores_of_many(stage, [profile_of(liking(films), stage.blend) for films in liked])
            for stage in stages
        ]
    )


def _of_block(
    stages: Sequence[Model], questions: Sequence[Question]
) -> Iterator[tuple[Ints, Floats]]:
    """Yield each person's candidates and their scores: (candidates,), (candidates, stages)."""
    scores = scores_of_stages(stages, [each.liked for each in questions])
    best = []
    for of_stage in scores:
        eligible = of_stage.copy()
        for row, question in zip(eligible, questions, strict=True):
            row[question.liked] = -np.inf
        best.append(best_of_each(eligible, _BEST_OF_EACH_STAGE))
    for row, own in enumerate(zip(*best, strict=True)):
        films = np.unique(np.concatenate(own))
        yield films, np.ascontiguousarray(scores[:, row, films].T)


def _blocks(questions: Sequence[Question]) -> Iterator[Sequence[Question]]:
    for start in range(0, len(questions), _PEOPLE_AT_ONCE):
        yield questions[start : start + _PEOPLE_AT_ONCE]


def _best_ips(ips: Floats) -> float:
    heaviest = np.sort(ips)[::-1][: CUTS[0]]
    return float(heaviest @ gains(len(heaviest)))
