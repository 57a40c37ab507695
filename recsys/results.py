"""What a model answers: recommendations with reasons, and the parts of a score."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

MOST_REASONS = 3

# The share of what speaks for a film from which on two liked films are said to be why it is listed.
LEAST_SHARE = 0.25


class UnknownMovie(KeyError):  # noqa: N818 - named like UnknownGenre
    """The model has no film with this number."""


class Reason(NamedTuple):
    """A liked film that speaks for a recommended one.

    `share` is what this liked film adds to the score through the recommended film itself (see
    `Parts.told`), divided by the sum of all positive parts of that score (every told film's, the
    genres', the period's, popularity's). It is in (0, 1]; only films that add something are
    reasons.
    """

    movie_id: int
    share: float


class Recommendation(NamedTuple):
    """A film for somebody, with up to `MOST_REASONS` reasons, the strongest first.

    A stranger's have none, nor have those of a model that knows popularity alone.

    `basis` says what carries the score: "liked" where the first two reasons make up at least a
    quarter of what speaks for the film, "many" where liked films do so together, "popular" where
    the film's own popularity does, or else the name of one of its genres.
    """

    movie_id: int
    score: float
    reasons: list[Reason]
    basis: str = "popular"


def strongest(
    movie_ids: NDArray[np.int32], parts: NDArray[np.float64], positive: float
) -> list[Reason]:
    """The liked films that add most to a score; as `strongest_of_each`, for one film."""
    return strongest_of_each(movie_ids, parts[None], np.array([positive]))[0]


def strongest_of_each(
    movie_ids: NDArray[np.integer[Any]],
    parts: NDArray[np.float64],
    positive: NDArray[np.float64],
) -> list[list[Reason]]:
    """The liked films that add most to each film's score, `MOST_REASONS` at the most.

    Parameters
    ----------
    movie_ids : integer array (n,) or (films, n)
        The liked films, oldest first, of all or for each.
    parts : float64 array (films, n)
        What each adds.
    positive : float64 array (films,)
        The sum of all positive parts of each score.
    """
    n_films, n_liked = parts.shape
    order = np.empty((n_films, min(MOST_REASONS, n_liked)), np.int64)
    left, films = parts.copy(), np.arange(n_films)
    for place in range(order.shape[1]):  # three searches cost a fraction of sorting all
        order[:, place] = left.argmax(axis=1)  # of equal ones the first
        left[films, order[:, place]] = -np.inf
    added = np.take_along_axis(parts, order, axis=1)
    whose = np.take_along_axis(np.broadcast_to(movie_ids, parts.shape), order, axis=1)
    shares = np.divide(added, positive[:, None], out=np.zeros_like(added), where=added > 0)
    return [
        [why for why in map(Reason, ids, of_each) if why.share > 0]
        for ids, of_each in zip(whose.tolist(), shares.tolist(), strict=True)
    ]


@dataclass(frozen=True)
class Parts:
    """The parts of some films' scores for one person or several; the first five add up to them.

    Attributes
    ----------
    told : float64 array (films, told films)
        What each liked, and behind those each disliked film adds, through the recommended film
        itself.
    n_likes : int64 array (films,)
        How many of the told films are liked.
    genre : float64 array (films,)
        The part of the film's genres, over all told films.
    period : float64 array (films,)
        The part of the film's half-decade, over all told films.
    popularity : float64 array (films,)
        Popularity's part in the style, and what the film is liked beyond its genres and period.
    by_genre : float64 array (films, genres)
        What each genre adds, in `genre` and in `told`; 0 for those that the film hasn't.
    shared : float64 array (films,)
        What the told films add for their genres: a part of `told`.
    """

    told: Doubles
    n_likes: NDArray[np.int64]
    genre: Doubles
    period: Doubles
    popularity: Doubles
    by_genre: Doubles
    shared: Doubles

    def of_likes(self) -> Doubles:
        """What each liked film adds; 0 for the disliked ones."""
        is_liked = np.arange(self.told.shape[1]) < self.n_likes[:, None]
        return np.asarray(np.where(is_liked, self.told, 0))

    def positive(self) -> Doubles:
        """The sum of the parts that speak for each film."""
        rest = np.stack([self.genre, self.period, self.popularity], axis=1)
        return np.asarray(np.maximum(self.told, 0).sum(1) + np.maximum(rest, 0).sum(1))

    def total(self) -> Doubles:
        """Each film's score."""
        return np.asarray(self.told.sum(1) + self.genre + self.period + self.popularity)


def basis_of_each(
    parts: Parts, reasons: Sequence[Sequence[Reason]], genres: Sequence[str]
) -> list[str]:
    """What carries each film's score; see `Recommendation.basis`."""
    of_genres = np.maximum(parts.genre + parts.shared, 0)
    of_films = np.maximum(parts.of_likes(), 0).sum(axis=1) - np.maximum(parts.shared, 0)
    largest = np.stack([parts.popularity, of_films, of_genres]).argmax(axis=0).tolist()
    strongest_genre = parts.by_genre.argmax(axis=1).tolist() if genres else []
    found = []
    for film, why in enumerate(reasons):
        if sum(each.share for each in why[:2]) >= LEAST_SHARE:
            found.append("liked")
        elif largest[film] == 2 and genres:
            found.append(genres[strongest_genre[film]])
        else:
            found.append("many" if largest[film] == 1 else "popular")
    return found
