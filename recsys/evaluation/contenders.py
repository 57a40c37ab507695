"""What is compared: a name, how it is trained, and the lists it gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from recsys.dataset import LIKE
from recsys.evaluation.splits import Case
from recsys.fitting import fit
from recsys.model import Model
from recsys.popular import popular_model

OURS = "Five Films"
POPULARITY = "Popularity"


@dataclass(frozen=True)
class Training:
    """All that a contender may learn from."""

    ratings: pd.DataFrame
    movies: pd.DataFrame
    seed: int


class Contender(Protocol):
    """A trained model."""

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        """The k best films that each person has not rated, best first."""


Train = Callable[[Training], Contender]


@dataclass(frozen=True)
class OfModel:
    """A model of ours, asked as it is served: `Model.recommend`, reasons and all."""

    model: Model

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        """As in `Contender`."""
        return [[item.movie_id for item in self.model.recommend(case.history, k)] for case in cases]


def ours(training: Training) -> OfModel:
    """What the product trains and serves."""
    return OfModel(fit(training.ratings, training.movies, seed=training.seed))


def popularity(training: Training) -> OfModel:
    """The films that most people like, for everybody: what strangers are served."""
    likes = training.ratings[training.ratings["rating"] >= LIKE]["movie_id"].value_counts()
    counts = pd.DataFrame({"movie_id": likes.index, "likes": likes.to_numpy()})
    return OfModel(popular_model(training.movies, counts))
