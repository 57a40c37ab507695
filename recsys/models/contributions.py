"""The contributions that scores consist of, for many people at once."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recsys.data.features import NO_PERIOD
from recsys.data.series import NO_SERIES
from recsys.models.factors import Floats
from recsys.models.profiles import Profile
from recsys.models.results import (
    UNEXPLAINED,
    Parts,
    Recommendation,
    basis_of_each,
    strongest_of_each,
)
from recsys.models.scoring import GENRES, ITEM_ITEM, LIGHTFM, SHORT_TERM, appeal_of
from recsys.models.weights import Weights

_PEOPLE_AT_ONCE = 64
_FILMS_AT_ONCE = 64 * 300


def blocks(lengths: Sequence[int]) -> list[list[int]]:
    """Group people by the length of their histories, because shorter rows are padded.

    This way a person with ten thousand likes takes neither time nor memory for the others.
    """
    found: list[list[int]] = []
    for person in np.argsort(lengths, kind="stable").tolist():
        last = found[-1] if found else []
        most = _FILMS_AT_ONCE // max(lengths[person], 1)
        if last and len(last) < min(_PEOPLE_AT_ONCE, most):
            last.append(person)
        else:
            found.append([person])
    return found


def parts_of_each(
    model: Weights,
    profiles: Sequence[Profile],
    films: NDArray[np.int64],
    *,
    of_likes: bool = False,
) -> Parts:
    """Return the contributions to each person's scores, ordered by person, then by film.

    Parameters
    ----------
    model : Weights
    profiles : sequence of Profile
    films : int64 array (people, k)
        Indices of each person's films.
    of_likes : bool
        Whether `from_ratings` is needed for liked films only, and in single precision.

    Returns
    -------
    Parts
        People times k rows. `from_ratings` has as many columns as the longest history, padded
        with zeros for the others.
    """
    factors, (people, k) = model.factors, films.shape
    kind = np.float32 if of_likes else np.float64
    # The rated films of all people, concatenated.
    rated = np.concatenate([profile.films for profile in profiles])
    weights: NDArray[np.floating[Any]] = np.concatenate([profile.weights for profile in profiles])
    weights = weights.astype(kind)
    lengths = [len(profile.films) for profile in profiles]
    ends = list(accumulate(lengths, initial=0))
    vectors = factors.history[rated] * weights[:, [LIGHTFM]]
    shared = model.genre_directions[rated] * weights[:, [GENRES]]
    person = np.stack([vectors[start:end].sum(axis=0) for start, end in pairwise(ends)])
    tastes = np.stack([shared[start:end].sum(axis=0) for start, end in pairwise(ends)])

    numbers = [profile.n_likes if of_likes else len(profile.films) for profile in profiles]
    added = np.zeros((len(rated), k), kind) if of_likes else _of_series(model, profiles, films)
    whose = np.repeat(np.arange(people), lengths)
    if of_likes:
        weights[
            np.concatenate(
                [np.arange(len(profile.films)) >= profile.n_likes for profile in profiles]
            )
        ] = 0
    for stage, column in ((model.item_item, ITEM_ITEM), (model.short_term, SHORT_TERM)):
        stage.add_parts(added, films, rated, whose, weights[:, column])
    own = np.zeros((people, k, max(numbers)), kind)
    items, genres = factors.item[films].astype(kind), model.film_genres[films].astype(kind)
    for row, (start, n) in enumerate(zip(ends, numbers, strict=False)):
        some = slice(start, start + n)
        np.matmul(items[row], vectors[some].T, out=own[row, :, :n])
        own[row, :, :n] += genres[row] @ shared[some].T
        own[row, :, :n] += added[some].T

    bias = np.array([[profile.bias] for profile in profiles])
    of_genres = person @ factors.genre.T + bias * factors.genre_bias
    by_genre = model.catalogue.genre_mask[films] * of_genres[:, None, :]
    genre = by_genre.sum(axis=2)
    of_periods = np.zeros((people, len(factors.period) + 1))  # the last for films without a year
    of_periods[:, :-1] = person @ factors.period.T + bias * factors.period_bias
    period = model.catalogue.period[films].astype(np.int64)
    period[period == NO_PERIOD] = len(factors.period)
    popularity = bias * factors.item_bias[films].astype(np.float64)
    for row, profile in enumerate(profiles):
        appeal, factor = appeal_of(model, profile)
        popularity[row] += appeal[films[row]].astype(np.float64) * factor
    in_common = genres * tastes[:, None, :]
    return Parts(
        from_ratings=own.reshape(people * k, own.shape[2]),
        genre=genre.ravel(),
        period=of_periods[np.arange(people)[:, None], period].ravel(),
        popularity=popularity.ravel(),
        by_genre=(by_genre + in_common).reshape(people * k, len(model.genres)),
        shared=in_common.sum(axis=2).ravel(),
    )


def _of_series(
    model: Weights, profiles: Sequence[Profile], films: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return what rated films contribute to their person's films of the same series: (rated, k)."""
    series = model.catalogue.series
    found = []
    for profile, own in zip(profiles, films, strict=True):
        own_series = series[profile.films, None]
        is_of_it = (series[own] == own_series) & (own_series != NO_SERIES)
        found.append(profile.of_series[:, None] * is_of_it)
    return np.concatenate(found)


def with_reasons(
    model: Weights,
    profiles: Sequence[Profile],
    best: Sequence[tuple[NDArray[np.int64], Floats]],
    most: int | None = None,
) -> list[list[Recommendation]]:
    """Return each person's films (indices and scores, in order) as recommendations with reasons.

    With `most`, only the first `most` films have reasons.
    """
    k = max((len(films) for films, _ in best), default=0)
    k = k if most is None else min(k, most)
    every = np.zeros((len(profiles), k), np.int64)
    for row, (films, _) in enumerate(best):
        every[row, : len(films)] = films[:k]
    parts = parts_of_each(model, profiles, every, of_likes=True)
    liked = np.zeros((len(profiles), 1, parts.from_ratings.shape[1]), np.int64)
    for row, profile in enumerate(profiles):
        liked[row, 0, : profile.n_likes] = model.movie_ids[profile.films[: profile.n_likes]]
    whose = np.broadcast_to(liked, (len(profiles), k, liked.shape[2])).reshape(
        parts.from_ratings.shape
    )
    reasons, shares = strongest_of_each(whose, parts.from_ratings, parts.positive())
    bases = basis_of_each(parts, shares, model.genres)
    for row, profile in enumerate(profiles):
        is_little_known = model.is_new[every[row]] | (profile.style == "adventurous")
        for place in np.flatnonzero(is_little_known).tolist():
            _not_for_popularity(model, bases, row * k + place, int(every[row, place]))
    listed = []
    for row, (films, scores) in enumerate(best):
        # A list can be shorter than k if fewer films are eligible.
        numbers, own = model.movie_ids[films].tolist(), scores.tolist()
        is_new = model.is_new[films].tolist()
        of_row = slice(row * k, (row + 1) * k)
        explained = map(Recommendation, numbers[:k], own, reasons[of_row], bases[of_row], is_new)
        bare = zip(numbers[k:], own[k:], is_new[k:], strict=True)
        listed.append(
            [
                *explained,
                *(Recommendation(film, score, [], UNEXPLAINED, new) for film, score, new in bare),
            ]
        )
    return listed


def _not_for_popularity(model: Weights, bases: list[str], place: int, film: int) -> None:
    """Replace the basis "popular" of a little-known film by the rarest of its genres."""
    if bases[place] == "popular" and model.film_genres[film].any():
        bases[place] = model.genres[int(model.film_genres[film].argmax())]
