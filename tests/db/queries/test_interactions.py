"""Interactions for training, and the users who gave them."""

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from db.queries import interactions, ratings, users, views

pytestmark = pytest.mark.data_layer


def test_frame_for_training(films: Engine) -> None:
    with films.connect() as connection:
        frame = interactions.frame(connection)
    assert list(zip(frame["user_id"], frame["movie_id"], frame["rating"], strict=True)) == [
        (7, 1, 5.0),
        (7, 2, 4.0),
        (7, 4, 2.0),
        (8, 1, 4.0),
        (8, 2, 3.5),
    ]
    assert str(frame["rated_at"].dt.tz) == "UTC"


def test_frame_of_no_ratings(engine: Engine) -> None:
    with engine.connect() as connection:
        frame = interactions.frame(connection)
    assert frame.empty
    assert list(frame.columns) == ["user_id", "movie_id", "rating", "rated_at"]


def test_random_rater_has_rated_and_still_exists(films: Engine) -> None:
    with films.begin() as connection:
        here = users.register(connection, email="a@b.org", name="", password_hash="x")
        assert users.numbers_of_raters(connection) == (7, 8)
        assert interactions.random_rater(connection, registered=True) in {7, 8}
        connection.execute(text("DELETE FROM users WHERE id = 7"))
        ratings.put(connection, here.id, 1, 5.0)
    with films.begin() as connection:
        views.refresh(connection)

        def anybody(*, registered: bool) -> set[int | None]:
            return {interactions.random_rater(connection, registered=registered) for _ in range(30)}

        assert anybody(registered=False) == {8}
        assert anybody(registered=True) == {8, here.id}


def test_no_raters_at_first(engine: Engine) -> None:
    with engine.connect() as connection:
        assert users.numbers_of_raters(connection) is None
        assert interactions.random_rater(connection, registered=True) is None


def test_frame_of_some_users(films: Engine) -> None:
    with films.connect() as connection:
        frame = interactions.frame(connection, [8])
    assert frame[["user_id", "movie_id"]].to_numpy().tolist() == [[8, 1], [8, 2]]


def test_frame_larger_than_the_buffer(films: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with films.connect() as connection:
        whole = interactions.frame(connection)
        monkeypatch.setattr(interactions, "_BUFFER_BYTES", 50)
        pd.testing.assert_frame_equal(interactions.frame(connection), whole)


def test_users_are_sampled_if_there_are_more(films: Engine) -> None:
    with films.begin() as connection:
        connection.execute(text("INSERT INTO users (id) SELECT generate_series(100, 119)"))
        for user_id in range(100, 120):
            ratings.put(connection, user_id, 3, 4)
    with films.connect() as connection:
        assert interactions.sample_of_people(connection, 20, seed=1) is None
        drawn = interactions.sample_of_people(connection, 10, seed=1)
        assert drawn is not None
        assert len(set(drawn)) == 10
        assert drawn == interactions.sample_of_people(connection, 10, seed=1)
        assert drawn != interactions.sample_of_people(connection, 10, seed=2)


@pytest.fixture
def people(films: Engine) -> Engine:
    """Add users to 7 (likes films 1 and 2) and 8 (likes film 1); some of the new ones like nothing.

    User 20 likes films 3 and 4, user 30 only dislikes, user 31 has taken back a like, 32 has never
    rated, and user 40 likes film 2.
    """
    with films.begin() as connection:
        connection.execute(text("INSERT INTO users (id) VALUES (20), (30), (31), (32), (40)"))
        for user_id, movie_id, rating in [
            (20, 4, 5.0),
            (20, 3, 4.5),
            (30, 1, 3.5),
            (31, 1, 5.0),
            (40, 2, 4.0),
        ]:
            ratings.put(connection, user_id, movie_id, rating)
        ratings.delete(connection, 31, 1)
    return films


@pytest.mark.parametrize(
    ("size", "blocks"),
    [
        (1, [(7, 7, 2), (8, 8, 1), (20, 20, 2), (40, 40, 1)]),
        (3, [(7, 20, 5), (40, 40, 1)]),
        (4, [(7, 40, 6)]),
        (5, [(7, 40, 6)]),
    ],
)
def test_blocks_of_people_who_like_a_film(
    people: Engine, size: int, blocks: list[tuple[int, int, int]]
) -> None:
    with people.connect() as connection:
        assert interactions.blocks_of_people(connection, size) == blocks


def test_no_blocks_without_likes(engine: Engine) -> None:
    with engine.connect() as connection:
        assert interactions.blocks_of_people(connection, 10) == []


def test_likes_of_a_range_of_users(people: Engine) -> None:
    with people.connect() as connection:
        whole = interactions.frame(connection)
        found = interactions.likes_of(connection, 8, 31)
        nobody = interactions.likes_of(connection, 30, 32)
    assert found[["user_id", "movie_id", "rating"]].to_numpy().tolist() == [
        [8, 1, 4.0],
        [20, 3, 4.5],
        [20, 4, 5.0],
    ]
    of_them = whole["user_id"].between(8, 31) & (whole["rating"] >= 4)
    pd.testing.assert_frame_equal(found, whole[of_them].reset_index(drop=True))
    assert nobody.empty


def test_sums_of_films(people: Engine) -> None:
    with people.connect() as connection:
        sums = interactions.film_sums(connection)
    assert list(sums.columns) == ["movie_id", "ratings", "stars", "likes"]
    assert sums.to_numpy().tolist() == [
        [1, 3, 12.5, 2],
        [2, 3, 11.5, 2],
        [3, 1, 4.5, 1],
        [4, 2, 7.0, 1],
    ]


def test_sums_of_films_without_ratings(engine: Engine) -> None:
    with engine.connect() as connection:
        sums = interactions.film_sums(connection)
    assert sums.dtypes.astype(str).tolist() == ["int32", "int64", "float64", "int64"]
    assert sums.empty
