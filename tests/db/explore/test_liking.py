"""Genres that the same people like."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from db.explore import liking
from db.explore.slices import EVERYTHING
from db.queries import views

pytestmark = pytest.mark.data_layer


def _likes(films: Engine, liked: dict[int, tuple[int, ...]], people: int = 20) -> Any:
    """Return `together` for that many users per list of films, who like only these films."""
    with films.begin() as connection:
        connection.execute(text("DELETE FROM ratings"))
        connection.execute(
            text("INSERT INTO users (id) SELECT id FROM generate_series(100, 999) AS id")
        )
        for first, numbers in liked.items():
            connection.execute(
                text(
                    "INSERT INTO ratings (user_id, movie_id, rating, rated_at) "
                    "SELECT person, film, 4, '2000-01-01' "
                    "FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS person, "
                    "unnest(CAST(:films AS int[])) AS film"
                ),
                {"first": first, "last": first + people - 1, "films": list(numbers)},
            )
        views.refresh(connection)
        result = liking.together(connection, EVERYTHING)
    pairs = result.pairs.set_index(["genre", "other"])
    return result.people, {
        pair: (None if lift != lift else round(lift, 3), count)
        for pair, lift, count in zip(pairs.index, pairs["lift"], pairs["people"], strict=True)
    }


def test_genres_liked_by_the_same_users(films: Engine) -> None:
    # Heat is Crime, Fargo Crime and Drama, Solaris Sci-Fi. A film isn't paired with itself: of the
    # two ordered pairs only (Heat, Fargo) is of Crime and Drama, and half of the films are Drama.
    assert _likes(films, {100: (1, 2)}) == (
        20,
        {
            ("Crime", "Crime"): (1.0, 20),
            ("Crime", "Drama"): (1.0, 20),
            ("Drama", "Crime"): (1.0, 20),
            ("Drama", "Drama"): (0.0, 20),
        },
    )


def test_each_user_has_the_same_weight(films: Engine) -> None:
    people, pairs = _likes(films, {100: (1, 2), 200: (1, 4)})
    assert people == 40
    # Crime: all and half of the likes, so 0.75; Sci-Fi: none and half. Together in no pair of the
    # first, in one of the two ordered pairs of the second: 0.25 / (0.75 * 0.25).
    assert pairs["Crime", "Sci-Fi"] == (1.333, 20)


def test_few_users_give_no_lift(films: Engine) -> None:
    people, pairs = _likes(films, {100: (1, 4)}, people=19)
    assert people == 19
    assert pairs["Crime", "Sci-Fi"] == (None, 19)


def test_one_like_gives_no_pair(films: Engine) -> None:
    assert _likes(films, {100: (1,)}) == (0, {})
