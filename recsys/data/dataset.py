"""Ratings and films as a model reads them: validated, sorted, numbered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_datetime64_any_dtype, is_integer_dtype, is_numeric_dtype

from db.scale import DISLIKE, HIGHEST, LIKE, LOWEST

_RATING_COLUMNS = ("user_id", "movie_id", "rating", "rated_at")
_MOVIE_COLUMNS = ("movie_id", "title", "year", "genres")

# With fewer different times, an order is mostly that of ties.
_ORDERED_SHARE = 0.5


@dataclass(frozen=True)
class Likes:
    """The likes of many people, each person's oldest like first.

    Attributes
    ----------
    people : int64 array (likes,)
        The person of each like, numbered 0, 1, 2, …; people without likes have no number.
    films : int64 array (likes,)
        Indices into the catalogue.
    counts : int64 array (all films,) or None
        How many of all people like each film, if these are the likes of a sample of them.
    is_ordered : bool
        Whether times say in which order most people liked films.
    """

    people: NDArray[np.int64]
    films: NDArray[np.int64]
    counts: NDArray[np.int64] | None = None
    is_ordered: bool = True

    @property
    def n_people(self) -> int:
        """The number of people who like at least one film."""
        return int(self.people[-1]) + 1 if len(self.people) else 0

    @property
    def bounds(self) -> NDArray[np.int64]:
        """Where each person's likes begin, and where the last one's end: int64 (people + 1,)."""
        return np.concatenate([[0], np.cumsum(np.bincount(self.people, minlength=self.n_people))])

    def of_people(self, people: NDArray[np.int64]) -> "Likes":
        """Return those of some people (ascending), who are numbered by their place there.

        Without `counts`.
        """
        is_in = np.isin(self.people, people)
        numbers = np.searchsorted(people, self.people[is_in])
        return Likes(numbers, self.films[is_in], is_ordered=self.is_ordered)

    def counts_of(self, n_films: int) -> NDArray[np.int64]:
        """Return how many of all people like each film: int64 array (films,)."""
        return np.bincount(self.films, minlength=n_films) if self.counts is None else self.counts


@dataclass(frozen=True)
class Dislikes:
    """The dislikes of people who like films, each person's oldest first.

    Attributes
    ----------
    people : int64 array (dislikes,)
        The person of each dislike, ascending, numbered as in their `Likes`.
    films : int64 array (dislikes,)
        Indices into the catalogue.
    stars : float64 array (dislikes,)
        From 0.5 to `DISLIKE`.
    earlier : int64 array (dislikes,)
        How many of their likes the person had given before.
    """

    people: NDArray[np.int64]
    films: NDArray[np.int64]
    stars: NDArray[np.float64]
    earlier: NDArray[np.int64]

    def of_people(self, people: NDArray[np.int64]) -> "Dislikes":
        """Return those of some people (ascending), who are numbered by their place there."""
        is_in = np.isin(self.people, people)
        return Dislikes(
            np.searchsorted(people, self.people[is_in]),
            self.films[is_in],
            self.stars[is_in],
            self.earlier[is_in],
        )


def check_ratings(ratings: pd.DataFrame) -> None:
    """Raise `ValueError` if no model can be trained on these ratings.

    Parameters
    ----------
    ratings : DataFrame
        user_id, movie_id (int), rating (0.5–5), rated_at (datetime); may be empty.

    Raises
    ------
    ValueError
        Names the column and what is wrong with it.
    """
    _need(ratings, _RATING_COLUMNS, "ratings")
    if ratings.empty:  # its columns may have any type
        return
    for column in ("user_id", "movie_id"):
        _need_whole_numbers(ratings[column], f"ratings: column {column}")
    stars = ratings["rating"]
    if not is_numeric_dtype(stars) or not stars.between(LOWEST, HIGHEST).all():
        raise ValueError("ratings: column rating must be between 0.5 and 5")
    if not is_datetime64_any_dtype(ratings["rated_at"]):
        raise ValueError("ratings: column rated_at must contain datetimes")


def check_movies(movies: pd.DataFrame) -> None:
    """Raise `ValueError` if these films can't form a catalogue.

    Parameters
    ----------
    movies : DataFrame
        movie_id (int, unique), title, year, genres (lists of str); may be empty.

    Raises
    ------
    ValueError
        Names the column and what is wrong with it.
    """
    _need(movies, _MOVIE_COLUMNS, "movies")
    if movies.empty:
        return
    _need_whole_numbers(movies["movie_id"], "movies: column movie_id")
    if movies["movie_id"].duplicated().any():
        raise ValueError("movies: column movie_id has duplicates")
    if not movies["genres"].map(lambda genres: isinstance(genres, list | tuple)).all():
        raise ValueError("movies: column genres must contain lists")


def likes(ratings: pd.DataFrame, movie_ids: NDArray[np.int32]) -> Likes:
    """Return the ratings of `LIKE` or more for films of the catalogue.

    Parameters
    ----------
    ratings : DataFrame
        user_id, movie_id, rating (0.5–5), rated_at (UTC). If a person rated a film twice, the
        later rating counts.
    movie_ids : int32 array (films,)
        The catalogue, ascending.

    Returns
    -------
    Likes
        Sorted by person, then by time. Likes of the same time are in an order of their own for each
        person, which doesn't follow film IDs: these would be a pattern for what reads the order.
    """
    return _likes(_latest(ratings, movie_ids), movie_ids)


def likes_and_dislikes(
    ratings: pd.DataFrame, movie_ids: NDArray[np.int32]
) -> tuple[Likes, Dislikes]:
    """Return the likes, and the ratings of `DISLIKE` or less by people who also like films.

    Parameters are as in `likes`, and so is what counts.
    """
    latest = _latest(ratings, movie_ids)
    return _likes(latest, movie_ids), _dislikes(latest, movie_ids)


def _likes(latest: pd.DataFrame, movie_ids: NDArray[np.int32]) -> Likes:
    liked = latest[latest["rating"] >= LIKE]
    people, _ = pd.factorize(liked["user_id"], sort=True)
    return Likes(
        np.asarray(people, dtype=np.int64),
        _indices(liked, movie_ids),
        is_ordered=_have_order(people, liked["rated_at"].to_numpy()),
    )


def _dislikes(latest: pd.DataFrame, movie_ids: NDArray[np.int32]) -> Dislikes:
    is_like = latest["rating"] >= LIKE
    earlier = is_like.astype(np.int64).groupby(latest["user_id"]).cumsum()
    people = np.unique(latest["user_id"][is_like])
    is_dislike = (latest["rating"] <= DISLIKE) & latest["user_id"].isin(people)
    disliked = latest[is_dislike]
    return Dislikes(
        np.searchsorted(people, disliked["user_id"]),
        _indices(disliked, movie_ids),
        disliked["rating"].to_numpy(np.float64),
        np.asarray(earlier[is_dislike], dtype=np.int64),
    )


def _latest(ratings: pd.DataFrame, movie_ids: NDArray[np.int32]) -> pd.DataFrame:
    """Return each person's last rating of each film, sorted by person, then by time."""
    tie = pd.util.hash_pandas_object(ratings[["user_id", "movie_id"]], index=False)
    # As integers: NumPy sorts times with a zone as objects.
    ratings = ratings.assign(
        rated_at=ratings["rated_at"].to_numpy("datetime64[ns]").astype(np.int64)
    )
    order = np.lexsort((tie, ratings["rated_at"], ratings["user_id"]))
    latest = ratings.iloc[order].drop_duplicates(["user_id", "movie_id"], keep="last")
    return latest[latest["movie_id"].isin(movie_ids)]


