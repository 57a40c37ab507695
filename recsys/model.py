"""A fitted model: numbers for films, and how they become lists. Needs numpy, not LightFM.

The score of a film for somebody with n liked films is

    (1 - a) · popularity + a · (bias + Σ wᵢ · ((history factor of liked film i) · (film's factors)
                                               + (item-item weight from liked film i))
                                     + Σ vᵢ · (weight for soon from liked film i))

with a = a(n) from `recsys.shrinkage`, w and v from `recsys.features` (history and fresh weights), a
film's factors and bias the sums of those of its features (LightFM), and the weights of
`recsys.item_item`. It is linear in the liked films, so that the reasons given are the score, not a
story about it.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys import artefact
from recsys.features import NO_PERIOD, Catalogue, fresh_weights, history_weights
from recsys.genres import match_genre
from recsys.history import History, find, rated_and_liked, rated_and_liked_of_each
from recsys.learned import Factors, Floats, ItemItem
from recsys.ranking import best_films
from recsys.results import Parts, Recommendation, UnknownMovie, strongest_of_each
from recsys.shrinkage import Shrinkage, Validation


@dataclass(frozen=True)
class Model:
    """Recommends films to anybody, from their history alone.

    Attributes
    ----------
    catalogue : Catalogue
    factors : Factors
    popularity : float32 array (films,)
    shrinkage : Shrinkage
    parameters : dict
        What it was trained with.
    item_item, soon : ItemItem
        What likes say of other films, and what the newest say of the very next ones.
    map : float32 array (films, 2)
        Where films stand in a picture of the factors; NaN for those that aren't in it.
    validation : Validation or None
        What was found on people held out; None where there were too few.
    """

    catalogue: Catalogue
    factors: Factors
    popularity: Floats
    shrinkage: Shrinkage
    parameters: dict[str, Any]
    item_item: ItemItem
    soon: ItemItem
    map: Floats
    validation: Validation | None = None

    @property
    def movie_ids(self) -> NDArray[np.int32]:
        """The films' numbers, ascending."""
        return self.catalogue.movie_ids

    @property
    def genres(self) -> list[str]:
        """The genres that can be asked for."""
        return self.catalogue.genres

    @cached_property
    def film_vectors(self) -> Floats:
        """Films by d + 2: a score is its product with a person's factors, alpha and 1 - alpha."""
        mask = self.catalogue.genre_mask.astype(np.float32)
        factors, d = self.factors, self.factors.item.shape[1]
        vectors = np.empty((len(self.movie_ids), d + 2), np.float32)
        vectors[:, :d] = factors.item + mask @ factors.genre + self._of_period(factors.period)
        biases = factors.item_bias + mask @ factors.genre_bias
        vectors[:, d] = biases + self._of_period(factors.period_bias)
        vectors[:, d + 1] = self.popularity
        return vectors

    @property
    def film_factors(self) -> Floats:
        """Films by d: the sum of each film's features' factors."""
        return self.film_vectors[:, :-2]

    @property
    def film_biases(self) -> Floats:
        """Films: the sum of each film's features' biases."""
        return self.film_vectors[:, -2]

    def recommend(
        self,
        history: pd.DataFrame,
        k: int = 5,
        genre: str | None = None,
        exclude: Collection[int] = (),
        only: Collection[int] | None = None,
    ) -> list[Recommendation]:
        """The k films with the best scores, ties by film number.

        Parameters
        ----------
        history : DataFrame
            movie_id, rating, rated_at; may be empty. Films the model doesn't know are ignored.
        k : int
            How many; the list is shorter only when no more films are eligible.
        genre : str, optional
            Only films of this genre, in any spelling.
        exclude : collection of int
            More films not to recommend.
        only : collection of int, optional
            The films that may be recommended.

        Raises
        ------
        recsys.genres.UnknownGenre
            When no film has this genre.
        """
        past = self.read_history(history)
        scores = self.scores(past)
        eligible = np.full(len(scores), only is None)
        if only is not None:
            eligible[self._indices(np.array(list(only), dtype=np.int64))] = True
        if genre is not None:
            column = self.genres.index(match_genre(genre, self.genres))
            eligible &= self.catalogue.genre_mask[:, column]
        eligible[past.rated] = False
        eligible[self._indices(np.array(list(exclude), dtype=np.int64))] = False
        films = best_films(scores, eligible, k)
        return self._with_reasons(past, films, scores[films])

    def recommend_many(
        self, histories: Sequence[pd.DataFrame], k: int = 5
    ) -> list[list[Recommendation]]:
        """Lists for many people, in their order; `recommend` for each, much faster.

        Scores may differ in their last digit, for they are added up in another order.
        """
        from recsys.batches import rank_for_each  # scipy, which one list doesn't need

        pasts = self.read_histories(histories)
        return [
            self._with_reasons(past, films, scores)
            for past, (films, scores) in zip(pasts, rank_for_each(self, pasts, k), strict=True)
        ]

    def similar(self, movie_id: int, k: int = 5) -> list[Recommendation]:
        """The k films whose factors point the same way (cosine, -1 to 1), without reasons.

        Raises
        ------
        UnknownMovie
            When the model doesn't know the film.
        """
        index = self._indices(np.array([movie_id]))
        if not len(index):
            raise UnknownMovie(movie_id)
        lengths = np.linalg.norm(self.film_factors, axis=1)
        lengths[lengths == 0] = 1
        cosine = self.film_factors @ self.film_factors[index[0]] / lengths / lengths[index[0]]
        eligible = np.ones(len(cosine), dtype=bool)
        eligible[index] = False
        return [
            Recommendation(int(self.movie_ids[film]), float(cosine[film]), [])
            for film in best_films(cosine, eligible, k)
        ]

    def read_history(self, history: pd.DataFrame) -> History:
        """Number the films of a history and weigh its likes."""
        return self._history(*rated_and_liked(history, self.movie_ids))

    def read_histories(self, histories: Sequence[pd.DataFrame]) -> list[History]:
        """As `read_history`, for each of many."""
        read = rated_and_liked_of_each(histories, self.movie_ids)
        return [self._history(rated, liked) for rated, liked in read]

    def _history(self, rated: NDArray[np.int64], liked: NDArray[np.int64]) -> History:
        alpha = self.shrinkage.alpha(len(liked)) if self.factors.history.size else 0.0
        n = len(liked)
        return History(rated, liked, alpha * history_weights(n), alpha * fresh_weights(n), alpha)

    def scores(self, past: History) -> Floats:
        """Every film's score for somebody, in the order of `movie_ids`."""
        person = past.weights @ self.factors.history[past.liked]
        vector = np.concatenate([person, [past.alpha, 1 - past.alpha]]).astype(np.float32)
        scores = np.asarray(self.film_vectors @ vector)
        self.item_item.add_scores(scores, past.liked, past.weights)
        self.soon.add_scores(scores, past.liked, past.fresh)
        return scores

    def parts(self, past: History, films: NDArray[np.int64]) -> Parts:
        """What the scores of these films (indices) are made of."""
        factors = self.factors
        liked = factors.history[past.liked].astype(np.float64) * past.weights[:, None]
        person = liked.sum(axis=0)
        genres = self.catalogue.genre_mask[films].astype(np.float64)
        period = factors.period @ person + past.alpha * factors.period_bias
        bias = past.alpha * factors.item_bias[films].astype(np.float64)
        return Parts(
            liked=factors.item[films].astype(np.float64) @ liked.T
            + self.item_item.parts(films, past.liked) * past.weights
            + self.soon.parts(films, past.liked) * past.fresh,
            genre=genres @ (factors.genre @ person + past.alpha * factors.genre_bias),
            period=self._of_period(period, films),
            popularity=(1 - past.alpha) * self.popularity[films].astype(np.float64) + bias,
        )

    def in_single_precision(self) -> "Model":
        """The same model for who asks it often: lists come faster, weights are twice as large."""
        return replace(
            self,
            item_item=self.item_item.in_single_precision(),
            soon=self.soon.in_single_precision(),
        )

    def to_bytes(self) -> bytes:
        """The artefact: the same bytes for the same model."""
        facts = {
            "genres": self.genres,
            "periods": self.catalogue.periods,
            "shrinkage": asdict(self.shrinkage),
            "parameters": self.parameters,
            "validation": None if self.validation is None else asdict(self.validation),
        }
        return artefact.pack(self._arrays(), facts)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Model":
        """Read an artefact.

        Raises
        ------
        recsys.artefact.ArtefactError
            When the bytes are damaged, or of another format.
        """
        arrays, facts = artefact.unpack(data)
        try:
            validation = facts["validation"]
            model = cls(
                Catalogue(
                    arrays["movie_ids"],
                    facts["genres"],
                    arrays["genre_mask"],
                    facts["periods"],
                    arrays["period"],
                ),
                Factors(**{each.name: arrays[f"factors_{each.name}"] for each in fields(Factors)}),
                arrays["popularity"],
                Shrinkage(**facts["shrinkage"]),
                facts["parameters"],
                ItemItem(arrays["item_item_films"], arrays["item_item_weights"]),
                ItemItem(arrays["soon_films"], arrays["soon_weights"]),
                arrays["map"],
                None if validation is None else Validation(**validation),
            )
        except (KeyError, TypeError) as error:
            raise artefact.ArtefactError(f"the artefact lacks a part: {error}") from error
        artefact.check_shapes(model._arrays(), model._shapes())
        return model

    def save(self, path: str | Path) -> None:
        """Write the artefact to a file."""
        Path(path).write_bytes(self.to_bytes())

    @classmethod
    def load(cls, path: str | Path) -> "Model":
        """Read the artefact from a file; errors as in `from_bytes`."""
        return cls.from_bytes(Path(path).read_bytes())

    def _arrays(self) -> artefact.Arrays:
        return {
            "movie_ids": self.movie_ids,
            "genre_mask": self.catalogue.genre_mask,
            "period": self.catalogue.period,
            "popularity": self.popularity,
            **{f"factors_{name}": array for name, array in vars(self.factors).items()},
            **{f"item_item_{name}": array for name, array in vars(self.item_item).items()},
            **{f"soon_{name}": array for name, array in vars(self.soon).items()},
            "map": self.map,
        }

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        films, genres, periods = len(self.movie_ids), len(self.genres), len(self.catalogue.periods)
        factors = self.factors.item.shape[-1]
        of_items, of_soon = len(self.item_item.films), len(self.soon.films)
        return {
            "genre_mask": (films, genres),
            "period": (films,),
            "popularity": (films,),
            "factors_item": (films, factors),
            "factors_item_bias": (films,),
            "factors_genre": (genres, factors),
            "factors_genre_bias": (genres,),
            "factors_period": (periods, factors),
            "factors_period_bias": (periods,),
            "factors_history": (films, factors),
            "item_item_weights": (of_items, of_items),
            "soon_weights": (of_soon, of_soon),
            "map": (films, 2),
        }

    def _of_period(
        self, values: NDArray[Any], films: NDArray[np.int64] | slice = slice(None)
    ) -> NDArray[Any]:
        """Each film's row of `values` (periods, …), zeros for a film without a year."""
        rows = np.concatenate([values, np.zeros((1, *values.shape[1:]), values.dtype)])
        period = self.catalogue.period[films]
        return np.asarray(rows[np.where(period == NO_PERIOD, len(values), period)])

    def _indices(self, movie_ids: NDArray[Any]) -> NDArray[np.int64]:
        """Where these films stand; those the model doesn't know are left out."""
        places, is_known = find(np.asarray(movie_ids, dtype=np.int64), self.movie_ids)
        return places[is_known]

    def _with_reasons(
        self, past: History, films: NDArray[np.int64], scores: Floats
    ) -> list[Recommendation]:
        parts = self.parts(past, films)
        reasons = strongest_of_each(self.movie_ids[past.liked], parts.liked, parts.positive())
        numbers = self.movie_ids[films].tolist()
        return [
            Recommendation(*each) for each in zip(numbers, scores.tolist(), reasons, strict=True)
        ]
