"""Why a film is recommended: the parts of its score, which add up to it exactly."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from recsys.data.history import Rows
from recsys.models.model import Model
from recsys.models.results import UnknownMovie
from recsys.models.styles import DEFAULT_STYLE, Style


@dataclass(frozen=True)
class Explanation:
    """The parts of one film's score, which add up to it.

    Attributes
    ----------
    score : float
    liked : list of (int, float)
        What each liked film adds, by film number, the largest first.
    disliked : list of (int, float)
        What each disliked film adds, the smallest (most negative) first.
    genre, period, popularity : float
    """

    score: float
    liked: list[tuple[int, float]]
    disliked: list[tuple[int, float]]
    genre: float
    period: float
    popularity: float


def explain(
    model: Model, history: pd.DataFrame | Rows, movie_id: int, style: Style = DEFAULT_STYLE
) -> Explanation:
    """Take a score apart.

    Parameters
    ----------
    model : Model
    history : DataFrame or Rows
        movie_id, rating, rated_at, as for `Model.recommend`.
    movie_id : int
        Any film that the model knows.
    style : "popular", "balanced" or "adventurous"

    Raises
    ------
    recsys.models.model.UnknownMovie
        When the model doesn't know the film.
    """
    films = np.flatnonzero(model.movie_ids == movie_id)
    if not len(films):
        raise UnknownMovie(movie_id)
    profile = model.read_history(history, style)
    parts = model.parts(profile, films)
    told, n = parts.told[0], profile.n_likes
    numbers = model.movie_ids[profile.told]

    def ranked(sign: int, places: slice) -> list[tuple[int, float]]:
        order = np.argsort(sign * told[places], kind="stable")
        return [
            (int(film), float(part))
            for film, part in zip(numbers[places][order], told[places][order], strict=True)
        ]

    return Explanation(
        score=float(parts.total()[0]),
        liked=ranked(-1, slice(n)),
        disliked=ranked(1, slice(n, len(told))),
        genre=float(parts.genre[0]),
        period=float(parts.period[0]),
        popularity=float(parts.popularity[0]),
    )
