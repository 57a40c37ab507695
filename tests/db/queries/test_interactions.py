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
