"""The choice of how much dislikes count, on people whose likes and dislikes are known in part."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from recsys.data.history import Opinions
from recsys.data.metrics import gains
from recsys.models.batches import rank_for_each
from recsys.models.model import Model
from recsys.models.profiles import profile_of
from recsys.training.candidates import CUTS, Question
from recsys.training.search import Outcome, better, climb

Ints = NDArray[np.int64]
Doubles = NDArray[np.float64]

_OPTIONS = (0.0, 0.1, 0.2, 0.4, 0.8)


@dataclass(frozen=True)
class Disliking:
    """A person whose likes and dislikes are known in part.

    Attributes
    ----------
    likes : Question
    disliked : int64 array (disliked,)
        The known dislikes, oldest first, as indices into the catalogue.
    stars : float64 array (disliked,)
    unwanted : int64 array (unwanted,)
        The dislikes that shouldn't be listed.
    """

    likes: Question
    disliked: Ints
    stars: Doubles
    unwanted: Ints

    @property
    def opinions(self) -> Opinions:
        """What the model is told."""
        rated = np.sort(np.concatenate([self.likes.liked, self.disliked]))
        return Opinions(rated, self.likes.liked, self.disliked, self.stars)

    def value(self, listed: Ints) -> float:
        """Return NDCG@5 and NDCG@20, averaged, where dislikes subtract what likes would add."""
        hits = np.isin(listed, self.likes.relevant) * 1.0 - np.isin(listed, self.unwanted)
        of_ranks = gains(max(*CUTS, len(hits)))
        found = [
            hits[:cut]
            @ of_ranks[: len(hits[:cut])]
            / of_ranks[: min(cut, len(self.likes.relevant))].sum()
            for cut in CUTS
        ]
        return float(np.mean(found))


def choose_dislikes(model: Model, people: Sequence[Disliking], start: float) -> tuple[float, float]:
    """Choose how much dislikes count.

    Parameters
    ----------
    model : Model
    people : sequence of Disliking
        Those without known dislikes say nothing.
    start : float
        Where the search starts.

    Returns
    -------
    weight : float
    gain : float
        Relative to `start`.
    """
    some = [each for each in people if len(each.disliked)]
    if not some:
        return start, 0.0

    @cache
    def outcome(weight: float) -> Outcome:
        weighed = replace(model, blend=replace(model.blend, dislikes=weight))
        profiles = [profile_of(each.opinions, weighed.blend) for each in some]
        lists = rank_for_each(weighed, profiles, max(CUTS))
        values = [each.value(films) for each, (films, _) in zip(some, lists, strict=True)]
        return Outcome((np.array(values),), (1.0,))

    weight = climb(sorted({*_OPTIONS, start}), start, better(outcome))
    before = outcome(start).mean
    return weight, outcome(weight).mean / before - 1 if before > 0 else 0.0
