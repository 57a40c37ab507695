"""How a model's lists fit the people of the taste panel, for the gate against worse models."""

import pandas as pd

from db.scale import HIGHEST
from recsys.data.taste_panel import fitting, read_panel
from recsys.models.model import Model

_FIVE = 5

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
    films = movies.set_index("movie_id")
    genres = sorted({genre for own in films["genres"] for genre in own})
    shares = []
    for person in read_panel():
        likes = [film for film in person.likes if film in films.index]
        fits = fitting(person, films, genres).difference(likes)
        if not likes or not fits:
            continue
        times = pd.to_datetime(range(len(likes)), unit="s", utc=True)
        history = pd.DataFrame({"movie_id": likes, "rating": HIGHEST, "rated_at": times})
        listed = model.recommend(history, _FIVE, explained=0)
        shares.append(sum(item.movie_id in fits for item in listed) / _FIVE)
    return sum(shares) / len(shares) if len(shares) >= _LEAST_PEOPLE else None
