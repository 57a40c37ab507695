"""Explanations: the contributions to a film's score, which add up to it exactly."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from recsys.data.history import Rows
from recsys.models.model import Model
from recsys.models.results import UnknownMovie
from recsys.models.styles import DEFAULT_STYLE, Style


@dataclass(frozen=True)
class Explanation:
    """The contributions to one film's score, which add up to it.

    Attributes
    ----------
    score : float
    liked : list of (int, float)
        The film ID and contribution of each liked film, the largest first.
    disliked : list of (int, float)
        The film ID and contribution of each disliked film, the most negative first.
    genre, period, popularity : float
        The contributions of the film's genres, half-decade and popularity.
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
    """Split a film's score into contributions.

    Parameters
    ----------
    model : Model
    history : DataFrame or Rows
        movie_id, rating, rated_at, as for `Model.recommend`.
    movie_id : int
        Any film of the catalogue.
    style : "popular", "balanced" or "adventurous"

    Returns
    -------
    Explanation

    Raises
    ------
    recsys.models.results.UnknownMovie
        If the film isn't in the catalogue.
    """
    films = np.flatnonzero(model.movie_ids == movie_id)
    if not len(films):
        raise UnknownMovie(movie_id)
    profile = model.read_history(history, style)
    parts = model.parts(profile, films)
    from_ratings, n = parts.from_ratings[0], profile.n_likes
    numbers = model.movie_ids[profile.films]

    def ranked(sign: int, places: slice) -> list[tuple[int, float]]:
        order = np.argsort(sign * from_ratings[places], kind="stable")
        return [
            (int(film), float(part))
            for film, part in zip(numbers[places][order], from_ratings[places][order], strict=True)
        ]

    return Explanation(
        score=float(parts.total()[0]),
        liked=ranked(-1, slice(n)),
        disliked=ranked(1, slice(n, len(from_ratings))),
        genre=float(parts.genre[0]),
        period=float(parts.period[0]),
        popularity=float(parts.popularity[0]),
    )
