"""The results of a model: recommendations with reasons, and the contributions to scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Numbers = NDArray[np.floating[Any]]

MOST_REASONS = 3
UNEXPLAINED = ""

# The share of the positive contributions that two liked films need to be named as the reason.
LEAST_SHARE = 0.25


class UnknownMovie(KeyError):  # noqa: N818 - named like UnknownGenre
    """The catalogue has no film with this ID."""


class Reason(NamedTuple):
    """A liked film that supports a recommended one.

    `share` is the contribution of the liked film to the score (see `Parts.from_ratings`), divided
    by the sum of all positive contributions: those of liked films, genres, period and popularity.
    It is in (0, 1]; only films with a positive contribution are reasons.
    """

    movie_id: int
    share: float


class Recommendation(NamedTuple):
    """A recommended film, with up to `MOST_REASONS` reasons, the strongest first.

    There are no reasons for a person without likes, nor from a model that only knows popularity.

    `basis` names the largest contribution: "liked" if the first two reasons are at least a quarter
    of the positive contributions, "many" if liked films together contribute most, "popular" if the
    film's own popularity does, or else the name of one of its genres. It is `UNEXPLAINED` if
    neither basis nor reasons were requested. That of a new film isn't "popular" if it has a genre.

    `is_new` tells whether the film was loaded after the training of the model.
    """

    movie_id: int
    score: float
    reasons: list[Reason]
    basis: str = "popular"
    is_new: bool = False


def strongest_of_each(
    movie_ids: NDArray[np.integer[Any]], parts: Numbers, positive: Numbers
) -> tuple[list[list[Reason]], Numbers]:
    """Return the liked films that contribute most to each score, at most `MOST_REASONS`.

    Parameters
    ----------
    movie_ids : integer array (films, n)
        The IDs of the liked films, oldest first, for each recommended film.
    parts : float array (films, n)
        The contribution of each.
    positive : float array (films,)
        The sum of all positive contributions to each score.

    Returns
    -------
    reasons : list of list of Reason
        For each film.
    shares : float64 array (films, up to `MOST_REASONS`)
        Their shares, the largest first, 0 for films without a positive contribution.
    """
    n_films, n_liked = parts.shape
    order = np.empty((n_films, min(MOST_REASONS, n_liked)), np.int64)
    left, films = parts.copy(), np.arange(n_films)
    for place in range(order.shape[1]):  # three searches cost a fraction of sorting
        order[:, place] = left.argmax(axis=1)  # the first one wins a tie
        left[films, order[:, place]] = -np.inf
    added, whose = parts[films[:, None], order], movie_ids[films[:, None], order]
    shares = np.divide(added, positive[:, None], out=np.zeros(added.shape), where=added > 0)
    every = list(map(Reason, whose.ravel().tolist(), shares.ravel().tolist()))
    starts = range(0, len(every), max(order.shape[1], 1)) if every else [0] * n_films
    numbers = (shares > 0).sum(axis=1).tolist()
    return [every[start : start + n] for start, n in zip(starts, numbers, strict=True)], shares


@dataclass(frozen=True)
class Parts:
    """The contributions to films' scores for one or more people; the first four add up to a score.

    Attributes
    ----------
    from_ratings : float array (films, rated films)
        The contribution of each liked film, then of each disliked film, through the recommended
        film itself.
    genre : float64 array (films,)
        The contribution of the film's genres, over all rated films.
    period : float64 array (films,)
        The contribution of the film's half-decade, over all rated films.
    popularity : float64 array (films,)
        The contribution of popularity in the style, and of the film's own bias.
    by_genre : float64 array (films, genres)
        The contribution of each genre, in `genre` and in `from_ratings`; 0 for genres the film
        doesn't have.
    shared : float array (films,)
        The contribution of rated films through shared genres, which is included in `from_ratings`.
    """

    from_ratings: Numbers
    genre: Doubles
    period: Doubles
    popularity: Doubles
    by_genre: Doubles
    shared: Numbers

    def positive(self) -> Doubles:
        """Return the sum of the positive contributions to each score: float64 array (films,)."""
        rest = np.stack([self.genre, self.period, self.popularity])
        return np.asarray(
            np.maximum(self.from_ratings, 0).sum(axis=1, dtype=np.float64)
            + np.maximum(rest, 0).sum(axis=0)
        )

    def total(self) -> Doubles:
        """Return each film's score: float64 array (films,)."""
        return np.asarray(
            self.from_ratings.sum(axis=1) + self.genre + self.period + self.popularity
        )


def basis_of_each(parts: Parts, shares: Numbers, genres: Sequence[str]) -> list[str]:
    """Return the largest contribution to each score by name; see `Recommendation.basis`.

    Parameters
    ----------
    parts : Parts
        Computed from liked films only.
    shares : float array (films, reasons)
        As `strongest_of_each` returns them.
    genres : sequence of str
        The names of the genres, in the order of `Parts.by_genre`.

    Returns
    -------
    list of str
        One for each film.
    """
    of_genres = np.maximum(parts.genre + parts.shared, 0)
    of_films = np.maximum(parts.from_ratings, 0).sum(axis=1) - np.maximum(parts.shared, 0)
    # The first one wins a tie: without positive contributions, that is popularity.
    largest = np.maximum([parts.popularity, of_films, of_genres], 0).argmax(axis=0)
    # From here on, indices into `names`, in which each genre has its own.
    if genres:
        largest = np.where(largest == 2, 2 + parts.by_genre.argmax(axis=1), largest)
    names = ("popular", "many", *genres, "liked")
    largest[shares[:, :2].sum(axis=1) >= LEAST_SHARE] = len(names) - 1
    return [names[place] for place in largest.tolist()]
