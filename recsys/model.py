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
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys import stored
from recsys.features import NO_PERIOD, Catalogue, fresh_weights, history_weights
from recsys.genres import match_genre
from recsys.history import (
    History,
    Rows,
    find,
    rated_and_liked,
    rated_and_liked_of_each,
    rows_of,
)
from recsys.learned import Factors, Floats, ItemItem
from recsys.parts import parts_of_each, with_reasons
from recsys.ranking import best
from recsys.results import Parts, Recommendation, UnknownMovie
from recsys.shrinkage import Shrinkage, Validation
from recsys.styles import DEFAULT_STYLE, Style


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
        """Films by d + 2: a score is its product with a person's factors, alpha and 1 - alpha.

        Column by column in memory, which BLAS multiplies with one person in half the time.
        """
        mask = self.catalogue.genre_mask.astype(np.float32)
        factors, d = self.factors, self.factors.item.shape[1]
        vectors = np.empty((len(self.movie_ids), d + 2), np.float32, order="F")
        vectors[:, :d] = factors.item + mask @ factors.genre + self._of_period(factors.period)
        biases = factors.item_bias + mask @ factors.genre_bias
        vectors[:, d] = biases + self._of_period(factors.period_bias)
        vectors[:, d + 1] = self.popularity
        return vectors

    @cached_property
    def _lengths(self) -> Floats:
        """Of each film's factors; 1 for those that are all zero."""
        lengths = np.linalg.norm(self.film_factors, axis=1)
        lengths[lengths == 0] = 1
        return np.asarray(lengths)

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
        style: Style = DEFAULT_STYLE,
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
        style : "popular", "balanced" or "adventurous"
            How far the popularity of films counts.

        Raises
        ------
        recsys.genres.UnknownGenre
            When no film has this genre.
        """
        past = self.read_history(history, style)
        scores = self.scores(past)
        if only is not None:
            eligible = np.zeros(len(scores), bool)
            eligible[self._indices(only)] = True
            scores[~eligible] = -np.inf
        if genre is not None:
            column = self.genres.index(match_genre(genre, self.genres))
            scores[~self.catalogue.genre_mask[:, column]] = -np.inf
        scores[past.rated] = -np.inf
        scores[self._indices(exclude)] = -np.inf
        films = best(scores, k)
        (listed,) = with_reasons(self, [past], [(films, scores[films])])
        return listed

    def recommend_many(
        self,
        histories: Sequence[pd.DataFrame] | pd.DataFrame,
        k: int = 5,
        exclude: Sequence[Collection[int]] | None = None,
        style: Style = DEFAULT_STYLE,
    ) -> list[list[Recommendation]]:
        """Lists for many people, in their order; `recommend` for each, much faster.

        The histories may be one frame too, with a column user_id; its people come by their number.
        `exclude` has each person's. Scores may differ in their last digit, for they are added up in
        another order.
        """
        from recsys.batches import recommend_for_each  # scipy, which one list doesn't need

        pasts = self.read_histories(histories, style)
        if exclude is not None:
            pasts = [self.without(*each) for each in zip(pasts, exclude, strict=True)]
        return list(recommend_for_each(self, pasts, k))

    def without(self, past: History, films: Collection[int]) -> History:
        """The same history for lists that have none of these films."""
        if not films:
            return past
        return replace(past, rated=np.union1d(past.rated, self._indices(films)))

    def similar(self, movie_id: int, k: int = 5) -> list[Recommendation]:
        """The k films whose factors point the same way (cosine, -1 to 1), without reasons.

        Raises
        ------
        UnknownMovie
            When the model doesn't know the film.
        """
        index = self._indices([movie_id])
        if not len(index):
            raise UnknownMovie(movie_id)
        lengths = self._lengths
        cosine = self.film_factors @ self.film_factors[index[0]] / lengths / lengths[index[0]]
        cosine[index] = -np.inf
        return [
            Recommendation(int(self.movie_ids[film]), float(cosine[film]), [])
            for film in best(cosine, k)
        ]

    def read_history(self, history: pd.DataFrame, style: Style = DEFAULT_STYLE) -> History:
        """Number the films of a history and weigh its likes."""
        del style
        return self._history(*rated_and_liked(history, self.movie_ids))

    def read_histories(
        self, histories: Sequence[pd.DataFrame] | pd.DataFrame, style: Style = DEFAULT_STYLE
    ) -> list[History]:
        """As `read_history`, for each of many."""
        return self.read_rows(rows_of(histories), style)

    def read_rows(self, rows: Rows, style: Style = DEFAULT_STYLE) -> list[History]:
        """The same without frames, for which pandas takes its time."""
        del style
        read = rated_and_liked_of_each(rows, self.movie_ids)
        return [self._history(rated, liked) for rated, liked in read]

    def _history(self, rated: NDArray[np.int64], liked: NDArray[np.int64]) -> History:
        alpha = self.shrinkage.alpha(len(liked)) if self.factors.history.size else 0.0
        n = len(liked)
        return History(rated, liked, alpha * history_weights(n), alpha * fresh_weights(n), alpha)

    def scores(self, past: History) -> Floats:
        """Every film's score for somebody, in the order of `movie_ids`."""
        return np.asarray(self.scores_of_each([past])[0])

    def scores_of_each(self, pasts: Sequence[History]) -> Floats:
        """As `scores`, a row for each of a few people; `recsys.batches` is for hundreds."""
        vectors = np.empty((len(pasts), self.film_vectors.shape[1]), np.float32)
        for vector, past in zip(vectors, pasts, strict=True):
            vector[:-2] = past.weights @ self.factors.history[past.liked]
            vector[-2:] = past.alpha, 1 - past.alpha
        scores = np.asarray(vectors @ self.film_vectors.T)
        for row, past in zip(scores, pasts, strict=True):
            self.item_item.add_scores(row, past.liked, past.weights)
            self.soon.add_scores(row, past.liked, past.fresh)
        return scores

    def parts(self, past: History, films: NDArray[np.int64]) -> Parts:
        """What the scores of these films (indices) are made of."""
        return parts_of_each(self, [past], films[None])

    def in_single_precision(self) -> "Model":
        """The same model for who asks it often: lists come faster, weights are twice as large."""
        return replace(
            self,
            item_item=self.item_item.in_single_precision(),
            soon=self.soon.in_single_precision(),
        )

    def to_bytes(self) -> bytes:
        """The artefact: the same bytes for the same model."""
        return stored.to_bytes(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Model":
        """Read an artefact.

        Raises
        ------
        recsys.artefact.ArtefactError
            When the bytes are damaged, or of another format.
        """
        model = cls(**stored.fields_of(data))
        stored.check(model)
        return model

    def save(self, path: str | Path) -> None:
        """Write the artefact to a file."""
        Path(path).write_bytes(self.to_bytes())

    @classmethod
    def load(cls, path: str | Path) -> "Model":
        """Read the artefact from a file; errors as in `from_bytes`."""
        return cls.from_bytes(Path(path).read_bytes())

    def _of_period(self, values: NDArray[Any]) -> NDArray[Any]:
        """Each film's row of `values` (periods, …), zeros for a film without a year."""
        rows = np.concatenate([values, np.zeros((1, *values.shape[1:]), values.dtype)])
        period = self.catalogue.period
        return np.asarray(rows[np.where(period == NO_PERIOD, len(values), period)])

    def _indices(self, movie_ids: Collection[int]) -> NDArray[np.int64]:
        """Where these films stand; those the model doesn't know are left out."""
        wanted = np.fromiter(movie_ids, np.int64, len(movie_ids))
        places, is_known = find(wanted, self.movie_ids)
        return places[is_known]
