"""Ratings, and the revision that changes with them."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from db.queries import histories, ratings, users

pytestmark = pytest.mark.data_layer


def _revision(engine: Engine, user_id: int) -> int:
    with engine.connect() as connection:
        user = users.by_id(connection, user_id)
    assert user is not None
    return user.ratings_revision


def test_history_is_oldest_first(films: Engine) -> None:
    with films.connect() as connection:
        history = histories.frame(connection, 7)
    assert history["movie_id"].tolist() == [1, 2, 4]
    assert history["rating"].tolist() == [5.0, 4.0, 2.0]
    assert str(history["rated_at"].iloc[0]) == "2000-01-31 23:59:59+00:00"


def test_putting_a_rating_twice_leaves_one(films: Engine) -> None:
    for stars in (3.0, 4.5):
        with films.begin() as connection:
            ratings.put(connection, 8, 3, stars)
    with films.connect() as connection:
        assert set(histories.frame(connection, 8)["movie_id"]) == {1, 2, 3}
        assert ratings.count(connection, 8) == 3
        assert histories.frame(connection, 8)["rating"].tolist() == [4.0, 3.5, 4.5]
    assert _revision(films, 8) == 2


def test_rolled_back_rating_changes_no_revision(films: Engine) -> None:
    with films.connect() as connection:
        ratings.put(connection, 8, 3, 5)
        connection.rollback()
    assert _revision(films, 8) == 0


@pytest.mark.parametrize("stars", [0.0, 0.25, 4.75, 5.5, -1.0, float("nan"), float("inf")])
def test_only_half_stars_from_a_half_to_five(films: Engine, stars: float) -> None:
    with pytest.raises(IntegrityError), films.begin() as connection:
        ratings.put(connection, 8, 3, stars)
    with films.connect() as connection:
        assert set(histories.frame(connection, 8)["movie_id"]) == {1, 2}


def test_deleting(films: Engine) -> None:
    with films.begin() as connection:
        assert ratings.delete(connection, 7, 1) is True
        assert ratings.delete(connection, 7, 1) is False
    with films.connect() as connection:
        assert set(histories.frame(connection, 7)["movie_id"]) == {2, 4}
    assert _revision(films, 7) == 1


def test_ratings_are_deleted_with_their_user(films: Engine) -> None:
    with films.begin() as connection:
        connection.execute(text("DELETE FROM users WHERE id = 7"))
        assert connection.scalar(text("SELECT count(*) FROM ratings")) == 2
