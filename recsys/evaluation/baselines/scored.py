"""Baselines that score all films for a person; the best that the person hasn't rated are listed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from db.scale import LIKE
from recsys.data.features import find_known
from recsys.evaluation.contenders import Contender, Training
from recsys.evaluation.splits import Case
from recsys.models.ranking import best_films
from recsys.models.regressions import likes_matrix

Matrix = sparse.csr_array
Scores = NDArray[np.floating[Any]]

_AT_ONCE = 500


@dataclass(frozen=True)
class ByScores:
    """A baseline that scores all films for any person from the films they like.

    Attributes
    ----------
    movie_ids : int32 array (films,)
        Ascending. Ties between films are ordered by ID.
    scores : callable
        Takes likes (people, films), 1 for each like, and the people's IDs; returns scores (people,
        films).
    """

    movie_ids: NDArray[np.int32]
    scores: Callable[[Matrix, list[int]], Scores]

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        """Return the k best films for each person; see `Contender`."""
        listed = []
        for start in range(0, len(cases), _AT_ONCE):
            some = cases[start : start + _AT_ONCE]
            likes = _matrix([liked(case.history) for case in some], self.movie_ids)
            scores = self.scores(likes, [case.user_id for case in some])
            for case, own in zip(some, scores, strict=True):
                eligible = np.ones(len(own), dtype=bool)
                eligible[find_known(case.history["movie_id"].to_numpy(), self.movie_ids)] = False
                best = best_films(own.astype(np.float32), eligible, k)
                listed.append(self.movie_ids[best].tolist())
        return listed


@dataclass(frozen=True)
class KnownOrPopular:
    """A model that only knows people it was trained on: others get the popular films."""

    model: ByScores
    people: frozenset[int]
    popular: Contender

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        """Return the k best films for each person; see `Contender`."""
        own = iter(self.model.lists([case for case in cases if case.user_id in self.people], k))
        others = iter(
            self.popular.lists([case for case in cases if case.user_id not in self.people], k)
        )
        return [next(own if case.user_id in self.people else others) for case in cases]


def liked(ratings: pd.DataFrame) -> pd.DataFrame:
    """Return the ratings that are likes."""
    return ratings[ratings["rating"] >= LIKE]


def likes_of_people(training: Training) -> tuple[NDArray[np.int32], Matrix]:
    """Return the catalogue, ascending, and the likes: people by films, 1 for each like."""
    movie_ids = np.sort(training.movies["movie_id"].to_numpy(np.int32))
    people = [own for _, own in liked(training.ratings).groupby("user_id")]
    return movie_ids, _matrix(people, movie_ids)


def as_rectools(likes: pd.DataFrame) -> pd.DataFrame:
    """Return likes as RecTools' interactions."""
    return pd.DataFrame(
        {
            "user_id": likes["user_id"],
            "item_id": likes["movie_id"],
            "weight": 1.0,
            "datetime": likes["rated_at"].dt.tz_localize(None),
        }
    )


def _matrix(likes: list[pd.DataFrame], movie_ids: NDArray[np.int32]) -> Matrix:
    columns = [np.unique(find_known(own["movie_id"].to_numpy(), movie_ids)) for own in likes]
    return likes_matrix(columns, len(movie_ids))
