"""Validation, likes and splits of ratings and films."""

import numpy as np
import pandas as pd
import pytest

from recsys.data.dataset import (
    check_movies,
    check_ratings,
    likes,
    likes_and_dislikes,
    split_by_time,
)
from tests.recsys.frames import movies, ratings

FILMS = movies({1: (1990, ["Drama"]), 2: (None, [])})


def test_likes_are_four_stars_or_more_on_known_films() -> None:
    found = likes(
        ratings((7, 1, 4.0, 3), (7, 2, 3.5, 1), (5, 2, 5.0, 2), (5, 99, 5.0, 3), (6, 1, 1.0, 1)),
        np.array([1, 2], np.int32),
    )
    assert found.n_people == 2
    assert list(zip(found.people, found.films, strict=True)) == [(0, 1), (1, 0)]


def test_likes_are_oldest_first() -> None:
    found = likes(
        ratings((7, 3, 5.0, 9), (7, 1, 5.0, 3), (7, 2, 5.0, 4), (6, 3, 5.0, 1)),
        np.array([1, 2, 3], np.int32),
    )
    assert list(zip(found.people, found.films, strict=True)) == [(0, 2), (1, 0), (1, 1), (1, 2)]


def test_dislikes_of_people_with_likes() -> None:
    rows = ratings(
        *((7, 1, 5.0, 1), (7, 2, 2.5, 2), (7, 3, 4.0, 3), (7, 4, 0.5, 4), (7, 5, 3.0, 5)),
        *((8, 1, 1.0, 1), (8, 2, 2.0, 2)),  # likes nothing
        *((9, 2, 1.0, 1), (9, 2, 4.0, 2), (9, 3, 2.0, 1), (9, 9, 1.0, 3)),
    )
    movie_ids = np.array([1, 2, 3, 4, 5], np.int32)
    liked, found = likes_and_dislikes(rows, movie_ids)
    assert liked.people.tolist() == [0, 0, 1], "persons 7 and 9"
    assert liked.films.tolist() == likes(rows, movie_ids).films.tolist() == [0, 2, 1]
    assert found.people.tolist() == [0, 0, 1]
    assert found.films.tolist() == [1, 3, 2]
    assert found.stars.tolist() == [2.5, 0.5, 2.0]
    assert found.earlier.tolist() == [1, 2, 0]
    of_nine = found.of_people(np.array([1]))
    assert (of_nine.people.tolist(), of_nine.films.tolist()) == ([0], [2])
    likes_of_nine = liked.of_people(np.array([1]))
    assert (likes_of_nine.people.tolist(), likes_of_nine.films.tolist()) == ([0], [1])


def test_likes_of_one_time_do_not_follow_film_numbers() -> None:
    """Of a hundred people who like two films at the same time, about half have each order."""
    rows = [(person, film, 5.0, 1) for person in range(100) for film in (1, 2)]
    movie_ids = np.array([1, 2], np.int32)
    found = likes(ratings(*rows), movie_ids)
    assert 30 < (found.films[::2] == 0).sum() < 70
    again = likes(ratings(*rows[::-1]), movie_ids)
    assert again.films.tolist() == found.films.tolist(), "the order of the rows doesn't matter"


@pytest.mark.parametrize(
    ("seconds", "is_ordered"),
    [((1, 1, 1, 1), False), ((1, 1, 1, 2), False), ((1, 2, 2, 3), True), ((1,), True)],
)
def test_order_is_known_if_most_successive_likes_have_different_times(
    seconds: tuple[int, ...], is_ordered: bool
) -> None:
    rows = [(1, film, 5.0, second) for film, second in enumerate(seconds)]
    found = likes(ratings(*rows), np.arange(len(seconds), dtype=np.int32))
    assert found.is_ordered == is_ordered


def test_later_of_two_ratings_counts() -> None:
    found = likes(
        ratings((1, 1, 5.0, 1), (1, 1, 2.0, 2), (1, 2, 2.0, 1), (1, 2, 4.0, 2)),
        np.array([1, 2], np.int32),
    )
    assert found.films.tolist() == [1]


def test_split_holds_out_the_latest_fifth_ties_by_film() -> None:
    rows = [(1, film, 3.0, 0) for film in (5, 4, 3, 2, 1)]
    rows += [(2, film, 3.0, 10 - film) for film in (1, 2, 3)]
    rows += [(3, 8, 3.0, 1)]
    early, late = split_by_time(ratings(*rows))
    assert list(zip(early["user_id"], early["movie_id"], strict=True)) == [
        *((1, film) for film in (1, 2, 3, 4)),
        *((2, film) for film in (3, 2)),
    ]
    assert list(zip(late["user_id"], late["movie_id"], strict=True)) == [(1, 5), (2, 1), (3, 8)]


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("rating", [0.0], "column rating must be between 0.5 and 5"),
        ("rating", [5.5], "column rating must be between 0.5 and 5"),
        ("rating", ["5"], "column rating must be between 0.5 and 5"),
        ("rating", [None], "column rating has missing values"),
        ("user_id", [1.5], "column user_id must contain integers"),
        ("user_id", ["a"], "column user_id must contain integers"),
        ("movie_id", [-1], "column movie_id must contain integers"),
        ("movie_id", [2**31], "column movie_id must contain integers"),
        ("rated_at", [None], "column rated_at has missing values"),
        ("rated_at", [12], "column rated_at must contain datetimes"),
    ],
)
def test_invalid_ratings_are_named(column: str, value: list[object], text: str) -> None:
    frame = ratings((1, 1, 5.0, 1)).assign(**{column: pd.Series(value)})
    with pytest.raises(ValueError, match=f"ratings: {text}"):
        check_ratings(frame)


@pytest.mark.parametrize("column", ["user_id", "movie_id", "rating", "rated_at"])
def test_missing_column_of_ratings_is_named(column: str) -> None:
    with pytest.raises(ValueError, match=f"ratings: column {column} is missing"):
        check_ratings(ratings((1, 1, 5.0, 1)).drop(columns=column))


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("movie_id", [1, 1], "column movie_id has duplicates"),
        ("movie_id", [1, None], "column movie_id has missing values"),
        ("movie_id", ["1", "2"], "column movie_id must contain integers"),
        ("genres", ["Drama|Crime", "Drama"], "column genres must contain lists"),
        ("genres", [None, []], "column genres has missing values"),
        ("title", ["a", None], "column title has missing values"),
    ],
)
def test_invalid_films_are_named(column: str, value: list[object], text: str) -> None:
    with pytest.raises(ValueError, match=f"movies: {text}"):
        check_movies(FILMS.assign(**{column: pd.Series(value)}))


def test_valid_and_empty_frames_pass() -> None:
    check_ratings(ratings((1, 1, 0.5, 1), (1, 2, 5.0, 1)))
    check_ratings(ratings())
    check_movies(FILMS)
    check_movies(FILMS.iloc[:0])
