"""What is compared: a name, how it is trained, and the lists it gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Protocol

import pandas as pd

from recsys.dataset import LIKE
from recsys.evaluation.splits import Case
from recsys.fitting import fit
from recsys.model import Model
from recsys.popular import popular_model
from recsys.styles import DEFAULT_STYLE, Style

OURS = "Five Films"
OTHER_STYLES: dict[str, Style] = {
    "Five Films, well-known": "popular",
    "Five Films, adventurous": "adventurous",
}
POPULARITY = "Popularity"


@dataclass(frozen=True, eq=False)
class Training:
    """All that a contender may learn from; equal to itself alone."""

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
    style: Style = DEFAULT_STYLE

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        """As in `Contender`."""
        return [
            [item.movie_id for item in self.model.recommend(case.history, k, style=self.style)]
            for case in cases
        ]


def ours(training: Training, style: Style = DEFAULT_STYLE) -> OfModel:
    """What the product trains and serves; trained once for all styles."""
    return OfModel(_fitted(training), style)


STYLED: dict[str, Train] = {
    OURS: ours,
    **{name: partial(ours, style=style) for name, style in OTHER_STYLES.items()},
}


def popularity(training: Training) -> OfModel:
    """The films that most people like, for everybody: what strangers are served."""
    likes = training.ratings[training.ratings["rating"] >= LIKE]["movie_id"].value_counts()
    counts = pd.DataFrame({"movie_id": likes.index, "likes": likes.to_numpy()})
    return OfModel(popular_model(training.movies, counts))


@lru_cache(maxsize=1)
def _fitted(training: Training) -> Model:
    return fit(training.ratings, training.movies, seed=training.seed)
