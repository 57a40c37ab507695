"""A list as it goes to a person."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from db.queries.users import User
from i18n.language import Text
from monitoring import latency
from recsys.models.model import Model
from recsys.models.results import Recommendation
from recsys.models.styles import DEFAULT_STYLE, Style
from recsys.serving.active import Active
from recsys.serving.cache import LIST_LENGTH
from recsys.serving.guests import NOTHING_PICKED, Picked


@dataclass(frozen=True)
class Served:
    """A list, and where it comes from.

    Attributes
    ----------
    kind : "known" or "cold"
        Known is who has rated something.
    model_version : str or None
        None while films are merely sorted by popularity, before the first training.
    label : str
        As `Active.label`.
    style : "popular", "balanced" or "adventurous"
    cached : bool
        Whether the list came from Redis.
    items : list of Recommendation
        Best first; shorter than asked for only when there are no more films.
    total : int
        How many films the whole list has; `LIST_LENGTH` at the most.
    """

    kind: Literal["known", "cold"]
    model_version: str | None
    label: str
    style: Style
    cached: bool
    items: list[Recommendation]
    total: int


def style_of(user: User | None, picks: Picked = NOTHING_PICKED) -> Style:
    """What the account or the visitor has chosen; else `DEFAULT_STYLE`."""
    return (picks.style if user is None else user.style) or DEFAULT_STYLE


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
    """A list, counted and timed: `started` is when it was asked for, by `time.perf_counter`."""
    how = Text("from the cache") if cached else Text("computed")
    latency.LISTS.labels(how).observe(time.perf_counter() - started)
    kind: Literal["known", "cold"] = "known" if has_rated else "cold"
    return Served(kind, active.version, active.label, style, cached, items, total)


def whole_length(model: Model, only: list[int] | None, *without: Collection[int]) -> int:
    """How many films a whole list has, `LIST_LENGTH` at the most.

    They are counted only where there may be fewer.

    Parameters
    ----------
    model : Model
    only : list of int or None
        The films that may be listed; None for all.
    *without : collections of int
        Films that may not.
    """
    films = model.movie_ids if only is None else np.intersect1d(only, model.movie_ids)
    if len(films) - sum(map(len, without)) >= LIST_LENGTH:
        return LIST_LENGTH
    return min(len(set(films.tolist()).difference(*without)), LIST_LENGTH)
