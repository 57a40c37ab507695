"""Lists as they are served."""

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from db.queries.users import User
from i18n.language import Text
from monitoring import latency
from recsys.models.model import Model
from recsys.models.results import Recommendation
from recsys.models.styles import DEFAULT_STYLE, Style
from recsys.serving.active import Active
from recsys.serving.cache import LIST_LENGTH
from recsys.serving.filters import EVERYTHING, Filters
from recsys.serving.guests import NO_GUEST_RATINGS, GuestRatings

FEW = 5
"""A list of fewer films than this has `Served.relaxations`."""

FilterName: TypeAlias = Literal[
    "genre",
    "not_genres",
    "years",
    "max_minutes",
    "max_age_rating",
    "original_language",
    "made_in",
    "stream_in",
    "least_ratings",
]


@dataclass(frozen=True)
class Relaxation:
    """A filter, and how many films the whole list would have without it."""

    filter: FilterName
    films: int


@dataclass(frozen=True)
class Served:
    """A list and its origin.

    Attributes
    ----------
    kind : "known" or "cold"
        "known" for a person with ratings.
    model_version : str or None
        None while films are ranked by popularity, before the first training.
    label : str
        As `Active.label`.
    style : "popular", "balanced" or "adventurous"
    cached : bool
        Whether the list came from Redis.
    items : list of Recommendation
        The best first; shorter than requested only if there are no more films.
    total : int
        The length of the whole list, at most `LIST_LENGTH`.
    filters : Filters
        Those of the list, with canonical genre names.
    relaxations : list of Relaxation
        What filters cost, the costliest first, if they leave fewer than `FEW` films; filters that
        cost nothing alone aren't included.
    """

    kind: Literal["known", "cold"]
    model_version: str | None
    label: str
    style: Style
    cached: bool
    items: list[Recommendation]
    total: int
    filters: Filters = EVERYTHING
    relaxations: list[Relaxation] = field(default_factory=list)


def style_of(user: User | None, guest_ratings: GuestRatings = NO_GUEST_RATINGS) -> Style:
    """Return the style that the account or the visitor has chosen, or else `DEFAULT_STYLE`."""
    return (guest_ratings.style if user is None else user.style) or DEFAULT_STYLE


def served(
    active: Active,
    has_rated: bool,
    items: list[Recommendation],
    started: float,
    style: Style,
    *,
    total: int,
    cached: bool = False,
) -> Served:
    """Build a list and record its latency since `started`, a value of `time.perf_counter`."""
    how = Text("from the cache") if cached else Text("computed")
    latency.LISTS.labels(how).observe(time.perf_counter() - started)
    kind: Literal["known", "cold"] = "known" if has_rated else "cold"
    return Served(kind, active.version, active.label, style, cached, items, total)


def whole_length(model: Model, only: list[int] | None, *without: Collection[int]) -> int:
    """Return the length of a whole list, at most `LIST_LENGTH`.

    Films are counted only if there may be fewer.

    Parameters
    ----------
    model : Model
    only : list of int or None
        The films that may be listed; None for all.
    *without : collections of int
        Films that may not be listed.

    Returns
    -------
    int
    """
    films = model.movie_ids if only is None else np.intersect1d(only, model.movie_ids)
    if len(films) - sum(map(len, without)) >= LIST_LENGTH:
        return LIST_LENGTH
    return min(count_eligible(model, only, *without), LIST_LENGTH)


def count_eligible(model: Model, only: list[int] | None, *without: Collection[int]) -> int:
    """Count the films that may be listed; parameters as for `whole_length`."""
    films = model.movie_ids if only is None else np.intersect1d(only, model.movie_ids)
    return len(set(films.tolist()).difference(*without))
