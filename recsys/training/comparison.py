"""What weights of the stages are worth to people whose likes are known in part."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys.data.dataset import Likes
from recsys.models.model import Model
from recsys.training.candidates import Candidates, Question, candidates_of, scores_of_stages
from recsys.training.search import Outcome
from recsys.training.spreads import people_of, scaled

Ints = NDArray[np.int64]
Doubles = NDArray[np.float64]

# Held-out people are known by so many of their first likes.
_FIRST_LIKES = (1, 3, 5, 10)

# What known people count against people with few likes: a judgement, not chosen on data.
_OF_KNOWN = 2 / 3

_EXAMPLES = 100


@dataclass(frozen=True, eq=False)
class Comparison:
    """The candidates of known people, and of others by their first likes.

    Attributes
    ----------
    stages : list of Model
        Scaled to a standard deviation of 1.
    known, others : Candidates
    whose : int64 array (rows of others,)
        The person of each.
    examples : list of int64 array
        The likes of some people, for standard deviations.
    """

    stages: list[Model]
    known: Candidates
    others: Candidates
    whose: Ints
    examples: list[Ints]

    @classmethod
    def of(
        cls,
        stages: Sequence[Model],
        likes: Likes,
        known: Sequence[Question],
        people: Sequence[Ints],
        oldest: float,
    ) -> "Comparison":
        """Score the candidates with likes that weigh `oldest` at least.

        Parameters
        ----------
        stages : sequence of Model
            Each has one stage (`recsys.training.spreads.alone`).
        likes : Likes
            What the stages learned from.
        known : sequence of Question
        people : sequence of int64 array
            The likes of others, oldest first.
        oldest : float

        Returns
        -------
        Comparison
        """
        counts = likes.counts_of(len(stages[0].movie_ids))
        learned_from = people_of(likes)
        scales = [scaled(stage, learned_from, oldest) for stage in stages]
        asked = [
            (person, Question(films[:n], films[n:]))
            for person, films in enumerate(people)
            for n in _FIRST_LIKES
            if len(films) > n
        ]
        return cls(
            scales,
            candidates_of(scales, known, counts),
            candidates_of(scales, [each for _, each in asked], counts),
            np.array([person for person, _ in asked]),
            [each.liked for each in known[:_EXAMPLES]],
        )

    def means(self, weights: Doubles, discount: float) -> Doubles:
        """Return the means of `Candidates.metrics` of known people and of others: (2, 3)."""
        both = self.known, self.others
        return np.array([each.metrics(weights, discount).mean(axis=1) for each in both])

    def value(self, weights: Doubles, discount: float, units: Doubles) -> Outcome:
        """Return the mean of known people's metrics, and others' IPS-NDCG@5.

        Others' NDCG would reward lists of what everybody rates first (docs/quality.md).

        Parameters
        ----------
        weights : float64 array (stages,)
        discount : float
        units : float64 array (2, 3)
            What is worth 1: `means` of the weights that others are compared with.

        Returns
        -------
        Outcome
        """
        units = np.where(units > 0, units, 1.0)
        known = (self.known.metrics(weights, discount) / units[0][:, None]).mean(axis=0)
        others = self.others.metrics(weights, discount)[-1] / units[1, -1]
        of_each = np.bincount(self.whose, others) / np.maximum(np.bincount(self.whose), 1)
        return Outcome((known, of_each), (_OF_KNOWN, 1 - _OF_KNOWN))

    def spread(self, weights: Doubles, first: int) -> float:
        """Return the standard deviation over films of some stages together, from `first` on."""
        scores = scores_of_stages(self.stages[first : first + len(weights)], self.examples)
        return float(np.tensordot(weights, scores, axes=1).std(axis=1).mean())
