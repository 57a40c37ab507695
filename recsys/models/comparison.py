"""Lists of several models for the same history, and how similar lists are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from db.scale import LIKE
from recsys.data.history import Rows
from recsys.models.baselines import EASE, ITEM_KNN, Baselines
from recsys.models.contributions import with_reasons
from recsys.models.factors import Floats, ItemItem
from recsys.models.model import Model
from recsys.models.profiles import Profile
from recsys.models.ranking import best
from recsys.models.results import Recommendation
from recsys.models.styles import DEFAULT_STYLE, Style

FIVE_FILMS = "Five Films"
LIGHTFM = "LightFM"
POPULARITY = "Popularity"

RANKED = 100

Lists = Mapping[str, Sequence[Recommendation]]


@dataclass(frozen=True)
class Comparison:
    """The active model, its first stage alone, popularity alone, and the baselines if available.

    Attributes
    ----------
    served : Model
    lightfm : Model
        The same model without the other stages and without popularity.
    baselines : Baselines or None
    """

    served: Model
    lightfm: Model
    baselines: Baselines | None

    @classmethod
    def of(cls, model: Model, baselines: Baselines | None) -> "Comparison":
        """Return the comparison of this active model with these baselines."""
        lightfm = replace(
            model,
            blend=model.blend.only("lightfm"),
            likes=np.zeros_like(model.likes),
            quality=np.zeros_like(model.quality),
            item_item=ItemItem.empty(),
            short_term=ItemItem.empty(),
        )
        return cls(model, lightfm, baselines)

    def lists(
        self,
        history: pd.DataFrame | Rows,
        k: int = RANKED,
        exclude: Collection[int] = (),
        style: Style = DEFAULT_STYLE,
    ) -> dict[str, list[Recommendation]]:
        """Return what each model recommends, by its name.

        Without likes, LightFM recommends the most popular films too.

        Parameters
        ----------
        history : DataFrame or Rows
            movie_id, rating (0.5–5), rated_at (UTC); may be empty.
        k : int
            The length of the lists.
        exclude : collection of int
            Films that no model may recommend, in addition to rated ones.
        style : "popular", "balanced" or "adventurous"
            The style of the active model's list; the others have no styles.

        Returns
        -------
        dict of str to list of Recommendation
        """
        given = {FIVE_FILMS: self.served.recommend(history, k, exclude=exclude, style=style)}
        profile = self.lightfm.without(self.lightfm.read_history(history), exclude)
        popular = self.served.likes.astype(np.float32)
        given[LIGHTFM] = self._by_score(
            profile, popular if profile.is_cold else self.lightfm.scores(profile), k
        )
        given[POPULARITY] = [
            item._replace(reasons=[], basis="popular")
            for item in self._by_score(profile, popular, k)
        ]
        if self.baselines is not None:
            for name in (ITEM_KNN, EASE):
                given[name] = self.baselines.recommend(name, history, k, exclude)
        return given

    def _by_score(self, profile: Profile, scores: Floats, k: int) -> list[Recommendation]:
        """Return the k films with the highest scores, ties by film ID, with LightFM's reasons."""
        scores = scores.copy()
        scores[profile.rated] = -np.inf
        scores[self.lightfm.new] = -np.inf  # the baselines don't know them either
        films = best(scores, k)
        return with_reasons(self.lightfm, [profile], [(films, scores[films])])[0]


def ranks(lists: Lists, k: int) -> pd.DataFrame:
    """Return the rank that each list gives to the films in the first k of any list.

    Parameters
    ----------
    lists : mapping of str to sequence of Recommendation
        By the names of the models.
    k : int
        How many films of each list count.

    Returns
    -------
    DataFrame
        A row for each film (index: movie_id), in order of the first list, then of the others. A
        column for each list with the rank from 1 (Int64), missing if the list doesn't have it.
    """
    films = list(dict.fromkeys(item.movie_id for items in lists.values() for item in items[:k]))
    columns = {
        name: pd.Series(
            {item.movie_id: rank for rank, item in enumerate(items, start=1)}, dtype="Int64"
        ).reindex(films)
        for name, items in lists.items()
    }
    return pd.DataFrame(columns, index=pd.Index(films, name="movie_id", dtype="int64"))


def overlap(some: Sequence[Recommendation], others: Sequence[Recommendation], k: int) -> int:
    """Return how many films two lists share among their first k."""
    return len(_first(some, k) & _first(others, k))


def jaccard(some: Sequence[Recommendation], others: Sequence[Recommendation], k: int) -> float:
    """Return the Jaccard index of the first k films of two lists, 0 to 1; 0 if both are empty."""
    union = len(_first(some, k) | _first(others, k))
    return overlap(some, others, k) / union if union else 0.0


@dataclass(frozen=True)
class Agreement:
    """How two people rated the films that both have rated.

    Attributes
    ----------
    films : DataFrame
        movie_id, first, second (0.5–5 stars); films that both rated highly come first.
    correlation : float or None
        Pearson's correlation of their stars; None for fewer than three films, or if one person
        gave all of them the same stars.
    difference : float or None
        The mean absolute difference in stars; None without films.
    both_like : int
        How many films both rated `LIKE` or more.
    same_side : int
        How many films both like or both don't like.
    """

    films: pd.DataFrame
    correlation: float | None
    difference: float | None
    both_like: int
    same_side: int


def agreement(first: pd.DataFrame, second: pd.DataFrame) -> Agreement:
    """Compare two histories (movie_id, rating; one rating of each film)."""
    one, other = (
        each[["movie_id", "rating"]].astype({"movie_id": "int64", "rating": "float64"})
        for each in (first, second)
    )
    films = one.merge(other, on="movie_id", suffixes=("_one", "_other"))
    films.columns = pd.Index(["movie_id", "first", "second"])
    together = films[["first", "second"]].min(axis=1)
    order = np.lexsort((films["movie_id"], -films[["first", "second"]].sum(axis=1), -together))
    films = films.iloc[order].reset_index(drop=True)
    likes = films[["first", "second"]] >= LIKE
    varies = (films[["first", "second"]].nunique() > 1).all()
    return Agreement(
        films,
        correlation=float(films["first"].corr(films["second"]))
        if len(films) >= 3 and varies
        else None,
        difference=None if films.empty else float((films["first"] - films["second"]).abs().mean()),
        both_like=int(likes.all(axis=1).sum()),
        same_side=int((likes["first"] == likes["second"]).sum()),
    )


def _first(items: Sequence[Recommendation], k: int) -> set[int]:
    return {item.movie_id for item in items[:k]}
