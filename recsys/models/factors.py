"""What a model has learned, as arrays. Needs numpy alone."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Rows that are taken out of a matrix stay in the processor's cache until they are multiplied.
_ROWS_AT_ONCE = 32


@dataclass(frozen=True)
class Factors:
    """What was learned about each feature of films: factors (features, d), biases (features,)."""

    item: Floats
    item_bias: Floats
    genre: Floats
    genre_bias: Floats
    period: Floats
    period_bias: Floats
    history: Floats


@dataclass(frozen=True)
class ItemItem:
    """How much each liked film speaks for each other film, among the m best liked ones.

    Attributes
    ----------
    films : int32 array (m,)
        Indices into the catalogue, ascending.
    weights : float16 array (m, m)
        From the liked film (row) to the recommended one (column); float32 where scores are computed
        all the time, for half precision takes longer to read than to multiply.
    """

    films: NDArray[np.int32]
    weights: NDArray[np.float16] | Floats

    @classmethod
    def empty(cls) -> "ItemItem":
        """Of no film."""
        return cls(np.zeros(0, np.int32), np.zeros((0, 0), np.float16))

    def in_single_precision(self) -> "ItemItem":
        """With weights that can be multiplied at once; twice as large."""
        return ItemItem(self.films, self.weights.astype(np.float32, copy=False))

    def add_scores(
        self, scores: Floats, liked: NDArray[np.int64], weights: NDArray[np.float64]
    ) -> None:
        """Add to all films' scores what these likes say, each times its weight."""
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
        told: NDArray[np.int64],
        whose: NDArray[np.int64],
        weights: NDArray[np.floating[Any]],
    ) -> None:
        """Add what each told film says of each film of its person, times its weight.

        Parameters
        ----------
        parts : float array (told films, k)
            What is added to.
        films : int64 array (people, k)
        told : int64 array (told films,)
        whose : int64 array (told films,)
            Of which of the people each is.
        weights : float array (told films,)
        """
        if not len(self.films):
            return
        columns, is_film = self._rows(films)
        rows, is_in = self._rows(told)
        saying = np.flatnonzero(is_in & (weights != 0))
        flat = rows[saying, None] * len(self.films) + columns[whose[saying]]
        said = self.weights.reshape(-1).take(flat) * weights[saying, None]
        said *= is_film[whose[saying]]
        parts[saying] += said

    def _rows(self, films: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Where films of the catalogue stand here, and whether they do."""
        rows = self._places[np.minimum(films, len(self._places) - 1)]
        return rows, rows >= 0

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        """Where the catalogue's films stand here, up to one behind the last; -1: they don't."""
        places = np.full(self.films[-1] + 2, -1)
        places[self.films] = np.arange(len(self.films))
        return places
