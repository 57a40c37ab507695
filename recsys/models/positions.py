"""The positions of films and of a person's taste on the map of films."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from recsys.models.model import Model
from recsys.models.results import Recommendation

MOST_FOR_A_PERSON = 20


def places(model: Model, absent: Collection[int] = ()) -> pd.DataFrame:
    """Return the films on the map; none if the model has no map.

    Parameters
    ----------
    model : Model
    absent : collection of int
        Films to leave out.

    Returns
    -------
    DataFrame
        movie_id, x, y (each from -1 to 1).
    """
    is_drawn = ~np.isnan(model.map).any(axis=1) & ~np.isin(model.movie_ids, list(absent))
    return pd.DataFrame(
        {
            "movie_id": model.movie_ids[is_drawn],
            "x": model.map[is_drawn, 0],
            "y": model.map[is_drawn, 1],
        }
    )


def place_of_person(
    films: pd.DataFrame, items: Sequence[Recommendation]
) -> tuple[float, float] | None:
    """Return the mean position of a person's first twenty recommended films, weighted by score.

    Parameters
    ----------
    films : DataFrame
        As `places` returns it.
    items : sequence of Recommendation
        The best first; films that aren't on the map are skipped. Negative scores weigh nothing.

    Returns
    -------
    tuple of float, or None
        x and y; None if no recommended film is on the map.
    """
    scores = {item.movie_id: item.score for item in items}
    known = films.set_index("movie_id")
    first = [movie_id for movie_id in scores if movie_id in known.index][:MOST_FOR_A_PERSON]
    if not first:
        return None
    weights = np.clip([scores[movie_id] for movie_id in first], 0, None)
    if not weights.any():
        weights = np.ones(len(first))
    x, y = np.average(known.loc[first, ["x", "y"]].to_numpy(), axis=0, weights=weights)
    return float(x), float(y)
