"""A fitted model and the lists it computes. Needs numpy, not LightFM.

The score of a film for a person is

    popularity in the person's style + b · (the film's bias)
    + Σ over rated films i of aᵢ · (history factor of i) · (the film's factors)
                            + cᵢ · (genres of i) · (the film's genres)
                            + dᵢ · (item-item weight from i to the film)
                            + eᵢ · (short-term weight from i to the film)
    - a penalty for disliked films of the same series

with the factors and biases of LightFM (a film's are the sums of those of its features), the weights
of `recsys.models.item_item`, and aᵢ … eᵢ of `recsys.models.profiles.profile_of`: positive for liked
films, with the largest weight for the newest, negative for disliked ones. The score is linear in
the rated films, so the reasons are its actual contributions and not an approximation.
`recsys.models.diversity` puts the best films in order.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys.data import history as histories_of
from recsys.data.features import find, find_known
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
    """A model that recommends films to any person, from the history alone."""

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
        """Recommend the k best films, diversified in pages of five.

        Parameters
        ----------
        history : DataFrame or Rows
            movie_id, rating (0.5–5), rated_at (UTC), or one person's rows; may be empty. Films
            outside the catalogue are ignored.
        k : int
            The length of the list; it is shorter only if fewer films are eligible.
        genre : str, optional
            Only recommend films of this genre, in any spelling.
        exclude : collection of int
            Films not to recommend, in addition to rated ones.
        only : collection of int, optional
            The films that may be recommended.
        style : "popular", "balanced" or "adventurous"
            How much popularity counts.
        explained : int, optional
            How many of the first films have reasons; all by default.

        Returns
        -------
        list of Recommendation

        Raises
        ------
        recsys.data.genres.UnknownGenre
            If no film has this genre.
        """
        profile = self.read_history(history, style)
        scores = self.scores(profile)
        if only is not None:
            eligible = np.zeros(len(scores), bool)
            eligible[find_known(only, self.movie_ids)] = True
            scores[~eligible] = -np.inf
        if genre is not None:
            columns = [self.genres.index(each) for each in match_genres(genre, self.genres)]
            scores[~self.catalogue.genre_mask[:, columns].all(axis=1)] = -np.inf
        scores[profile.rated] = -np.inf
        if exclude:
            scores[find_known(exclude, self.movie_ids)] = -np.inf
        arranged = arranged_of_each(self, [profile], scores[None], k)
        (listed,) = with_reasons(self, [profile], arranged, explained)
        return listed

    def ranked(
        self,
        history: pd.DataFrame | Rows,
        movie_ids: Sequence[int],
        style: Style = DEFAULT_STYLE,
    ) -> list[int]:
        """Return these films by their scores alone, the best first; unknown ones come last."""
        films, is_known = find(np.array(movie_ids, np.int64), self.movie_ids)
        scores = np.full(len(films), -np.inf, np.float32)
        scores[is_known] = self.scores(self.read_history(history, style))[films[is_known]]
        return [movie_ids[place] for place in np.argsort(-scores, kind="stable")]

    def explain_each(
        self,
        history: pd.DataFrame | Rows,
        items: Sequence[Recommendation],
        style: Style = DEFAULT_STYLE,
    ) -> list[Recommendation]:
        """Return the same films with reasons; films outside the catalogue stay unchanged."""
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
        """Recommend films to many people at once, much faster than `recommend` for each.

        The histories can be a single frame with a column user_id; its people are ordered by
        user_id. `exclude` has one collection for each person. Scores can differ from those of
        `recommend` in the last digit, because the order of additions differs.
        """
        from recsys.models.batches import recommend_for_each  # scipy, which one list doesn't need

        profiles = self.read_histories(histories, style)
        if exclude is not None:
            profiles = [self.without(*each) for each in zip(profiles, exclude, strict=True)]
        return list(recommend_for_each(self, profiles, k, explained))

    def without(self, profile: Profile, films: Collection[int]) -> Profile:
        """Return the profile with these films excluded from recommendation."""
        if not films:
            return profile
        return replace(profile, rated=np.union1d(profile.rated, find_known(films, self.movie_ids)))

    def similar(self, movie_id: int, k: int = 5) -> list[Recommendation]:
        """Return the k films with the most similar factors (cosine, -1 to 1), without reasons.

        New films aren't listed: all of them with the same genres have the same factors.

        Parameters
        ----------
        movie_id : int
            A film of the catalogue.
        k : int
            The length of the list.

        Returns
        -------
        list of Recommendation
            The most similar film first.

        Raises
        ------
        UnknownMovie
            If the film isn't in the catalogue.
        """
        index = find_known([movie_id], self.movie_ids)
        if not len(index):
            raise UnknownMovie(movie_id)
        cosine = self.directions @ self.directions[index[0]]
        cosine[self.new] = -np.inf
        cosine[index] = -np.inf
        return [
            Recommendation(int(self.movie_ids[film]), float(cosine[film]), [])
            for film in best(cosine, k)
        ]

    def read_history(self, history: pd.DataFrame | Rows, style: Style = DEFAULT_STYLE) -> Profile:
        """Build a profile from a history."""
        return profile_of(histories_of.read(history, self.movie_ids), self.blend, style)

    def read_histories(
        self, histories: Sequence[pd.DataFrame] | pd.DataFrame, style: Style = DEFAULT_STYLE
    ) -> list[Profile]:
        """Build the profiles of many people."""
        return self.read_rows(rows_of(histories), style)

    def read_rows(self, rows: Rows, style: Style = DEFAULT_STYLE) -> list[Profile]:
        """Build the profiles of many people from rows, without slow pandas frames."""
        read = histories_of.read_each(rows, self.movie_ids)
        return [profile_of(opinions, self.blend, style) for opinions in read]

    def scores(self, profile: Profile) -> Floats:
        """Return all films' scores for a person, in the order of `movie_ids`."""
        return np.asarray(scoring.scores_of_each(self, [profile])[0])

    def parts(self, profile: Profile, films: NDArray[np.int64]) -> Parts:
        """Return the contributions to the scores of these films (indices)."""
        return parts_of_each(self, [profile], films[None])

    def to_bytes(self) -> bytes:
        """Return the artefact: the same bytes for the same model."""
        return serialization.to_bytes(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Model":
        """Read an artefact.

        Parameters
        ----------
        data : bytes
            Written by `to_bytes`.

        Returns
        -------
        Model

        Raises
        ------
        recsys.models.artefact.ArtefactError
            If the bytes are damaged or have another format.
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
