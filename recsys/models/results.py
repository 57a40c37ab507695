"""What a model answers: recommendations with reasons, and the parts of a score."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Numbers = NDArray[np.floating[Any]]

MOST_REASONS = 3
UNEXPLAINED = ""

# The share of what speaks for a film from which on two liked films are said to be why it is listed.
LEAST_SHARE = 0.25


class UnknownMovie(KeyError):  # noqa: N818 - named like UnknownGenre
    """The model has no film with this number."""


class Reason(NamedTuple):
    """A liked film that speaks for a recommended one.

    `share` is what this liked film adds to the score through the recommended film itself (see
    `Parts.told`), divided by all that speaks for that film: the positive parts of every liked film,
    of the genres, of the period and of popularity. It is in (0, 1]; only films that add something
    are reasons.
    """

    movie_id: int
    share: float


class Recommendation(NamedTuple):
    """A film for somebody, with up to `MOST_REASONS` reasons, the strongest first.

    A stranger's have none, nor have those of a model that knows popularity alone.

    `basis` says what carries the score: "liked" where the first two reasons make up at least a
    quarter of what speaks for the film, "many" where liked films do so together, "popular" where
    the film's own popularity does, or else the name of one of its genres. It is `UNEXPLAINED` where
    neither it nor the reasons were asked for.
    """

    movie_id: int
    score: float
    reasons: list[Reason]
    basis: str = "popular"


def strongest_of_each(
    movie_ids: NDArray[np.integer[Any]], parts: Numbers, positive: Numbers
) -> tuple[list[list[Reason]], Numbers]:
    """The liked films that add most to each film's score, `MOST_REASONS` at the most.

    Parameters
    ----------
    movie_ids : integer array (films, n)
        The liked films, oldest first, for each.
    parts : float array (films, n)
        What each adds.
    positive : float array (films,)
        The sum of all positive parts of each score.

    Returns
    -------
    list of list of Reason
    float array (films, up to `MOST_REASONS`)
        Their shares, the largest first, 0 for what adds nothing.
    """
    n_films, n_liked = parts.shape
    order = np.empty((n_films, min(MOST_REASONS, n_liked)), np.int64)
    left, films = parts.copy(), np.arange(n_films)
    for place in range(order.shape[1]):  # three searches cost a fraction of sorting all
        order[:, place] = left.argmax(axis=1)  # of equal ones the first
        left[films, order[:, place]] = -np.inf
    added, whose = parts[films[:, None], order], movie_ids[films[:, None], order]
    shares = np.divide(added, positive[:, None], out=np.zeros_like(added), where=added > 0)
    every = list(map(Reason, whose.ravel().tolist(), shares.ravel().tolist()))
    starts = range(0, len(every), max(order.shape[1], 1)) if every else [0] * n_films
    numbers = (shares > 0).sum(axis=1).tolist()
    return [every[start : start + n] for start, n in zip(starts, numbers, strict=True)], shares


@dataclass(frozen=True)
class Parts:
    """The parts of some films' scores for one person or several; the first four add up to them.

    Attributes
    ----------
    told : float array (films, told films)
        What each liked, and behind those each disliked film adds, through the recommended film
        itself.
    genre : float64 array (films,)
        The part of the film's genres, over all told films.
    period : float64 array (films,)
        The part of the film's half-decade, over all told films.
    popularity : float64 array (films,)
        Popularity's part in the style, and what the film is liked beyond its genres and period.
    by_genre : float64 array (films, genres)
        What each genre adds, in `genre` and in `told`; 0 for those that the film hasn't.
    shared : float array (films,)
        What the told films add for their genres: a part of `told`.
    """

    told: Numbers
    genre: Doubles
    period: Doubles
    popularity: Doubles
    by_genre: Doubles
    shared: Numbers

    def positive(self) -> Doubles:
        """The sum of the parts that speak for each film."""
        rest = np.stack([self.genre, self.period, self.popularity])
        return np.asarray(np.maximum(self.told, 0).sum(axis=1) + np.maximum(rest, 0).sum(axis=0))

    def total(self) -> Doubles:
        """Each film's score."""
        return np.asarray(self.told.sum(axis=1) + self.genre + self.period + self.popularity)


def basis_of_each(parts: Parts, shares: Numbers, genres: Sequence[str]) -> list[str]:
    """What carries each film's score; see `Recommendation.basis`.

    Parameters
    ----------
    parts : Parts
        Of liked films.
    shares : float array (films, reasons)
        As `strongest_of_each` gives them.
    genres : sequence of str
    """
    of_genres = np.maximum(parts.genre + parts.shared, 0)
    of_films = np.maximum(parts.told, 0).sum(axis=1) - np.maximum(parts.shared, 0)
    # Of equal ones the first: where nothing speaks for a film, that is popularity.
    largest = np.maximum([parts.popularity, of_films, of_genres], 0).argmax(axis=0)
    # Numbers of names: a genre's is its own, behind the others.
    if genres:
        largest = np.where(largest == 2, 2 + parts.by_genre.argmax(axis=1), largest)
    names = ("popular", "many", *genres, "liked")
    largest[shares[:, :2].sum(axis=1) >= LEAST_SHARE] = len(names) - 1
    return [names[place] for place in largest.tolist()]
