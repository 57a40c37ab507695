"""What a model makes of somebody's ratings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys.dataset import LIKE

# The rating that stands in a history for a film that somebody isn't interested in.
NOT_INTERESTED = 0.0


@dataclass(frozen=True)
class History:
    """Somebody's ratings as a model reads them.

    Attributes
    ----------
    rated : int64 array
        Indices of all known films in it, liked or not: none of them is recommended.
    liked : int64 array (n,)
        Indices of the newest likes, oldest first.
    weights, fresh : float64 arrays (n,)
        What each like counts, in all and for what is liked soon, already multiplied by `alpha`.
    alpha : float
        The model's share against popularity's.
    """

    rated: NDArray[np.int64]
    liked: NDArray[np.int64]
    weights: NDArray[np.float64]
    fresh: NDArray[np.float64]
    alpha: float


@dataclass(frozen=True, eq=False)
class Rows:
    """The ratings of `n_people` people, in any order.

    Attributes
    ----------
    n_people : int
        Some may have rated nothing.
    people : int64 array (ratings,)
        Whose they are, from 0.
    films : int64 array (ratings,)
        Films' numbers.
    stars : float array (ratings,)
    times : datetime64 array (ratings,)
    """

    n_people: int
    people: NDArray[np.int64]
    films: NDArray[np.int64]
    stars: NDArray[np.floating[Any]]
    times: NDArray[np.datetime64]


def rated_and_liked(
    history: pd.DataFrame, movie_ids: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of the known films that somebody rated, and of those they like, oldest first.

    Of two ratings of one film the later one counts. In numpy, for pandas takes milliseconds to
    sort a few rows, and this stands before every list.

    Parameters
    ----------
    history : DataFrame
        movie_id, rating, rated_at.
    movie_ids : int32 array (films,)
        The catalogue, ascending.
    """
    films = history["movie_id"].to_numpy(np.int64)
    order = np.lexsort((films, history["rated_at"].to_numpy("datetime64[ns]")))
    places, is_known = find(films[order], movie_ids)
    places, is_like = places[is_known], history["rating"].to_numpy()[order][is_known] >= LIKE
    rated, from_the_end = np.unique(places[::-1], return_index=True)
    last = np.sort(len(places) - 1 - from_the_end)
    return rated, places[last][is_like[last]]


def rows_of(histories: Sequence[pd.DataFrame] | pd.DataFrame) -> Rows:
    """The ratings of one frame for each person, or of one of all, with a column user_id.

    The people of one frame come by their number.
    """
    if isinstance(histories, pd.DataFrame):
        every = histories
        numbers, people = np.unique(every["user_id"].to_numpy(), return_inverse=True)
        n_people = len(numbers)
    else:
        n_people = len(histories)
        people = np.repeat(np.arange(n_people), [len(history) for history in histories])
        # Empty frames of any types would change those of the others.
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


def rated_and_liked_of_each(
    rows: Rows, movie_ids: NDArray[np.int32]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """`rated_and_liked` of many people at once.

    Parameters
    ----------
    rows : Rows
    movie_ids : int32 array (films,)
        The catalogue, ascending.
    """
    people, films, stars, n_people = rows.people, rows.films, rows.stars, rows.n_people
    if not _are_in_order(people, rows.times, films):
        # Of a stable sort those of one time stay by film where they came so, as from the database.
        is_by_film = _are_in_order(people, films)
        order = np.lexsort((rows.times, people) if is_by_film else (films, rows.times, people))
        people, films, stars = people[order], films[order], stars[order]
    places, is_known = find(films, movie_ids)
    people, places = people[is_known], places[is_known]
    is_like = stars[is_known] >= LIKE

    # The last of each person's ratings of a film, by person and film, and then by time.
    of_whom_and_what = people * len(movie_ids) + places
    _, from_the_end = np.unique(of_whom_and_what[::-1], return_index=True)
    by_film = len(places) - 1 - from_the_end
    by_time = np.sort(by_film)
    by_time = by_time[is_like[by_time]]
    ends = np.arange(n_people + 1)
    rated = pairwise(np.searchsorted(people[by_film], ends).tolist())
    liked = pairwise(np.searchsorted(people[by_time], ends).tolist())
    return [
        (places[by_film[slice(*each)]], places[by_time[slice(*likes)]])
        for each, likes in zip(rated, liked, strict=True)
    ]


def _are_in_order(*keys: NDArray[Any]) -> bool:
    """Whether each place is by these keys, the first counting most, not before the one before."""
    ties = np.ones(max(len(keys[0]) - 1, 0), bool)
    for key in keys:
        if (ties & (key[1:] < key[:-1])).any():
            return False
        ties &= key[1:] == key[:-1]
    return True


def find(
    wanted: NDArray[np.int64], movie_ids: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where films stand in the ascending `movie_ids`, and whether they do."""
    places = np.searchsorted(movie_ids, wanted)
    inside = np.minimum(places, len(movie_ids) - 1)
    is_known = movie_ids[inside] == wanted if len(movie_ids) else np.zeros(len(wanted), np.bool_)
    return places.astype(np.int64), is_known