def _indices(ratings: pd.DataFrame, movie_ids: NDArray[np.int32]) -> NDArray[np.int64]:
    return np.searchsorted(movie_ids, ratings["movie_id"].to_numpy(np.int32)).astype(np.int64)


def joined(parts: Sequence[Likes]) -> Likes:
    """Return the likes of different people together, numbered in this order.

    Parameters
    ----------
    parts : sequence of Likes
        At least one; all are ordered if the first one is.

    Returns
    -------
    Likes
        Without `counts`.
    """
    first = np.cumsum([0, *(part.n_people for part in parts)])
    people = [part.people + start for part, start in zip(parts, first.tolist(), strict=False)]
    films = np.concatenate([part.films for part in parts])
    return Likes(np.concatenate(people), films, is_ordered=parts[0].is_ordered)


def sample(likes: Likes, most: int, n_films: int, seed: int) -> tuple[Likes, NDArray[np.int64]]:
    """Draw `most` random people; all if there are fewer.

    Parameters
    ----------
    likes : Likes
    most : int
    n_films : int
        The number of films in the catalogue.
    seed : int

    Returns
    -------
    likes : Likes
        Of the people drawn, who are numbered anew, with everybody's `counts`.
    drawn : int64 array (people,)
        The former number of each, ascending.
    """
    if likes.n_people <= most:
        return likes, np.arange(likes.n_people)
    numbers = np.random.default_rng(seed)
    drawn = np.sort(numbers.choice(likes.n_people, most, replace=False))
    return replace(likes.of_people(drawn), counts=likes.counts_of(n_films)), drawn


def _have_order(people: NDArray[np.int64], times: NDArray[np.int64]) -> bool:
    """Return whether most successive likes of a person have different times."""
    same_person = people[1:] == people[:-1]
    differ = (times[1:] != times[:-1])[same_person]
    return not len(differ) or bool(differ.mean() > _ORDERED_SHARE)


def split_by_time(
    ratings: pd.DataFrame, train_share: float = 0.8
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split each person's ratings by time: the earlier ones for training, the later ones for test.

    Of n ratings, `int(n * train_share)` go to training. Ties in time are ordered by film number.
    """
    by_time = ratings.sort_values(["user_id", "rated_at", "movie_id"], kind="stable")
    people = by_time.groupby("user_id")["movie_id"]
    is_early = people.cumcount() < (people.transform("size") * train_share).astype(int)
    return by_time[is_early], by_time[~is_early]


def _need(frame: pd.DataFrame, columns: tuple[str, ...], name: str) -> None:
    for column in columns:
        if column not in frame:
            raise ValueError(f"{name}: column {column} is missing")
        if column != "year" and frame[column].isna().any():
            raise ValueError(f"{name}: column {column} has missing values")


def _need_whole_numbers(numbers: pd.Series, name: str) -> None:
    if not is_integer_dtype(numbers) or not numbers.between(0, np.iinfo(np.int32).max).all():
        raise ValueError(f"{name} must contain integers from 0 to 2147483647")
