"""Histories as arrays of indices into a catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from db.scale import DISLIKE, LIKE
from recsys.data.features import find

# The rating that represents the mark "not interested" in a history.
NOT_INTERESTED = 0.0


@dataclass(frozen=True)
class Opinions:
    """One person's ratings, as indices into the catalogue.

    Attributes
    ----------
    rated : int64 array (rated,)
        All films of the history that the catalogue has, whatever their stars, ascending. None of
        them is recommended.
    liked : int64 array (liked,)
        Oldest first.
    disliked : int64 array (disliked,)
        Oldest first.
    stars : float array (disliked,)
        The stars of the disliked films, `NOT_INTERESTED` or 0.5 to `DISLIKE`.
    """

    rated: NDArray[np.int64]
    liked: NDArray[np.int64]
    disliked: NDArray[np.int64]
    stars: NDArray[np.floating[Any]]


def liking(films: NDArray[np.int64]) -> Opinions:
    """Return the opinions of a person who likes these films, oldest first, and rated no others."""
    return Opinions(films, films, films[:0], np.zeros(0))


@dataclass(frozen=True, eq=False)
class Rows:
    """The ratings of `n_people` people, in any order.

    Attributes
    ----------
    n_people : int
        Including people without ratings.
    people : int64 array (ratings,)
        The person of each rating, from 0.
    films : int64 array (ratings,)
        Film IDs.
    stars : float array (ratings,)
        From 0.5 to 5, or `NOT_INTERESTED`.
    times : datetime64 array (ratings,)
        In UTC.
    """

    n_people: int
    people: NDArray[np.int64]
    films: NDArray[np.int64]
    stars: NDArray[np.floating[Any]]
    times: NDArray[np.datetime64]


def read(history: pd.DataFrame | Rows, movie_ids: NDArray[np.int32]) -> Opinions:
    """Read one person's history; if it has a film twice, the later rating counts.

    In numpy: pandas takes milliseconds to sort a few rows, and every list needs this.

    Parameters
    ----------
    history : DataFrame or Rows
        movie_id, rating (0.5–5, or `NOT_INTERESTED`), rated_at (UTC), or one person's rows.
    movie_ids : int32 array (films,)
        The catalogue, ascending.

    Returns
    -------
    Opinions
    """
    films, stars, times = _columns(history)
    if not _are_in_order(times, films):
        order = np.lexsort((films, times))
        films, stars = films[order], stars[order]
    places, is_known = find(films, movie_ids)
    places, stars = places[is_known], stars[is_known]
    rated = np.sort(places)
    if (rated[1:] == rated[:-1]).any():
        rated, from_the_end = np.unique(places[::-1], return_index=True)
        last = np.sort(len(places) - 1 - from_the_end)
        places, stars = places[last], stars[last]
    is_disliked = stars <= DISLIKE
    return Opinions(rated, places[stars >= LIKE], places[is_disliked], stars[is_disliked])


def rows_of(histories: Sequence[pd.DataFrame] | pd.DataFrame) -> Rows:
    """Convert one frame for each person, or one frame with a column user_id, to rows.

    The people of a single frame are ordered by user_id.
    """
    if isinstance(histories, pd.DataFrame):
        every = histories
        numbers, people = np.unique(every["user_id"].to_numpy(), return_inverse=True)
        n_people = len(numbers)
    else:
        n_people = len(histories)
        people = np.repeat(np.arange(n_people), [len(history) for history in histories])
        # Empty frames can have any column types, which would change those of the others.
        filled = [history for history in histories if len(history)]
        nothing = pd.DataFrame({"movie_id": [], "rating": [], "rated_at": []})
        every = pd.concat(filled or [nothing], ignore_index=True)
    return Rows(
        n_people,
        people,
        every["movie_id"].to_numpy(np.int64),
        every["rating"].to_numpy(),
        pd.to_datetime(every["rated_at"], utc=True).to_numpy("datetime64[ns]"),
    )


def read_each(rows: Rows, movie_ids: NDArray[np.int32]) -> list[Opinions]:
    """Read the histories of many people at once, like `read`.

    Parameters
    ----------
    rows : Rows
    movie_ids : int32 array (films,)
        The catalogue, ascending.

    Returns
    -------
    list of Opinions
        One for each of the `n_people` people, in their order.
    """
    people, films, stars, n_people = rows.people, rows.films, rows.stars, rows.n_people
    if not _are_in_order(people, rows.times, films):
        # The sort is stable: rows that come ordered by film, as from the database, stay so within
        # one time.
        is_by_film = _are_in_order(people, films)
        order = np.lexsort((rows.times, people) if is_by_film else (films, rows.times, people))
        people, films, stars = people[order], films[order], stars[order]
    places, is_known = find(films, movie_ids)
    people, places, stars = people[is_known], places[is_known], stars[is_known]

    # Each person's last rating of each film, first ordered by person and film, then by time.
    of_whom_and_what = people * len(movie_ids) + places
    _, from_the_end = np.unique(of_whom_and_what[::-1], return_index=True)
    by_film = len(places) - 1 - from_the_end
    by_time = np.sort(by_film)
    liked = by_time[stars[by_time] >= LIKE]
    disliked = by_time[stars[by_time] <= DISLIKE]
    ends = np.arange(n_people + 1)

    def of_each(rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        bounds = np.searchsorted(people[rows], ends).tolist()
        return [rows[start:end] for start, end in pairwise(bounds)]

    return [
        Opinions(places[rated], places[likes], places[dislikes], stars[dislikes])
        for rated, likes, dislikes in zip(
            of_each(by_film), of_each(liked), of_each(disliked), strict=True
        )
    ]


def _columns(history: pd.DataFrame | Rows) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return films, stars and times."""
    if isinstance(history, Rows):
        return history.films, history.stars, history.times
    films, stars = history["movie_id"].to_numpy(np.int64), history["rating"].to_numpy()
    return films, stars, _moments(history["rated_at"])


def _moments(times: pd.Series) -> NDArray[Any]:
    """Return values that sort like the times, without the slower conversion to datetime64."""
    found = times.array
    if isinstance(found, pd.arrays.DatetimeArray):
        return np.asarray(found.view("i8"))
    return times.to_numpy("M8[ns]")


def _are_in_order(*keys: NDArray[Any]) -> bool:
    """Return whether rows are sorted by these keys, the first key being the most significant."""
    ties = np.ones(max(len(keys[0]) - 1, 0), bool)
    for key in keys:
        if (ties & (key[1:] < key[:-1])).any():
            return False
        ties &= key[1:] == key[:-1]
    return True
