"""Why a film is recommended: the parts of its score, which add up to it exactly."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from recsys.model import Model
from recsys.results import UnknownMovie


@dataclass(frozen=True)
class Explanation:
    """The parts of one film's score: `liked` by film number, strongest first."""

    score: float
    liked: list[tuple[int, float]]
    genre: float
    period: float
    popularity: float


def explain(model: Model, history: pd.DataFrame, movie_id: int) -> Explanation:
    """Take a score apart.

    Parameters
    ----------
    model : Model
    history : DataFrame
        movie_id, rating, rated_at, as for `Model.recommend`.
    movie_id : int
        Any film that the model knows.

    Raises
    ------
    recsys.model.UnknownMovie
        When the model doesn't know the film.
    """
    films = np.flatnonzero(model.movie_ids == movie_id)
    if not len(films):
        raise UnknownMovie(movie_id)
    past = model.read_history(history)
    parts = model.parts(past, films)
    order = np.argsort(-parts.liked[0], kind="stable")
    return Explanation(
        score=float(parts.total()[0]),
        liked=[
            (int(model.movie_ids[past.liked[row]]), float(parts.liked[0, row])) for row in order
        ],
        genre=float(parts.genre[0]),
        period=float(parts.period[0]),
        popularity=float(parts.popularity[0]),
    )
