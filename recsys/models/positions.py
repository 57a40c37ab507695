"""Where films stand in the model's picture, and where somebody's taste does."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from recsys.models.model import Model
from recsys.models.results import Recommendation

MOST_FOR_A_PERSON = 20


def places(model: Model, absent: Collection[int] = ()) -> pd.DataFrame:
    """Films of the picture: movie_id, x, y (each from -1 to 1); none where none was drawn.

    Parameters
    ----------
    model : Model
    absent : collection of int
        Films to leave out.
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
    """The mean place of a person's first twenty recommended films in the picture, by score.

    Parameters
    ----------
    films : DataFrame
        As `places` gives it.
    items : sequence of Recommendation
        Best first; those that aren't in the picture are passed over. A score of less than zero
        weighs nothing.

    Returns
    -------
    tuple of float, or None
        x and y; None when no recommended film is in the picture.
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
