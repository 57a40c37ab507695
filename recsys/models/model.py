"""A fitted model: numbers for films, and how they become lists. Needs numpy, not LightFM.

The score of a film for somebody is

    popularity in their style + b · (the film's bias)
    + Σ over told films i of  aᵢ · (history factor of i) · (the film's factors)
                            + cᵢ · (genres of i) · (the film's genres)
                            + dᵢ · (item-item weight from i to the film)
                            + eᵢ · (weight for soon from i to the film)
    - what disliked films of the same series take

with the factors and bias of LightFM (a film's are the sums of those of its features), the weights
of `recsys.models.item_item`, and aᵢ … eᵢ of `recsys.models.profiles.weighed`: positive for what
somebody likes, the newest most, negative for what they dislike. It is linear in the told films, so
that the reasons given are the score, not a story about it. `recsys.models.diversity` puts the best
films in order.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys.data import history as histories_of
from recsys.data.features import find
from recsys.data.genres import match_genres
from recsys.data.history import Rows, rows_of
from recsys.models import scoring, serialization
from recsys.models.contributions import parts_of_each, with_reasons
from recsys.models.diversity import arranged_of_each
from recsys.models.factors import Floats
from recsys.models.profiles import Profile, profile_of
from recsys.models.ranking import best
from recsys.models.results import Parts, Recommendation, UnknownMovie
from recsys.models.styles import DEFAULT_STYLE, Style
from recsys.models.weights import Weights


@dataclass(frozen=True)
class Model(Weights):
    """Recommends films to anybody, from their history alone."""

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
        recsys.data.genres.UnknownGenre
            When no film has this genre.
        """
        profile = self.read_history(history, style)
        scores = self.scores(profile)
        if only is not None:
            eligible = np.zeros(len(scores), bool)
            eligible[self._indices(only)] = True
            scores[~eligible] = -np.inf
        if genre is not None:
            columns = [self.genres.index(each) for each in match_genres(genre, self.genres)]
            scores[~self.catalogue.genre_mask[:, columns].all(axis=1)] = -np.inf
        scores[profile.rated] = -np.inf
        if exclude:
            scores[self._indices(exclude)] = -np.inf
        arranged = arranged_of_each(self, [profile], scores[None], k)
        (listed,) = with_reasons(self, [profile], arranged, explained)
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
        profile = self.read_history(history, style)
        (known,) = with_reasons(self, [profile], [(films[is_known], scores[is_known])])
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
        from recsys.models.batches import recommend_for_each  # scipy, which one list doesn't need

        profiles = self.read_histories(histories, style)
        if exclude is not None:
            profiles = [self.without(*each) for each in zip(profiles, exclude, strict=True)]
        return list(recommend_for_each(self, profiles, k, explained))

    def without(self, profile: Profile, films: Collection[int]) -> Profile:
        """The same history for lists that have none of these films."""
        if not films:
            return profile
        return replace(profile, rated=np.union1d(profile.rated, self._indices(films)))

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

    def read_history(self, history: pd.DataFrame | Rows, style: Style = DEFAULT_STYLE) -> Profile:
        """Number the films of a history and weigh what is liked and disliked."""
        return profile_of(histories_of.read(history, self.movie_ids), self.blend, style)

    def read_histories(
        self, histories: Sequence[pd.DataFrame] | pd.DataFrame, style: Style = DEFAULT_STYLE
    ) -> list[Profile]:
        """As `read_history`, for each of many."""
        return self.read_rows(rows_of(histories), style)

    def read_rows(self, rows: Rows, style: Style = DEFAULT_STYLE) -> list[Profile]:
        """The same without frames, for which pandas takes its time."""
        read = histories_of.read_each(rows, self.movie_ids)
        return [profile_of(opinions, self.blend, style) for opinions in read]

    def scores(self, profile: Profile) -> Floats:
        """Every film's score for somebody, in the order of `movie_ids`."""
        return np.asarray(scoring.scores_of_each(self, [profile])[0])

    def parts(self, profile: Profile, films: NDArray[np.int64]) -> Parts:
        """What the scores of these films (indices) are made of."""
        return parts_of_each(self, [profile], films[None])

    def to_bytes(self) -> bytes:
        """The artefact: the same bytes for the same model."""
        return serialization.to_bytes(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Model":
        """Read an artefact.

        Raises
        ------
        recsys.models.artefact.ArtefactError
            When the bytes are damaged, or of another format.
        """
        model = cls(**serialization.fields_of(data))
        serialization.check(model)
        return model

    def save(self, path: str | Path) -> None:
        """Write the artefact to a file."""
        Path(path).write_bytes(self.to_bytes())

    @classmethod
    def load(cls, path: str | Path) -> "Model":
        """Read the artefact from a file; errors as in `from_bytes`."""
        return cls.from_bytes(Path(path).read_bytes())

    def _indices(self, movie_ids: Collection[int]) -> NDArray[np.int64]:
        """Where these films stand; those the model doesn't know are left out."""
        wanted = np.fromiter(movie_ids, np.int64, len(movie_ids))
        places, is_known = find(wanted, self.movie_ids)
        return places[is_known]
