"""What strangers rate, in a real Redis."""

from uuid import UUID, uuid4

import pandas as pd
import pytest
from redis import Redis
from sqlalchemy import Engine, text

from db import ratings, users
from recsys.picks import MOST, Picks, PicksAwayError, TooManyPicksError

pytestmark = pytest.mark.data_layer


@pytest.fixture
def installation() -> UUID:
    return uuid4()


@pytest.fixture
def picks(redis_client: Redis, installation: UUID) -> Picks:
    return Picks(redis_client, installation)


def _kept(history: pd.DataFrame) -> list[tuple[int, float]]:
    return list(zip(history["movie_id"], history["rating"], strict=True))


def test_ratings_come_back_in_the_order_they_were_given(picks: Picks) -> None:
    picks.put("visitor", 2, 4.0)
    picks.put("visitor", 1, 5.0)
    picks.put("visitor", 3, 0.5)
    picks.put("visitor", 2, 3.5)
    assert _kept(picks.of("visitor").history) == [(1, 5.0), (3, 0.5), (2, 3.5)]
    assert str(picks.of("visitor").history["rated_at"].dt.tz) == "UTC"


def test_each_visitor_has_their_own(picks: Picks) -> None:
    picks.put("visitor", 1, 5.0)
    assert picks.of("another").history.empty
    assert picks.of(None).history.empty


def test_taking_a_rating_back(picks: Picks) -> None:
    picks.put("visitor", 1, 5.0)
    picks.remove("visitor", 1)
    picks.remove("visitor", 1)
    assert picks.of("visitor").history.empty


def test_they_last_thirty_days_and_the_cookie_is_not_in_the_key(
    picks: Picks, redis_client: Redis, installation: UUID
) -> None:
    picks.put("secret-of-the-browser", 1, 5.0)
    (key,) = redis_client.keys(f"five-films:{installation}:*")
    assert b"secret-of-the-browser" not in key
    assert 29.9 * 86_400 < redis_client.ttl(key) <= 30 * 86_400


@pytest.mark.parametrize("rating", [0.0, 0.7, 5.5, -1.0, float("nan"), float("inf")])
def test_only_half_stars(picks: Picks, rating: float) -> None:
    with pytest.raises(ValueError, match="half-star"):
        picks.put("visitor", 1, rating)
    assert picks.of("visitor").history.empty


def test_a_stranger_cannot_fill_redis(picks: Picks) -> None:
    for movie_id in range(MOST):
        picks.put("visitor", movie_id, 4.0)
    with pytest.raises(TooManyPicksError):
        picks.put("visitor", MOST, 4.0)
    picks.put("visitor", 0, 1.0)
    assert len(picks.of("visitor").history) == MOST


def test_redis_away_is_said_when_something_should_be_kept(dead_redis: Redis) -> None:
    picks = Picks(dead_redis, uuid4())
    assert picks.of("visitor").history.empty
    with pytest.raises(PicksAwayError):
        picks.put("visitor", 1, 5.0)
    with pytest.raises(PicksAwayError):
        picks.remove("visitor", 1)


def test_an_account_takes_them_over_and_its_own_rating_stays(picks: Picks, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO movies (id, title) VALUES (1, 'Heat'), (2, 'Fargo')"))
        user = users.register(connection, email="a@b.org", name="", password_hash="x")
        ratings.put(connection, user.id, 1, 2.0)
    picks.put("visitor", 1, 5.0)
    picks.put("visitor", 2, 4.5)
    picks.put("visitor", 99, 4.5)  # a film that is gone meanwhile

    assert picks.adopt(engine, "visitor", user) == 1

    with engine.connect() as connection:
        assert _kept(ratings.history(connection, user.id)) == [(1, 2.0), (2, 4.5)]
        now = users.by_id(connection, user.id)
    assert now is not None
    assert now.ratings_revision == 2
    assert picks.of("visitor").history.empty
    assert picks.adopt(engine, "visitor", user) == 0
