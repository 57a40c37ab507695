"""What a trained model consists of: arrays, and what is computed from them once. Numpy alone."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recsys.data.features import NO_PERIOD, Catalogue
from recsys.models.blend import Blend, Validation
from recsys.models.factors import Factors, Floats, ItemItem
from recsys.models.styles import Appeals, appeals


@dataclass(frozen=True)
class Weights:
    """The arrays of a trained model.

    Attributes
    ----------
    catalogue : Catalogue
    factors : Factors
    likes : int64 array (films,)
        How many people like each film.
    quality : float32 array (films,)
        How well liked films are, see `recsys.data.features.quality`.
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
    short_term: ItemItem
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

    def in_single_precision(self) -> Self:
        """The same model for who asks it often: lists come faster, weights are twice as large."""
        return replace(
            self,
            item_item=self.item_item.in_single_precision(),
            short_term=self.short_term.in_single_precision(),
        )

    def _of_period(self, values: NDArray[Any]) -> NDArray[Any]:
        """Each film's row of `values` (periods, …), zeros for a film without a year."""
        rows = np.concatenate([values, np.zeros((1, *values.shape[1:]), values.dtype)])
        period = self.catalogue.period
        return np.asarray(rows[np.where(period == NO_PERIOD, len(values), period)])


def _lengths(vectors: Floats) -> Floats:
    """Of each row; 1 for those that are all zero."""
    lengths = np.linalg.norm(vectors, axis=1)
    lengths[lengths == 0] = 1
    return np.asarray(lengths)
