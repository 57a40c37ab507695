"""Histories as arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.data.history import NOT_INTERESTED, Opinions, read, read_each, rows_of
from tests.recsys.frames import history, ratings

FILMS = np.array([10, 20, 30, 40], np.int32)


def test_likes_are_oldest_first_and_all_ratings_count_as_rated() -> None:
    opinions = read(history((40, 4.0, 3), (10, 5.0, 9), (20, 3.5, 1), (30, 4.5, 5)), FILMS)
    assert opinions.rated.tolist() == [0, 1, 2, 3]
    assert opinions.liked.tolist() == [3, 2, 0]
    assert opinions.disliked.tolist() == []


def test_dislikes_are_ratings_up_to_two_and_a_half() -> None:
    rows = [(40, 2.5, 3), (10, 0.5, 9), (20, 3.0, 1), (30, NOT_INTERESTED, 5)]
    opinions = read(history(*rows), FILMS)
    assert opinions.disliked.tolist() == [3, 2, 0]
    assert opinions.stars.tolist() == [2.5, 0, 0.5]
    assert opinions.rated.tolist() == [0, 1, 2, 3]


def test_unknown_films_are_ignored() -> None:
    opinions = read(history((9, 5.0, 1), (25, 5.0, 2), (41, 1.0, 3), (20, 5.0, 4)), FILMS)
    assert opinions.rated.tolist() == opinions.liked.tolist() == [1]
    assert opinions.disliked.tolist() == []


def test_later_of_two_ratings_counts() -> None:
    rows = [(20, 5.0, 1), (20, 1.0, 2), (10, 1.0, 1), (10, 5.0, 9), (30, 5.0, 4)]
    opinions = read(history(*rows), FILMS)
    assert opinions.liked.tolist() == [2, 0]
    assert opinions.disliked.tolist() == [1]


def test_ties_in_time_are_ordered_by_film() -> None:
    opinions = read(history((30, 5.0, 7), (10, 5.0, 7), (20, 5.0, 7)), FILMS)
    assert opinions.liked.tolist() == [0, 1, 2]


def test_empty_history_and_empty_catalogue() -> None:
    for films in (FILMS, FILMS[:0]):
        assert _lists(read(history(), films)) == ([], [], [], [])
    assert _lists(read(history((10, 5.0, 1)), FILMS[:0])) == ([], [], [], [])


def _lists(opinions: Opinions) -> tuple[list[float], ...]:
    return tuple(each.tolist() for each in vars(opinions).values())


@pytest.mark.parametrize(
    "order", [["user_id"], ["user_id", "movie_id"], ["user_id", "rated_at", "movie_id"]]
)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(1, 3),
            st.sampled_from([10, 20, 25, 30, 40]),
            st.sampled_from([0.0, 1.0, 3.0, 5.0]),
            st.integers(0, 3),
        ),
        unique_by=lambda row: (row[0], row[1], row[3]),
        max_size=20,
    )
)
def test_read_each_equals_read_in_any_order(
    order: list[str], rows: list[tuple[int, int, float, int]]
) -> None:
    every = ratings(*rows).sort_values(order, kind="stable", ignore_index=True)
    frames = [own.drop(columns="user_id") for _, own in every.groupby("user_id")]
    for histories in (every, frames):
        found = read_each(rows_of(histories), FILMS)
        expected = [read(own, FILMS) for own in frames]
        assert [*map(_lists, found)] == [*map(_lists, expected)]
