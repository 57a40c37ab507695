"""The choice of the hyperparameters of single regressions, each by its own lists.

EASE, the regression to the next likes and the short-term stage are ranked alone for people whose
likes are known in part. Their sums over people are computed once for all ridges.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recsys.data.features import find, recency_weights
from recsys.data.learned import Learned
from recsys.data.metrics import ndcg
from recsys.models.cooccurrence import cooccurrence
from recsys.models.factors import Floats, ItemItem
from recsys.models.item_item import Choices, blended, spread_over_films
from recsys.models.ranking import best_of_each
from recsys.models.regressions import ease, following_of_sums, following_sums, sparse_rows
from recsys.training.candidates import CUTS, Question
from recsys.training.search import Outcome, better, climb

Ints = NDArray[np.int64]
Doubles = NDArray[np.float64]

_RIDGES = (25.0, 50.0, 100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0)

# The options of each hyperparameter.
_OF_EASE = {
    "ridge": _RIDGES,
    "dropout": (0.0, 0.2, 0.4, 0.6),
    "activity": (-0.75, -0.5, -0.25, 0.0),
}
_OF_NEXT = {"next_ridge": _RIDGES}
_OF_SHORT_TERM = {
    "short_term_ridge": _RIDGES,
    "near_share": (0.0, 0.15, 0.3, 0.5, 0.7, 0.85, 1.0),
}

# Of the standard error. The lists of one regression change more with its hyperparameters than those
# of all stages together do, there are only two steps to choose from, and a needless one costs
# little (docs/quality.md).
_ERRORS = 1.5


@dataclass(frozen=True, eq=False)
class _Lists:
    """What is needed to rank films for people whose likes are known in part.

    Attributes
    ----------
    known : sequence of Question
    places : int64 array (films,)
        The films that have weights, as indices into the catalogue, ascending.
    liked : list of int64 array
        Each person's known likes among these, as indices into `places`.
    profiles : sparse array (people, films)
        The weights of these likes.
    """

    known: Sequence[Question]
    places: Ints
    liked: list[Ints]
    profiles: sparse.csr_array

    @classmethod
    def of(
        cls, known: Sequence[Question], places: Ints, of_likes: Callable[[int], Doubles]
    ) -> "_Lists":
        """Weight the known likes; `of_likes` returns the weights of n likes."""
        liked, weights = [], []
        for each in known:
            found, has_weights = find(each.liked, places.astype(np.int32))
            liked.append(found[has_weights])
            weights.append(of_likes(len(each.liked))[has_weights])
        return cls(known, places, liked, sparse_rows(liked, weights, len(places)))

    def scores(self, weights: Floats) -> Floats:
        """Return each person's scores: float32 array (people, films)."""
        return np.asarray(self.profiles @ weights, np.float32)

    def outcome(self, scores: Floats) -> Outcome:
        """Return the mean of each person's NDCG@5 and NDCG@20."""
        scores = scores.copy()
        for row, films in zip(scores, self.liked, strict=True):
            row[films] = -np.inf
        lists = [self.places[films].tolist() for films in best_of_each(scores, max(CUTS))]
        found = [
            [ndcg(listed, each.relevant.tolist(), cut) for cut in CUTS]
            for listed, each in zip(lists, self.known, strict=True)
        ]
        return Outcome((np.mean(found, axis=1),), (1.0,))


def choose_ease(
    known: Sequence[Question], places: Ints, histories: list[Ints], start: Learned
) -> tuple[Learned, float]:
    """Choose EASE's hyperparameters by its own NDCG for known people.

    Parameters
    ----------
    known : sequence of Question
    places : int64 array (films,)
        The films that have weights, as indices into the catalogue, ascending.
    histories : list of int64 array
        What to learn from: each person's likes, as indices into `places`.
    start : Learned

    Returns
    -------
    learned : Learned
    gain : float
        Relative to `start`.
    """
    lists = _Lists.of(known, places, np.ones)

    def outcome(ridge: float, dropout: float, activity: float) -> Outcome:
        return lists.outcome(lists.scores(ease(histories, len(places), ridge, dropout, activity)))

    return _chosen(_OF_EASE, outcome, start)


def choose_next(
    known: Sequence[Question], places: Ints, histories: list[Ints], start: Choices
) -> tuple[Learned, float, Floats]:
    """Choose the ridge of the next likes, in likes that have an order.

    Parameters
    ----------
    known : sequence of Question
    places : int64 array (films,)
    histories : list of int64 array
        As for `choose_ease`, oldest first.
    start : Choices

    Returns
    -------
    learned : Learned
    gain : float
        Relative to `start`.
    weights : float32 array (films, films)
        With that ridge.
    """
    lists = _Lists.of(known, places, start.of_likes)
    gram, moment = following_sums(histories, len(places), start.next)

    def outcome(next_ridge: float) -> Outcome:
        return lists.outcome(
            lists.scores(following_of_sums(gram.copy("K"), moment.copy("K"), next_ridge))
        )

    learned, gain = _chosen(_OF_NEXT, outcome, start.learned)
    return learned, gain, following_of_sums(gram, moment, learned.next_ridge)


def choose_short_term(
    known: Sequence[Question], places: Ints, histories: list[Ints], start: Choices
) -> tuple[Learned, float, ItemItem]:
    """Choose the ridge of the short-term stage and the share of co-occurrence in it.

    Parameters as for `choose_next`; the weights returned are those of the stage.
    """
    lists = _Lists.of(known, places, recency_weights)
    gram, moment = following_sums(histories, len(places), start.short_term)

    def scaled(weights: Floats) -> Floats:
        np.fill_diagonal(weights, 0)
        scores = lists.scores(weights)
        scores /= spread_over_films(weights, histories, recency_weights)
        return scores

    def near() -> Floats:
        return cooccurrence(histories, len(places), start.near_decay, ordered=False)

    @lru_cache(maxsize=3)  # where the climb is, and both neighbours
    def of_ridge(ridge: float) -> Floats:
        return scaled(following_of_sums(gram.copy("K"), moment.copy("K"), ridge))

    of_near = scaled(near())

    def outcome(short_term_ridge: float, near_share: float) -> Outcome:
        return lists.outcome((1 - near_share) * of_ridge(short_term_ridge) + near_share * of_near)

    learned, gain = _chosen(_OF_SHORT_TERM, outcome, start.learned)
    parts = iter(
        [
            (following_of_sums(gram, moment, learned.short_term_ridge), 1 - learned.near_share),
            (near(), learned.near_share),
        ]
    )
    return learned, gain, blended(places, parts, histories, recency_weights)


def _chosen(
    options: Mapping[str, Sequence[float]], outcome: Callable[..., Outcome], start: Learned
) -> tuple[Learned, float]:
    """Climb in one hyperparameter after the other.

    Parameters
    ----------
    options : dict of str to sequence of float
        Of each hyperparameter, in their order.
    outcome : callable
        Takes the hyperparameters by name.
    start : Learned

    Returns
    -------
    learned : Learned
    gain : float
        Relative to `start`.
    """
    outcome_of = cache(outcome)
    chosen = {name: asdict(start)[name] for name in options}
    before = outcome_of(**chosen).mean
    for name, of_name in options.items():

        def of_option(option: float, name: str = name) -> Outcome:
            return outcome_of(**{**chosen, name: option})

        chosen[name] = climb(of_name, chosen[name], better(of_option, _ERRORS))
    return replace(start, **chosen), outcome_of(**chosen).mean / before - 1 if before else 0.0
