"""What scores are made of, for many people at once."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recsys.features import NO_PERIOD
from recsys.history import History
from recsys.learned import Floats
from recsys.results import Parts, Recommendation, strongest_of_each

if TYPE_CHECKING:
    from recsys.model import Model


_PEOPLE_AT_ONCE = 64
_LIKES_AT_ONCE = 64 * 300


def blocks(likes: Sequence[int]) -> list[list[int]]:
    """People with about as many likes together, for the others' rows are filled up with zeros.

    So one with ten thousand likes costs no one else anything, nor memory for all.
    """
    found: list[list[int]] = []
    for person in np.argsort(likes, kind="stable").tolist():
        last = found[-1] if found else []
        most = _LIKES_AT_ONCE // max(likes[person], 1)
        if last and len(last) < min(_PEOPLE_AT_ONCE, most):
            last.append(person)
        else:
            found.append([person])
    return found


def parts_of_each(model: "Model", pasts: Sequence[History], films: NDArray[np.int64]) -> Parts:
    """The parts of each person's scores, person by person and film by film.

    Parameters
    ----------
    model : Model
    pasts : sequence of History
    films : int64 array (people, k)
        Indices of each person's films.

    Returns
    -------
    Parts
        People times k rows; of liked films as many as whoever likes most, zeros behind the others'.
    """
    factors, (people, k) = model.factors, films.shape
    # Everybody's likes behind each other; of whom each is, and which of theirs.
    liked = np.concatenate([past.liked for past in pasts])
    weights = np.concatenate([past.weights for past in pasts])[:, None]
    fresh = np.concatenate([past.fresh for past in pasts])[:, None]
    numbers = [len(past.liked) for past in pasts]
    ends = np.cumsum([0, *numbers])
    whose = np.repeat(np.arange(people), numbers)
    place = np.arange(len(liked)) - ends[whose]

    own = np.zeros((people, k, max(numbers)))
    person = np.zeros((people, factors.item.shape[1]))
    items = factors.item[films].astype(np.float64)
    vectors = factors.history[liked].astype(np.float64) * weights
    for row, (start, end) in enumerate(pairwise(ends.tolist())):
        vectors[start:end].sum(axis=0, out=person[row])
        np.matmul(items[row], vectors[start:end].T, out=own[row, :, : end - start])
    said = model.item_item.parts(films, liked, whose) * weights
    said += model.soon.parts(films, liked, whose) * fresh
    own[whose, :, place] += said

    alpha = np.array([[past.alpha] for past in pasts])
    of_genres = person @ factors.genre.T + alpha * factors.genre_bias
    genre = model.catalogue.genre_mask[films].astype(np.float64) @ of_genres[:, :, None]
    of_periods = np.zeros((people, len(factors.period) + 1))  # the last for films without a year
    of_periods[:, :-1] = person @ factors.period.T + alpha * factors.period_bias
    period = model.catalogue.period[films].astype(np.int64)
    period[period == NO_PERIOD] = len(factors.period)
    liking = alpha * factors.item_bias[films].astype(np.float64)
    return Parts(
        liked=own.reshape(people * k, own.shape[2]),
        genre=genre.ravel(),
        period=np.take_along_axis(of_periods, period, axis=1).ravel(),
        popularity=((1 - alpha) * model.popularity[films].astype(np.float64) + liking).ravel(),
    )


def with_reasons(
    model: "Model",
    pasts: Sequence[History],
    best: Sequence[tuple[NDArray[np.int64], Floats]],
) -> list[list[Recommendation]]:
    """Each person's films (indices and scores, the best first) as they are recommended."""
    k = max((len(films) for films, _ in best), default=0)
    every = np.zeros((len(pasts), k), np.int64)
    for row, (films, _) in enumerate(best):
        every[row, : len(films)] = films
    parts = parts_of_each(model, pasts, every)
    liked = np.zeros((len(pasts), parts.liked.shape[1]), np.int64)
    for row, past in enumerate(pasts):
        liked[row, : len(past.liked)] = model.movie_ids[past.liked]
    reasons = strongest_of_each(np.repeat(liked, k, axis=0), parts.liked, parts.positive())
    movie_ids = model.movie_ids[every].tolist()
    return [
        # As many as have a score: behind the last film there may be none to recommend.
        list(map(Recommendation, movie_ids[row], scores.tolist(), reasons[row * k : (row + 1) * k]))
        for row, (_, scores) in enumerate(best)
    ]
