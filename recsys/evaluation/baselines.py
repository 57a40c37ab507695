"""Baselines from libraries: LightFM, implicit (ALS, Item-kNN), RecTools (EASE, SASRec).

RecTools isn't among the app's dependencies, because it requires older versions of them:
requirements-peers.txt has it, and `make evaluate` installs that. `recsys.evaluation.libraries` says
what each needs.

Each learns from the data that suits it best: likes, except for LightFM as the old service had it.
All films are scored for a person; rated ones are left out, and the best are listed, ties by ID.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from db.scale import LIKE
from recsys.data.features import catalogue, find_known
from recsys.data.metrics import ndcg
from recsys.evaluation.contenders import Contender, Train, Training, popularity
from recsys.evaluation.splits import Case, per_user_temporal
from recsys.models.lightfm_features import film_features, lightfm_features, lightfm_interactions
from recsys.models.ranking import best_films
from recsys.models.regressions import likes_matrix
from recsys.training.baselines import cosine_similarities

Matrix = sparse.csr_array
Scores = NDArray[np.floating[Any]]

_EASE_RIDGES = (50.0, 100.0, 200.0, 400.0)
_AT_ONCE = 500


@dataclass(frozen=True)
class ByScores:
    """A baseline that scores all films for any person from the films they like.

    Attributes
    ----------
    movie_ids : int32 array (films,)
        Ascending.
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
            likes = _matrix([_liked(case.history) for case in some], self.movie_ids)
            scores = self.scores(likes, [case.user_id for case in some])
            for case, own in zip(some, scores, strict=True):
                eligible = np.ones(len(own), dtype=bool)
                eligible[find_known(case.history["movie_id"].to_numpy(), self.movie_ids)] = False
                best = best_films(own.astype(np.float32), eligible, k)
                listed.append(self.movie_ids[best].tolist())
        return listed


def als(training: Training) -> ByScores:
    """Train implicit-feedback ALS (Hu, Koren and Volinsky 2008) with 32 factors, alpha 5."""
    from implicit.als import AlternatingLeastSquares

    movie_ids, people = _people(training)
    with threadpool_limits(1, "blas"):  # recommended by implicit
        model = AlternatingLeastSquares(
            factors=32, alpha=5.0, random_state=training.seed, num_threads=1
        )
        model.fit(sparse.csr_matrix(people), show_progress=False)

    def scores(likes: Matrix, _people: list[int]) -> Scores:
        rows = np.arange(likes.shape[0])
        persons = model.recalculate_user(rows, sparse.csr_matrix(likes))
        return np.asarray(persons @ model.item_factors.T)

    return ByScores(movie_ids, scores)


def item_knn(training: Training) -> ByScores:
    """Train Item-kNN by implicit: cosine similarity of likes, 100 neighbours of each film."""
    movie_ids, people = _people(training)
    similarity = cosine_similarities(people)
    return ByScores(movie_ids, lambda likes, _people: (likes @ similarity).toarray())


def ease(training: Training) -> ByScores:
    """Train EASE (Steck 2019) by RecTools, with the best ridge on a validation part."""
    earlier = per_user_temporal(training.ratings)
    trial = Training(earlier.training, training.movies, training.seed)

    def found(ridge: float) -> float:
        lists = _ease(trial, ridge).lists(earlier.cases, 5)
        gains = [
            ndcg(listed, case.relevant, 5)
            for listed, case in zip(lists, earlier.cases, strict=True)
        ]
        return float(np.mean(gains))

    return _ease(training, max(_EASE_RIDGES, key=found))


def lightfm_old(training: Training) -> Contender:
    """Train LightFM as the old service had it: WARP, every rating a positive, no features."""
    return _lightfm(training, training.ratings, with_genres=False, epochs=30)


def lightfm_genres(training: Training) -> Contender:
    """Train LightFM: WARP on likes, with the identity, genres and half-decade of films."""
    return _lightfm(training, _liked(training.ratings), with_genres=True, epochs=20)


def sasrec(training: Training) -> Contender:
    """Train SASRec (Kang and McAuley 2018) by RecTools; needs PyTorch and Lightning."""
    from rectools.dataset import Dataset
    from rectools.models import SASRecModel
    from rectools.models.nn.transformers.sasrec import SASRecDataPreparator

    class Preparator(SASRecDataPreparator):  # type: ignore[misc]
        """RecTools' class with an array where pandas 3 no longer accepts a tuple."""

        item_extra_tokens = np.array(SASRecDataPreparator.item_extra_tokens, dtype=object)

    dataset = Dataset.construct(_as_rectools(_liked(training.ratings)))
    model = SASRecModel(
        n_factors=64,
        n_blocks=2,
        n_heads=2,
        session_max_len=50,
        epochs=20,
        lr=0.001,
        loss="softmax",
        dropout_rate=0.2,
        deterministic=True,
        data_preparator_type=Preparator,
        verbose=0,
    )
    model.fit(dataset)
    return _OfRecTools(model, dataset, popularity(training))


