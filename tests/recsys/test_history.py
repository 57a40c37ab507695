"""What a model makes of somebody's ratings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.history import rated_and_liked, rated_and_liked_of_each, rows_of
from tests.recsys.frames import history, ratings

FILMS = np.array([10, 20, 30, 40], np.int32)


def test_likes_come_oldest_first_and_dislikes_count_as_rated() -> None:
    rated, liked = rated_and_liked(
        history((40, 4.0, 3), (10, 5.0, 9), (20, 3.5, 1), (30, 4.5, 5)), FILMS
    )
    assert rated.tolist() == [0, 1, 2, 3]
    assert liked.tolist() == [3, 2, 0]


def test_unknown_films_are_ignored() -> None:
    rated, liked = rated_and_liked(
        history((9, 5.0, 1), (25, 5.0, 2), (41, 5.0, 3), (20, 5.0, 4)), FILMS
    )
    assert rated.tolist() == [1]
    assert liked.tolist() == [1]


def test_the_later_of_two_ratings_counts() -> None:
    _, liked = rated_and_liked(
        history((20, 5.0, 1), (20, 1.0, 2), (10, 1.0, 1), (10, 5.0, 9), (30, 5.0, 4)), FILMS
    )
    assert liked.tolist() == [2, 0]


def test_ties_in_time_go_by_film_number() -> None:
    _, liked = rated_and_liked(history((30, 5.0, 7), (10, 5.0, 7), (20, 5.0, 7)), FILMS)
    assert liked.tolist() == [0, 1, 2]


def test_nothing_rated_and_nothing_known() -> None:
    for films in (FILMS, FILMS[:0]):
        rated, liked = rated_and_liked(history(), films)
        assert rated.tolist() == liked.tolist() == []
    rated, _ = rated_and_liked(history((10, 5.0, 1)), FILMS[:0])
    assert rated.tolist() == []


@pytest.mark.parametrize(
    "order", [["user_id"], ["user_id", "movie_id"], ["user_id", "rated_at", "movie_id"]]
)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(1, 3),
            st.sampled_from([10, 20, 25, 30, 40]),
            st.sampled_from([1.0, 5.0]),
            st.integers(0, 3),
        ),
        unique_by=lambda row: (row[0], row[1], row[3]),
        max_size=20,
    )
)
def test_of_many_at_once_as_of_each_in_whatever_order_they_come(
    order: list[str], rows: list[tuple[int, int, float, int]]
) -> None:
    every = ratings(*rows).sort_values(order, kind="stable", ignore_index=True)
    frames = [own.drop(columns="user_id") for _, own in every.groupby("user_id")]
    for histories in (every, frames):
        found = rated_and_liked_of_each(rows_of(histories), FILMS)
        assert len(found) == len(frames)
        for (rated, liked), own in zip(found, frames, strict=True):
            expected_rated, expected_liked = rated_and_liked(own, FILMS)
            assert rated.tolist() == expected_rated.tolist()
            assert liked.tolist() == expected_liked.tolist()
