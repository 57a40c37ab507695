"""What scores are made of, for many people at once."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recsys.features import NO_PERIOD
from recsys.history import History
from recsys.learned import Floats
from recsys.results import Parts, Recommendation, basis_of_each, strongest_of_each
from recsys.scoring import GENRES, ITEM_ITEM, LIGHTFM, SOON, appeal_of
from recsys.series import NO_SERIES

if TYPE_CHECKING:
    from recsys.model import Model


_PEOPLE_AT_ONCE = 64
_FILMS_AT_ONCE = 64 * 300


def blocks(told: Sequence[int]) -> list[list[int]]:
    """People who have told about as many films together, for the others' rows are filled up.

    So one with ten thousand likes costs no one else anything, nor memory for all.
    """
    found: list[list[int]] = []
    for person in np.argsort(told, kind="stable").tolist():
        last = found[-1] if found else []
        most = _FILMS_AT_ONCE // max(told[person], 1)
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
        People times k rows; of told films as many as whoever has told most, zeros behind the
        others'.
    """
    factors, (people, k) = model.factors, films.shape
    # Everybody's told films behind each other; of whom each is, and which of theirs.
    told = np.concatenate([past.told for past in pasts])
    weights = np.concatenate([past.weights for past in pasts])
    numbers = [len(past.told) for past in pasts]
    ends = np.cumsum([0, *numbers])
    whose = np.repeat(np.arange(people), numbers)
    place = np.arange(len(told)) - ends[whose]

    own = np.zeros((people, k, max(numbers)))
    person = np.zeros((people, factors.item.shape[1]))
    tastes = np.zeros((people, len(model.genres)))
    items = factors.item[films].astype(np.float64)
    genres = model.film_genres[films].astype(np.float64)
    vectors = factors.history[told] * weights[:, [LIGHTFM]]
    shared = model.told_genres[told] * weights[:, [GENRES]]
    for row, (start, end) in enumerate(pairwise(ends.tolist())):
        vectors[start:end].sum(axis=0, out=person[row])
        shared[start:end].sum(axis=0, out=tastes[row])
        np.matmul(items[row], vectors[start:end].T, out=own[row, :, : end - start])
        own[row, :, : end - start] += genres[row] @ shared[start:end].T
    said = model.item_item.parts(films, told, whose) * weights[:, [ITEM_ITEM]]
    said += model.soon.parts(films, told, whose) * weights[:, [SOON]]
    said += _of_series(model, pasts, films, told, whose)
    own[whose, :, place] += said

    bias = np.array([[past.bias] for past in pasts])
    of_genres = person @ factors.genre.T + bias * factors.genre_bias
    mask = model.catalogue.genre_mask[films].astype(np.float64)
    genre = mask @ of_genres[:, :, None]
    of_periods = np.zeros((people, len(factors.period) + 1))  # the last for films without a year
    of_periods[:, :-1] = person @ factors.period.T + bias * factors.period_bias
    period = model.catalogue.period[films].astype(np.int64)
    period[period == NO_PERIOD] = len(factors.period)
    popularity = bias * factors.item_bias[films].astype(np.float64)
    for row, past in enumerate(pasts):
        appeal, factor = appeal_of(model, past)
        popularity[row] += appeal[films[row]].astype(np.float64) * factor
    by_genre = mask * of_genres[:, None, :] + genres * tastes[:, None, :]
    return Parts(
        told=own.reshape(people * k, own.shape[2]),
        n_likes=np.repeat([past.n_likes for past in pasts], k),
        genre=genre.ravel(),
        period=np.take_along_axis(of_periods, period, axis=1).ravel(),
        popularity=popularity.ravel(),
        by_genre=by_genre.reshape(people * k, len(model.genres)),
        shared=(genres @ tastes[:, :, None]).ravel(),
    )


def _of_series(
    model: "Model",
    pasts: Sequence[History],
    films: NDArray[np.int64],
    told: NDArray[np.int64],
    whose: NDArray[np.int64],
) -> NDArray[np.float64]:
    """What each told film adds to each film of its person for being of one series: (told, k)."""
    weights = np.concatenate([past.of_series for past in pasts])
    found = np.zeros((len(told), films.shape[1]))
    series = model.catalogue.series
    rows = np.flatnonzero((weights != 0) & (series[told] != NO_SERIES))
    if len(rows):
        others = films[whose[rows]]
        is_of_it = (series[others] == series[told[rows], None]) & (others != told[rows, None])
        found[rows] = weights[rows, None] * is_of_it
    return found


def with_reasons(
    model: "Model",
    pasts: Sequence[History],
    best: Sequence[tuple[NDArray[np.int64], Floats]],
) -> list[list[Recommendation]]:
    """Each person's films (indices and scores, in their order) as they are recommended."""
    k = max((len(films) for films, _ in best), default=0)
    every = np.zeros((len(pasts), k), np.int64)
    for row, (films, _) in enumerate(best):
        every[row, : len(films)] = films
    parts = parts_of_each(model, pasts, every)
    told = np.zeros((len(pasts), parts.told.shape[1]), np.int64)
    for row, past in enumerate(pasts):
        told[row, : len(past.told)] = model.movie_ids[past.told]
    positive = parts.positive()
    reasons = strongest_of_each(np.repeat(told, k, axis=0), parts.of_likes(), positive)
    bases = basis_of_each(parts, reasons, model.genres)
    movie_ids = model.movie_ids[every].tolist()
    return [
        # As many as have a score: behind the last film there may be none to recommend.
        list(
            map(
                Recommendation,
                movie_ids[row],
                scores.tolist(),
                reasons[row * k : (row + 1) * k],
                bases[row * k : (row + 1) * k],
            )
        )
        for row, (_, scores) in enumerate(best)
    ]
