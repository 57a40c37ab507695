"""Two baselines, trained on the same likes, for analysts to compare with; needs only numpy.

- Item-kNN: the cosine similarity of films by who likes them, as implicit computes it
  (https://benfred.github.io/implicit/api/models/cpu/itemitem.html).
- EASE (Steck 2019, https://arxiv.org/abs/1905.03375).

A film's score is the sum of the contributions of liked films: all likes count the same, whatever
their age, and nothing is added for popularity. Stored apart from the model's artefact, because
serving never reads them.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys.data.features import find_known
from recsys.data.history import Rows, read
from recsys.models import artefact
from recsys.models.factors import Floats
from recsys.models.ranking import best_films
from recsys.models.results import Recommendation, strongest_of_each

ITEM_KNN = "Item-kNN"
EASE = "EASE"


@dataclass(frozen=True)
class Baselines:
    """Item-kNN and EASE over the m most liked films.

    Attributes
    ----------
    movie_ids : int32 array (m,)
        Ascending.
    neighbours : uint16 array (m, n)
        Each film's nearest neighbours, as indices; the film itself if it has fewer than n.
    cosines : float16 array (m, n)
        Their cosine similarities; 0 for the film itself.
    ease : float16 array (m, m)
        Weights from the liked film (row) to the recommended one (column).
    """

    movie_ids: NDArray[np.int32]
    neighbours: NDArray[np.uint16]
    cosines: NDArray[np.float16]
    ease: NDArray[np.float16]

    @classmethod
    def empty(cls) -> "Baselines":
        """Return baselines without films."""
        nothing = np.zeros((0, 0), np.float16)
        return cls(np.zeros(0, np.int32), nothing.astype(np.uint16), nothing, nothing)

    def recommend(
        self, name: str, history: pd.DataFrame | Rows, k: int = 5, exclude: Collection[int] = ()
    ) -> list[Recommendation]:
        """Recommend the k films with the highest scores, with reasons; ties by film ID.

        Parameters
        ----------
        name : ITEM_KNN or EASE
        history : DataFrame or Rows
            movie_id, rating (0.5–5), rated_at (UTC); may be empty.
        k : int
            The list is shorter if liked films support fewer; it is empty without likes.
        exclude : collection of int
            Films not to recommend, in addition to rated ones.

        Returns
        -------
        list of Recommendation
            The best first.
        """
        opinions = read(history, self.movie_ids)
        rated, liked = opinions.rated, opinions.liked
        parts = self.parts(name, liked)
        scores = parts.sum(axis=0)
        eligible = scores > 0
        eligible[rated] = False
        eligible[find_known(exclude, self.movie_ids)] = False
        films = best_films(scores, eligible, k)
        of_films = parts[:, films].T.astype(np.float64)
        numbers = np.broadcast_to(self.movie_ids[liked], of_films.shape)
        reasons, _ = strongest_of_each(numbers, of_films, np.maximum(of_films, 0).sum(axis=1))
        return [
            Recommendation(
                int(self.movie_ids[film]),
                float(scores[film]),
                why,
                "liked",
            )
            for film, why in zip(films.tolist(), reasons, strict=True)
        ]

    def parts(self, name: str, liked: NDArray[np.int64]) -> Floats:
        """Return the contributions of liked films (indices) to scores: (liked, films)."""
        if name == EASE:
            return self.ease[liked].astype(np.float32)
        parts = np.zeros((len(liked), len(self.movie_ids)), np.float32)
        columns, cosines = self.neighbours[liked], self.cosines[liked]
        np.put_along_axis(parts, columns.astype(np.int64), cosines.astype(np.float32), axis=1)
        return parts

    def to_bytes(self) -> bytes:
        """Return the artefact: the same bytes for the same baselines."""
        return artefact.pack(dict(vars(self)), {})

    @classmethod
    def from_bytes(cls, data: bytes) -> "Baselines":
        """Read an artefact of baselines.

        Parameters
        ----------
        data : bytes
            Written by `to_bytes`.

        Returns
        -------
        Baselines

        Raises
        ------
        recsys.models.artefact.ArtefactError
            If the bytes are damaged or have another format.
        """
        arrays, _ = artefact.unpack(data)
        try:
            baselines = cls(**arrays)
        except TypeError as error:
            raise artefact.ArtefactError(f"these are not baselines: {error}") from error
        m = len(baselines.movie_ids)
        shape = (m, baselines.neighbours.shape[-1])
        artefact.check_shapes(arrays, {"neighbours": shape, "cosines": shape, "ease": (m, m)})
        return baselines
