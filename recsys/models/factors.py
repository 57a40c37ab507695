"""The learned parameters of a model as arrays. Needs only numpy."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# So few rows that they stay in the processor's cache until they are multiplied.
_ROWS_AT_ONCE = 32


@dataclass(frozen=True)
class Factors:
    """The factors (features, d) and biases (features,) of the features of films; float32."""

    item: Floats
    item_bias: Floats
    genre: Floats
    genre_bias: Floats
    period: Floats
    period_bias: Floats
    history: Floats


@dataclass(frozen=True)
class ItemItem:
    """Item-item weights among the m most liked films.

    Attributes
    ----------
    films : int32 array (m,)
        Indices into the catalogue, ascending.
    weights : float16 array (m, m)
        From the liked film (row) to the recommended one (column). float32 where scores are
        computed often, because half precision takes longer to convert than to multiply.
    """

    films: NDArray[np.int32]
    weights: NDArray[np.float16] | Floats

    @classmethod
    def empty(cls) -> "ItemItem":
        """Return weights without films."""
        return cls(np.zeros(0, np.int32), np.zeros((0, 0), np.float16))

    def in_single_precision(self) -> "ItemItem":
        """Return a copy with float32 weights, which are faster to multiply and twice as large."""
        return ItemItem(self.films, self.weights.astype(np.float32, copy=False))

    def add_scores(
        self, scores: Floats, liked: NDArray[np.int64], weights: NDArray[np.float64]
    ) -> None:
        """Add the contributions of these likes, each times its weight, to all films' scores."""
        if not len(self.films):
            return
        rows, is_in = self._rows(liked)
        is_in &= weights != 0
        if is_in.any():
            own, rows = weights[is_in].astype(np.float32), rows[is_in]
            added = np.zeros(len(self.films), np.float32)
            for start in range(0, len(rows), _ROWS_AT_ONCE):
                some = slice(start, start + _ROWS_AT_ONCE)
                added += own[some] @ self.weights[rows[some]].astype(np.float32, copy=False)
            scores[self.films] += added

    def add_parts(
        self,
        parts: NDArray[np.floating[Any]],
        films: NDArray[np.int64],
        rated: NDArray[np.int64],
        whose: NDArray[np.int64],
        weights: NDArray[np.floating[Any]],
    ) -> None:
        """Add the contribution of each rated film to each film of its person's list.

        Parameters
        ----------
        parts : float array (rated films, k)
            The contributions, changed in place.
        films : int64 array (people, k)
            Indices of each person's films.
        rated : int64 array (rated films,)
            Indices of the rated films.
        whose : int64 array (rated films,)
            The person of each rated film.
        weights : float array (rated films,)
            The factor of each rated film.
        """
        if not len(self.films):
            return
        columns, is_film = self._rows(films)
        rows, is_in = self._rows(rated)
        counted = np.flatnonzero(is_in & (weights != 0))
        flat = rows[counted, None] * len(self.films) + columns[whose[counted]]
        added = self.weights.reshape(-1).take(flat) * weights[counted, None]
        added *= is_film[whose[counted]]
        parts[counted] += added

    def _rows(self, films: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the positions of films of the catalogue in `films`, and whether they are in it."""
        rows = self._places[np.minimum(films, len(self._places) - 1)]
        return rows, rows >= 0

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        """The positions of the catalogue's films in `films`, up to one after the last; -1: none."""
        places = np.full(self.films[-1] + 2, -1)
        places[self.films] = np.arange(len(self.films))
        return places
