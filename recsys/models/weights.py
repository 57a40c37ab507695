"""The arrays of a trained model, and values computed from them once. Needs only numpy."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recsys.data.features import NO_PERIOD, Catalogue
from recsys.models.blend import Blend, Validation
from recsys.models.factors import Factors, Floats, ItemItem
from recsys.models.styles import Appeals
from recsys.models.typical import appeals_with_new


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
        How well liked films are; see `recsys.data.features.quality`.
    genre_weights : float32 array (genres,)
        How informative a shared genre is; see `recsys.data.features.genre_weights`.
    blend : Blend
    parameters : dict
        The parameters of the training.
    item_item, short_term : ItemItem
        Item-item weights learned from all likes, and from the newest likes alone.
    map : float32 array (films, 2)
        The positions of films on the map; NaN for films that aren't on it.
    validation : Validation or None
        The result on held-out people; None if there were too few.
    new : int64 array
        The indices of films that the training didn't know, ascending; see
        `recsys.models.extension`. They aren't stored.
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
    new: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def movie_ids(self) -> NDArray[np.int32]:
        """The IDs of the films, ascending."""
        return self.catalogue.movie_ids

    @property
    def genres(self) -> list[str]:
        """The genres that lists can be restricted to."""
        return self.catalogue.genres

    @cached_property
    def appeals(self) -> Appeals:
        """What popularity adds to scores, by style."""
        return appeals_with_new(self.likes, self.quality, self.new, self.blend.discount)

    @cached_property
    def is_new(self) -> NDArray[np.bool_]:
        """Whether the training didn't know each film."""
        is_new = np.zeros(len(self.movie_ids), np.bool_)
        is_new[self.new] = True
        return is_new

    @cached_property
    def new_ids(self) -> frozenset[int]:
        """The IDs of the films that the training didn't know."""
        return frozenset(self.movie_ids[self.new].tolist())

    @cached_property
    def film_genres(self) -> Floats:
        """Films by genres: each genre's weight where the film has it."""
        return np.asarray(self.catalogue.genre_mask * self.genre_weights, np.float32)

    @cached_property
    def genre_directions(self) -> Floats:
        """The same with rows of length 1, which rated films use."""
        return self.film_genres / _lengths(self.film_genres)[:, None]

    @cached_property
    def genre_shares(self) -> Floats:
        """Films by genres: equal shares for all genres of a film."""
        mask = self.catalogue.genre_mask.astype(np.float32)
        return np.asarray(mask / np.maximum(mask.sum(axis=1, keepdims=True), 1))

    @cached_property
    def film_vectors(self) -> Floats:
        """Films by d + genres + 1: factors, genre weights, bias.

        Column-major, which BLAS multiplies by one person's vector in half the time.
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
        """Films by d: the sums of the factors of each film's features."""
        return self.film_vectors[:, : self.factors.item.shape[1]]

    @cached_property
    def directions(self) -> Floats:
        """The same with rows of length 1; zeros for films without factors."""
        return np.ascontiguousarray(self.film_factors / _lengths(self.film_factors)[:, None])

    def in_single_precision(self) -> Self:
        """Return the model with float32 weights: lists are faster, the weights twice as large."""
        return replace(
            self,
            item_item=self.item_item.in_single_precision(),
            short_term=self.short_term.in_single_precision(),
        )

    def _of_period(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return each film's row of `values` (periods, …), zeros for films without a year."""
        rows = np.concatenate([values, np.zeros((1, *values.shape[1:]), values.dtype)])
        period = self.catalogue.period
        return np.asarray(rows[np.where(period == NO_PERIOD, len(values), period)])


def _lengths(vectors: Floats) -> Floats:
    """Return the length of each row; 1 instead of 0."""
    lengths = np.linalg.norm(vectors, axis=1)
    lengths[lengths == 0] = 1
    return np.asarray(lengths)
