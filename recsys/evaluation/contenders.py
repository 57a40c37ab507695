"""The models that are compared: their names, training and lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from typing import Protocol

import pandas as pd

from db.scale import LIKE
from i18n.language import Text
from recsys.evaluation.splits import Case
from recsys.models.model import Model
from recsys.models.styles import DEFAULT_STYLE, Style
from recsys.training.fit import fit

OURS = "Five Films"
OTHER_STYLES: dict[str, Style] = {
    "Five Films, well-known": "popular",
    "Five Films, adventurous": "adventurous",
}
POPULARITY = "Popularity"


class CannotTrainError(RuntimeError):
    """A contender can't be trained here; its text says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, eq=False)
class Training:
    """All the data that a contender may learn from; compared by identity.

    `is_random` says how other ratings were held out, so that validation parts can be like that:
    at random, or the latest.
    """

    ratings: pd.DataFrame
    movies: pd.DataFrame
    seed: int
    is_random: bool = False


class Contender(Protocol):
    """A trained model."""

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        """Return the k best films that each person hasn't rated, the best first."""


Train = Callable[[Training], Contender]


@dataclass(frozen=True)
class OfModel:
    """A Five Films model, used as in serving: `Model.recommend`, including reasons."""

    model: Model
    style: Style = DEFAULT_STYLE

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        """Return the k best films for each person; see `Contender`."""
        return [
            [item.movie_id for item in self.model.recommend(case.history, k, style=self.style)]
            for case in cases
        ]


def ours(training: Training, style: Style = DEFAULT_STYLE) -> OfModel:
    """Train the model that Five Films serves, once for all styles."""
    return OfModel(_fitted(training), style)


STYLED: dict[str, Train] = {
    OURS: ours,
    **{name: partial(ours, style=style) for name, style in OTHER_STYLES.items()},
}


@dataclass(frozen=True)
class MostLiked:
    """The same films in the same order for every person."""

    movie_ids: list[int]

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        """Return the k best films for each person; see `Contender`."""
        listed = []
        for case in cases:
            rated = set(case.history["movie_id"])
            others = (film for film in self.movie_ids if film not in rated)
            listed.append(list(islice(others, k)))
        return listed


def popularity(training: Training) -> MostLiked:
    """Return the popularity baseline: films by number of likes, ties by film ID."""
    likes = training.ratings[training.ratings["rating"] >= LIKE]["movie_id"].value_counts()
    counts = likes.reindex(training.movies["movie_id"].sort_values(), fill_value=0)
    return MostLiked(counts.sort_values(ascending=False, kind="stable").index.tolist())


@lru_cache(maxsize=1)
def _fitted(training: Training) -> Model:
    return fit(training.ratings, training.movies, seed=training.seed)
