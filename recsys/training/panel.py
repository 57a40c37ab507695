"""How a model's lists fit the people of the taste panel, for the gate against worse models."""

import pandas as pd

from recsys.data.taste_panel import matches, read_panel
from recsys.models.model import Model

_FIVE = 5
_THEN = pd.Timestamp(0, tz="UTC")

# Data sets with other film IDs have hardly any of the films by chance.
_LEAST_PEOPLE = 6


def panel_fits(model: Model, movies: pd.DataFrame) -> float | None:
    """Return the share of films that fit in the fives of the taste panel's people.

    Parameters
    ----------
    model : Model
    movies : DataFrame
        movie_id, title, year and genres of its catalogue.

    Returns
    -------
    float or None
        The mean over people (fits@5); None if the data set has the likes of fewer than six.
    """
    shares = []
    for each in matches(read_panel(), movies):
        if each.fits:
            listed = model.recommend(each.history(_THEN), _FIVE, explained=0)
            shares.append(sum(item.movie_id in each.fits for item in listed) / _FIVE)
    return sum(shares) / len(shares) if len(shares) >= _LEAST_PEOPLE else None
