"""Relaxation of filters that leave too few films: what each of them costs.

"Relaxation" is the term of the literature on constraint-based recommenders, e.g. Jannach, Zanker,
Felfernig and Friedrich, Recommender Systems: An Introduction (2010), chapter 4.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine

from db.queries.histories import History
from recsys.serving.active import Active
from recsys.serving.filters import EVERYTHING, Filters, matching
from recsys.serving.lists import FEW, FilterName, Relaxation, Served, count_eligible

WITHOUT: Mapping[FilterName, Mapping[str, Any]] = {
    "genre": {"genres": (), "match_all": False},
    "not_genres": {"not_genres": ()},
    "years": {"year_from": None, "year_to": None},
    "max_minutes": {"max_minutes": None},
    "max_age_rating": {"max_age_rating": None},
    "stream_in": {"stream_in": None},
    "original_language": {"original_language": None},
    "made_in": {"made_in": None},
    "least_ratings": {"least_ratings": 0},
}
"""The fields of `Filters` that make up each filter, with the values that switch it off."""


def with_relaxations(
    served: Served,
    engine: Engine,
    active: Active,
    filters: Filters,
    own: History,
    exclude: Collection[int],
) -> Served:
    """Return the list with its filters, and what they cost if they leave fewer than `FEW` films.

    Parameters
    ----------
    served : Served
    engine : Engine
    active : Active
    filters : Filters
        Those of the list, with canonical genre names.
    own : History
        The person's ratings and marks.
    exclude : collection of int
        Films that may not be listed, in addition to rated and marked ones.

    Returns
    -------
    Served
    """
    served = replace(served, filters=filters)
    if served.total >= FEW or filters == EVERYTHING:
        return served
    out = active.absent.union(own.marked, own.movie_ids.tolist(), exclude)
    found = []
    for name, switched_off in WITHOUT.items():
        relaxed = replace(filters, **switched_off)
        if relaxed != filters:
            films = count_eligible(active.model, matching(engine, relaxed), out)
            found.append(Relaxation(name, films))
    helpful = (each for each in found if each.films > served.total)
    return replace(served, relaxations=sorted(helpful, key=lambda each: -each.films))
