"""Batches of lists equal lists computed one by one."""

import pytest
from redis import Redis
from sqlalchemy import Engine

from db.queries import marks, ratings, users
from db.queries.statistics import installation
from db.queries.users import User
from recsys.serving.batches import recommend_to_each
from recsys.serving.cache import LIST_LENGTH, ListCache
from recsys.serving.lists import Served
from recsys.serving.recommender import Recommender
from tests.recsys.frames import ids

pytestmark = pytest.mark.data_layer

RATERS = range(1, 9)


@pytest.fixture
def copied_database(database_of_a_catalogue: str) -> str:
    """Return a database with 12 films, 8 raters and no model."""
    return database_of_a_catalogue


@pytest.fixture
def alone(trained: Recommender, engine: Engine, dead_redis: Redis) -> Recommender:
    """Return a recommender without Redis, which computes each list."""
    with engine.connect() as connection:
        return Recommender(engine, ListCache(dead_redis, installation(connection)))


def _user(engine: Engine, number: int) -> User:
    with engine.connect() as connection:
        user = users.by_id(connection, number)
    assert user is not None
    return user


def _everybody(engine: Engine) -> list[User]:
    """Return all raters, and new users with nothing, with a dislike and with two marks.

    One rater has marked two films, three users have chosen a style, and three have stored filters.
    """
    with engine.begin() as connection:
        new = [
            users.register(connection, email=f"{name}@mail.com", name="", password_hash="x").id
            for name in ("nothing", "dislike", "mark")
        ]
        ratings.put(connection, new[1], 5, 1.0)
        marks.put(connection, new[2], 6, "seen")
        marks.put(connection, 3, 11, "later")
        marks.put(connection, 3, 12, "dismissed")
        marks.put(connection, new[2], 7, "dismissed")
        users.set_style(connection, 3, "adventurous")
        users.set_style(connection, 5, "popular")
        users.set_style(connection, new[1], "adventurous")
        users.set_filters(connection, 4, ["Drama"], None)
        users.set_filters(connection, 6, [], 120)
        users.set_filters(connection, new[0], ["Comedy", "No longer a genre"], None)
    return [_user(engine, number) for number in (*RATERS, *new)]


def _agree(given: Served, expected: Served) -> None:
    assert ids(given.items) == ids(expected.items)
    assert (given.kind, given.model_version, given.label, given.style) == (
        expected.kind,
        expected.model_version,
        expected.label,
        expected.style,
    )
    for mine, theirs in zip(given.items, expected.items, strict=True):
        assert mine.score == pytest.approx(theirs.score, abs=1e-6)
        assert mine.basis == theirs.basis
        assert [why.movie_id for why in mine.reasons] == [why.movie_id for why in theirs.reasons]
        assert [why.share for why in mine.reasons] == pytest.approx(
            [why.share for why in theirs.reasons], abs=1e-6
        )


def test_batch_equals_single_lists(
    engine: Engine, trained: Recommender, alone: Recommender
) -> None:
    people = _everybody(engine)
    given = recommend_to_each(engine, trained, [(user, 5) for user in people])
    for user, served in zip(people, given, strict=True):
        assert not served.cached
        _agree(served, alone.recommend(user))
    assert {served.kind for served in given} == {"known", "cold"}
    assert {served.style for served in given} == {"popular", "balanced", "adventurous"}
    assert any(item.reasons for served in given for item in served.items)
    assert not {11, 12} & set(ids(given[2].items))


def test_batch_before_the_first_training(
    engine: Engine, redis_client: Redis, dead_redis: Redis
) -> None:
    with engine.connect() as connection:
        own = installation(connection)
    people = [_user(engine, number) for number in RATERS]
    recommender = Recommender(engine, ListCache(redis_client, own))
    given = recommend_to_each(engine, recommender, [(user, 5) for user in people])
    alone = Recommender(engine, ListCache(dead_redis, own))
    for user, served in zip(people, given, strict=True):
        _agree(served, alone.recommend(user))


def test_long_history_has_its_own_block(
    engine: Engine, trained: Recommender, alone: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recsys.models.contributions._FILMS_AT_ONCE", 5)
    people = _everybody(engine)
    given = recommend_to_each(engine, trained, [(user, 5) for user in people])
    for user, served in zip(people, given, strict=True):
        _agree(served, alone.recommend(user))


def test_batch_caches_whole_lists(engine: Engine, trained: Recommender) -> None:
    first, second = _user(engine, 1), _user(engine, 2)
    made = recommend_to_each(engine, trained, [(first, 2)])
    whole = trained.recommend(first, limit=LIST_LENGTH)
    assert whole.cached
    assert len(whole.items) == 6, "all films except rated ones"
    assert whole.items[:2] == made[0].items
    hits, misses = trained.cache.hits, trained.cache.misses
    again = recommend_to_each(engine, trained, [(second, 3), (first, 3), (first, 1)])
    assert [served.cached for served in again] == [False, True, True]
    assert again[1].items == whole.items[:3]
    assert again[2].items == whole.items[:1]
    assert (trained.cache.hits, trained.cache.misses) == (hits + 1, misses + 1)
    assert trained.recommend(second).cached


def test_lists_are_never_stale(engine: Engine, trained: Recommender, alone: Recommender) -> None:
    before = _user(engine, 1)
    other = _user(engine, 2)
    assert {7, 8} <= set(ids(recommend_to_each(engine, trained, [(before, 100)])[0].items))
    with engine.begin() as connection:
        ratings.put(connection, 1, 7, 5.0)
        marks.put(connection, 1, 8, "seen")
    # Also for a user read before the rating: films rated since are left out of the cached list.
    for user in (before, _user(engine, 1)):
        mine, theirs = recommend_to_each(engine, trained, [(user, 100), (other, 100)])
        assert not {7, 8} & set(ids(mine.items))
        _agree(theirs, alone.recommend(other, limit=100))


def test_lists_are_computed_without_redis_and_without_waiting(
    engine: Engine, alone: Recommender, trained: Recommender, redis_client: Redis
) -> None:
    people = [_user(engine, number) for number in RATERS]
    with engine.connect() as connection:
        own = installation(connection)
    given = recommend_to_each(
        engine, alone, [(user, number) for number, user in enumerate(people, 1)]
    )
    assert [len(served.items) for served in given[:3]] == [1, 2, 3]
    assert alone.cache.failures == 1
    recommend_to_each(engine, alone, [(user, 5) for user in people])
    assert alone.cache.failures == 1
    assert not alone.cache.is_available
    assert not list(redis_client.scan_iter(f"*{own}*"))


def test_deleted_account_gets_popular_films(engine: Engine, trained: Recommender) -> None:
    gone, other = _user(engine, 1), _user(engine, 2)
    with engine.begin() as connection:
        users.delete(connection, 1)
    nobody, somebody = recommend_to_each(engine, trained, [(gone, 5), (other, 5)])
    assert nobody.kind == "cold"
    assert ids(nobody.items) == ids(trained.recommend(None).items)
    assert somebody.kind == "known"


def test_empty_batch(engine: Engine, trained: Recommender, alone: Recommender) -> None:
    alone.recommend(None)  # so that it notices that Redis is unavailable
    assert recommend_to_each(engine, alone, []) == recommend_to_each(engine, trained, []) == []
