"""The scale of ratings, in the code and in the database."""

import math

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from db import scale


def test_scale_has_every_half_star() -> None:
    assert scale.STARS == (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0)
    assert (scale.STARS[0], scale.STARS[-1]) == (scale.LOWEST, scale.HIGHEST)
    assert {scale.LIKE, scale.DISLIKE} < {*scale.STARS}


@pytest.mark.parametrize("rating", [0, 0.25, 3.7, 5.5, -1, 1e300, math.nan, math.inf, -math.inf])
def test_other_numbers_are_off_the_scale(rating: float) -> None:
    assert not scale.is_on_scale(rating)


@pytest.mark.parametrize("rating", [0, *(half / 4 for half in range(1, 24)), 10, math.inf])
def test_database_has_the_same_scale(engine: Engine, rating: float) -> None:
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO movies (id, title) VALUES (1, 'Heat')"))
        connection.execute(text("INSERT INTO users (id) VALUES (1)"))
        insert = text(
            "INSERT INTO ratings (user_id, movie_id, rating, rated_at) "
            "VALUES (1, 1, :rating, now())"
        )
        try:
            connection.execute(insert, {"rating": rating})
        except IntegrityError:
            is_accepted = False
        else:
            is_accepted = True
        connection.rollback()
    assert is_accepted == scale.is_on_scale(rating)
