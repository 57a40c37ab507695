"""The ratings and films of a data set as frames, without a database."""

import numpy as np
import pandas as pd

from db.loading.data_sets import open_source
from db.loading.report import Rejections


def read(source: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the ratings and films of a data set for `recsys.fit`.

    Parameters
    ----------
    source : str
        `demo`, or a folder or zip file with a data set.

    Returns
    -------
    ratings : DataFrame
        user_id, movie_id, rating (0.5–5), rated_at (UTC).
    movies : DataFrame
        movie_id, title, year (Int64), genres (lists).

    Raises
    ------
    db.loading.SourceError
        If there is no such data set, or most of its lines are malformed.
    """
    with open_source(source) as data:
        films = data.films(Rejections())
        blocks = [
            block.of_listed(films.ids, films.untitled_ids, Rejections())
            for block in data.ratings(lambda _advance: None)
        ]
    movies = pd.DataFrame(
        [(number, f.title, f.year, list(f.genres)) for number, f in films.by_id.items()],
        columns=["movie_id", "title", "year", "genres"],
    ).astype({"year": "Int64"})
    ratings = pd.DataFrame(
        {
            "user_id": np.concatenate([block.users for block in blocks]),
            "movie_id": np.concatenate([block.films for block in blocks]),
            "rating": np.concatenate([block.ratings for block in blocks]),
            "rated_at": pd.to_datetime(
                np.concatenate([block.seconds for block in blocks]), unit="s", utc=True
            ),
        }
    )
    return ratings, movies