BASELINES: dict[str, Train] = {
    "LightFM, old": lightfm_old,
    "LightFM, genres": lightfm_genres,
    "ALS": als,
    "Item-kNN": item_knn,
    "EASE": ease,
    "SASRec": sasrec,
}


@dataclass(frozen=True)
class _KnownOrPopular:
    """A model that only knows people it was trained on: others get the popular films."""

    model: ByScores
    people: frozenset[int]
    popular: Contender

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        own = iter(self.model.lists([case for case in cases if case.user_id in self.people], k))
        others = iter(
            self.popular.lists([case for case in cases if case.user_id not in self.people], k)
        )
        return [next(own if case.user_id in self.people else others) for case in cases]


@dataclass(frozen=True)
class _OfRecTools:
    """A RecTools model that recommends to people it was trained on."""

    model: Any
    dataset: Any
    popular: Contender

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        people = set(self.dataset.user_id_map.external_ids)
        asked = [case.user_id for case in cases if case.user_id in people]
        most_rated = max((len(case.history) for case in cases), default=0)
        own: dict[int, list[int]] = {}
        if asked:
            table = self.model.recommend(
                asked,
                self.dataset,
                k=k + most_rated,
                filter_viewed=False,
                on_unsupported_targets="ignore",  # people with too few likes to learn an order
            )
            own = {
                int(str(person)): rows["item_id"].tolist()
                for person, rows in table.groupby("user_id", sort=False)
            }
        listed = []
        for case in cases:
            rated = set(case.history["movie_id"])
            films = [film for film in own.get(case.user_id, []) if film not in rated]
            listed.append(films[:k] or self.popular.lists([case], k)[0])
        return listed


def _ease(training: Training, ridge: float) -> ByScores:
    from rectools.dataset import Dataset
    from rectools.models import EASEModel

    movie_ids = np.sort(training.movies["movie_id"].to_numpy(np.int32))
    dataset = Dataset.construct(_as_rectools(_liked(training.ratings)))
    model = EASEModel(regularization=ridge)
    model.fit(dataset)
    columns = np.searchsorted(movie_ids, dataset.item_id_map.external_ids.astype(np.int32))
    weights = model.weight

    def scores(likes: Matrix, _people: list[int]) -> Scores:
        found = np.full(likes.shape, -np.inf, np.float32)
        found[:, columns] = likes[:, columns] @ weights
        return found

    return ByScores(movie_ids, scores)


def _lightfm(
    training: Training, positives: pd.DataFrame, *, with_genres: bool, epochs: int
) -> Contender:
    from lightfm import LightFM

    films = catalogue(training.movies)
    numbers, rows = np.unique(positives["user_id"].to_numpy(), return_inverse=True)
    columns = np.searchsorted(films.movie_ids, positives["movie_id"].to_numpy(np.int32))
    interactions = lightfm_interactions(rows, columns, (len(numbers), len(films.movie_ids)))
    features = lightfm_features(film_features(films)) if with_genres else None
    model = LightFM(no_components=32, loss="warp", random_state=training.seed)
    model.fit(interactions, item_features=features, epochs=epochs, num_threads=1)
    biases, factors = model.get_item_representations(features)
    persons = model.get_user_representations()[1]
    place = {int(number): row for row, number in enumerate(numbers)}

    def scores(_likes: Matrix, people: list[int]) -> Scores:
        return np.asarray(persons[[place[person] for person in people]] @ factors.T + biases)

    return _KnownOrPopular(
        ByScores(films.movie_ids, scores), frozenset(place), popularity(training)
    )


def _liked(ratings: pd.DataFrame) -> pd.DataFrame:
    return ratings[ratings["rating"] >= LIKE]


def _people(training: Training) -> tuple[NDArray[np.int32], Matrix]:
    """Return the catalogue and the matrix of likes: people by films."""
    movie_ids = np.sort(training.movies["movie_id"].to_numpy(np.int32))
    people = [own for _, own in _liked(training.ratings).groupby("user_id")]
    return movie_ids, _matrix(people, movie_ids)


def _matrix(likes: list[pd.DataFrame], movie_ids: NDArray[np.int32]) -> Matrix:
    columns = [np.unique(find_known(own["movie_id"].to_numpy(), movie_ids)) for own in likes]
    return likes_matrix(columns, len(movie_ids))


def _as_rectools(likes: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user_id": likes["user_id"],
            "item_id": likes["movie_id"],
            "weight": 1.0,
            "datetime": likes["rated_at"].dt.tz_localize(None),
        }
    )
