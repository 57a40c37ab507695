"""What a model has learned, as arrays. Needs numpy alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


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

    def scaled(self, scale: float) -> "ItemItem":
        """With all weights multiplied."""
        return ItemItem(self.films, self.weights * np.float16(scale))

    def in_single_precision(self) -> "ItemItem":
        """With weights that can be multiplied at once; twice as large."""
        return ItemItem(self.films, self.weights.astype(np.float32, copy=False))

    def add_scores(
        self, scores: Floats, liked: NDArray[np.int64], weights: NDArray[np.float64]
    ) -> None:
        """Add to all films' scores what these likes say, each times its weight."""
        rows, is_in = self._rows(liked)
        if is_in.any():
            own = weights[is_in].astype(np.float32)
            scores[self.films] += own @ self.weights[rows[is_in]].astype(np.float32, copy=False)

    def parts(self, films: NDArray[np.int64], liked: NDArray[np.int64]) -> NDArray[np.float64]:
        """Films by liked films: what each like says of each film, before its weight."""
        parts = np.zeros((len(films), len(liked)))
        columns, is_film = self._rows(films)
        rows, is_liked = self._rows(liked)
        parts[np.ix_(is_film, is_liked)] = self.weights[np.ix_(rows[is_liked], columns[is_film])].T
        return parts

    def _rows(self, films: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Where films of the catalogue stand here, and whether they do."""
        if not len(self.films):
            return np.zeros(len(films), np.int64), np.zeros(len(films), np.bool_)
        rows = np.minimum(np.searchsorted(self.films, films), len(self.films) - 1)
        return rows, self.films[rows] == films
