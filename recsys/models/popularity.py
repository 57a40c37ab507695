"""The model before the first training: the most liked films, for every person."""

import numpy as np
import pandas as pd

from recsys.data.features import catalogue, genre_weights
from recsys.models.blend import Blend
from recsys.models.factors import Factors, ItemItem
from recsys.models.model import Model
from recsys.models.projection import no_map


def popular_model(movies: pd.DataFrame, likes: pd.DataFrame) -> Model:
    """Build a model without factors, which ranks by the number of likes.

    Parameters
    ----------
    movies : DataFrame
        movie_id, title, year, genres (lists).
    likes : DataFrame
        movie_id, likes (how many people like the film); 0 for films that are missing.

    Returns
    -------
    Model
    """
    films = catalogue(movies)
    of_films = likes.set_index("movie_id")["likes"].reindex(films.movie_ids, fill_value=0)
    counts = of_films.to_numpy(np.int64)
    n, genres, periods = len(films.movie_ids), len(films.genres), len(films.periods)
    return Model(
        films,
        Factors(
            item=np.zeros((n, 0), np.float32),
            item_bias=np.zeros(n, np.float32),
            genre=np.zeros((genres, 0), np.float32),
            genre_bias=np.zeros(genres, np.float32),
            period=np.zeros((periods, 0), np.float32),
            period_bias=np.zeros(periods, np.float32),
            history=np.zeros((n, 0), np.float32),
        ),
        counts,
        np.zeros(n, np.float32),
        genre_weights(films, counts),
        Blend.nothing(),
        {},
        ItemItem.empty(),
        ItemItem.empty(),
        no_map(n),
    )
