"""A fitted model: numbers for films, and how they become lists. Needs numpy, not LightFM.

The score of a film for somebody is

    popularity in their style + b · (the film's bias)
    + Σ over told films i of  aᵢ · (history factor of i) · (the film's factors)
                            + cᵢ · (genres of i) · (the film's genres)
                            + dᵢ · (item-item weight from i to the film)
                            + eᵢ · (weight for soon from i to the film)
    - what disliked films of the same series take

with the factors and bias of LightFM (a film's are the sums of those of its features), the weights
of `recsys.item_item`, and aᵢ … eᵢ of `recsys.history.weighed`: positive for what somebody likes,
the newest most, negative for what they dislike. It is linear in the told films, so that the reasons
given are the score, not a story about it. `recsys.diversity` puts the best films in order.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys import history as histories_of
from recsys import scoring, stored
from recsys.blend import Blend, Validation
from recsys.diversity import arranged_of_each
from recsys.features import NO_PERIOD, Catalogue, find
from recsys.genres import match_genres
from recsys.history import History, Rows, rows_of, weighed
from recsys.learned import Factors, Floats, ItemItem
from recsys.parts import parts_of_each, with_reasons
from recsys.ranking import best
from recsys.results import Parts, Recommendation, UnknownMovie
from recsys.styles import DEFAULT_STYLE, Appeals, Style, appeals


@dataclass(frozen=True)
class Model:
    """Recommends films to anybody, from their history alone.

    Attributes
    ----------
    catalogue : Catalogue
    factors : Factors
    likes : int64 array (films,)
        How many people like each film.
    quality : float32 array (films,)
        How well liked films are, see `recsys.features.quality`.
    genre_weights : float32 array (genres,)
        How much it says that two films share a genre.
    blend : Blend
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
    likes: NDArray[np.int64]
    quality: Floats
    genre_weights: Floats
    blend: Blend
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
    def appeals(self) -> Appeals:
        """What popularity adds to scores, by style."""
        return appeals(self.likes, self.quality)

    @cached_property
    def film_genres(self) -> Floats:
        """Films by genres: each genre's weight where the film has it."""
        return np.asarray(self.catalogue.genre_mask * self.genre_weights, np.float32)

    @cached_property
    def told_genres(self) -> Floats:
        """The same, each film's of length 1, as for films that somebody has told about."""
        return self.film_genres / _lengths(self.film_genres)[:, None]

    @cached_property
    def genre_shares(self) -> Floats:
        """Films by genres: all genres of a film have the same share of it."""
        mask = self.catalogue.genre_mask.astype(np.float32)
        return np.asarray(mask / np.maximum(mask.sum(axis=1, keepdims=True), 1))

    @cached_property
    def film_vectors(self) -> Floats:
        """Films by d + genres + 1: factors, weights of genres, bias.

        Column by column in memory, which BLAS multiplies with one person in half the time.
        """
        mask = self.catalogue.genre_mask.astype(np.float32)
        factors, d = self.factors, self.factors.item.shape[1]
        vectors = np.empty((len(self.movie_ids), d + len(self.genres) + 1), np.float32, order="F")
        vectors[:, :d] = factors.item + mask @ factors.genre + self._of_period(factors.period)
        vectors[:, d:-1] = self.film_genres
        biases = factors.item_bias + mask @ factors.genre_bias
        vectors[:, -1] = biases + self._of_period(factors.period_bias)
        return vectors

    @property
    def film_factors(self) -> Floats:
        """Films by d: the sum of each film's features' factors."""
        return self.film_vectors[:, : self.factors.item.shape[1]]

    @cached_property
    def directions(self) -> Floats:
        """The same, each film's of length 1; zeros for a film without factors."""
        return np.ascontiguousarray(self.film_factors / _lengths(self.film_factors)[:, None])

    def recommend(
        self,
        history: pd.DataFrame | Rows,
        k: int = 5,
        genre: str | None = None,
        exclude: Collection[int] = (),
        only: Collection[int] | None = None,
        style: Style = DEFAULT_STYLE,
        explained: int | None = None,
    ) -> list[Recommendation]:
        """The k best films, in each five of them different ones.

        Parameters
        ----------
        history : DataFrame or Rows
            movie_id, rating, rated_at, or one person's rows; may be empty. Films the model doesn't
            know are ignored.
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
        explained : int, optional
            How many of the first films have reasons; all of them without it.

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
            columns = [self.genres.index(each) for each in match_genres(genre, self.genres)]
            scores[~self.catalogue.genre_mask[:, columns].all(axis=1)] = -np.inf
        scores[past.rated] = -np.inf
        if exclude:
            scores[self._indices(exclude)] = -np.inf
        arranged = arranged_of_each(self, [past], scores[None], k)
        (listed,) = with_reasons(self, [past], arranged, explained)
        return listed

    def explain_each(
        self,
        history: pd.DataFrame | Rows,
        items: Sequence[Recommendation],
        style: Style = DEFAULT_STYLE,
    ) -> list[Recommendation]:
        """The same films with their reasons; those that the model doesn't know as they are."""
        films, is_known = find(
            np.array([item.movie_id for item in items], np.int64), self.movie_ids
        )
        scores = np.array([item.score for item in items], np.float32)
        past = self.read_history(history, style)
        (known,) = with_reasons(self, [past], [(films[is_known], scores[is_known])])
        explained = {item.movie_id: item for item in known}
        return [explained.get(item.movie_id, item) for item in items]

    def recommend_many(
        self,
        histories: Sequence[pd.DataFrame] | pd.DataFrame,
        k: int = 5,
        exclude: Sequence[Collection[int]] | None = None,
        style: Style = DEFAULT_STYLE,
        explained: int | None = None,
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
        return list(recommend_for_each(self, pasts, k, explained))

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
        cosine = self.directions @ self.directions[index[0]]
        cosine[index] = -np.inf
        return [
            Recommendation(int(self.movie_ids[film]), float(cosine[film]), [])
            for film in best(cosine, k)
        ]

    def read_history(self, history: pd.DataFrame | Rows, style: Style = DEFAULT_STYLE) -> History:
        """Number the films of a history and weigh what is liked and disliked."""
        return weighed(histories_of.read(history, self.movie_ids), self.blend, style)

    def read_histories(
        self, histories: Sequence[pd.DataFrame] | pd.DataFrame, style: Style = DEFAULT_STYLE
    ) -> list[History]:
        """As `read_history`, for each of many."""
        return self.read_rows(rows_of(histories), style)

    def read_rows(self, rows: Rows, style: Style = DEFAULT_STYLE) -> list[History]:
        """The same without frames, for which pandas takes its time."""
        read = histories_of.read_each(rows, self.movie_ids)
        return [weighed(opinions, self.blend, style) for opinions in read]

    def scores(self, past: History) -> Floats:
        """Every film's score for somebody, in the order of `movie_ids`."""
        return np.asarray(scoring.scores_of_each(self, [past])[0])

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


def _lengths(vectors: Floats) -> Floats:
    """Of each row; 1 for those that are all zero."""
    lengths = np.linalg.norm(vectors, axis=1)
    lengths[lengths == 0] = 1
    return np.asarray(lengths)
