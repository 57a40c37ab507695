"""Lists with the filters that a person has stored."""

import pytest
from redis import Redis
from sqlalchemy import Engine, text

from db.queries import users
from db.queries.users import User
from recsys.serving.filters import Filters
from recsys.serving.guests import GuestRatings
from recsys.serving.recommender import Recommender
from tests.cached import cached_lists
from tests.catalogue import add_lengths
from tests.recsys.frames import ids, likes

pytestmark = pytest.mark.data_layer

NO_COMEDY = Filters(not_genres=("Comedy",))


@pytest.fixture
def copied_database(database_of_a_catalogue: str) -> str:
    """Return a database with the small catalogue; rater 1 hasn't rated films 7 to 12."""
    return database_of_a_catalogue


def _rater(engine: Engine, *not_genres: str, max_minutes: int | None = None) -> User:
    """Return rater 1 after these filters were stored for them."""
    with engine.begin() as connection:
        users.set_filters(connection, 1, not_genres, max_minutes)
        user = users.by_id(connection, 1)
    assert user is not None
    return user


def test_stored_filters_apply_to_lists_without_others(engine: Engine, trained: Recommender) -> None:
    rater = _rater(engine, "Comedy")
    assert {*ids(trained.recommend(rater, limit=100).items)} == {7, 9, 10, 12}
    assert {*ids(trained.recommend_without(rater, [7], limit=100))} == {9, 10, 12}
    everything = trained.recommend(rater, filters=Filters(), limit=100)
    assert {*ids(everything.items)} == {7, 8, 9, 10, 11, 12}


def test_stored_length_applies_to_lists_without_another(
    engine: Engine, trained: Recommender
) -> None:
    """A film of exactly that length is listed, one of unknown length isn't.

    Lengths may change without a data load, so nothing is cached.
    """
    with engine.begin() as connection:
        add_lengths(connection)
    rater = _rater(engine, "Romance", max_minutes=130)
    for _ in range(2):
        served = trained.recommend(rater, limit=100)
        assert (served.cached, {*ids(served.items)}) == (False, {7, 8})
    shorter = trained.recommend(rater, filters=Filters(max_minutes=129), limit=100)
    assert {*ids(shorter.items)} == {8, 11}
    with engine.begin() as connection:
        connection.execute(text("UPDATE movie_details SET imdb_minutes = 131 WHERE movie_id = 7"))
    assert {*ids(trained.recommend(rater, limit=100).items)} == {8}


def test_list_is_cached_until_other_filters_are_stored(
    engine: Engine, trained: Recommender, redis_client: Redis
) -> None:
    """A person has one list in Redis of each style and genre, however often they change filters."""
    for not_genres, listed in (
        ((), {7, 8, 9, 10, 11, 12}),
        (("Comedy",), {7, 9, 10, 12}),
        (("Comedy", "Western"), {9, 10, 12}),
        ((), {7, 8, 9, 10, 11, 12}),
    ):
        rater = _rater(engine, *not_genres)
        for is_cached in (False, True):
            served = trained.recommend(rater, limit=100)
            assert (served.cached, {*ids(served.items)}) == (is_cached, listed)
        assert len(cached_lists(redis_client, engine, "1")) == 1


def test_list_of_a_genre_with_stored_filters_is_cached(
    engine: Engine, trained: Recommender
) -> None:
    rater = _rater(engine, "Comedy")
    filters = Filters(("drama",), not_genres=("comedy",))
    assert not trained.recommend(rater, filters=filters).cached
    served = trained.recommend(rater, filters=filters)
    assert (served.cached, {*ids(served.items)}) == (True, {7, 9, 10})


def test_filters_that_are_not_stored_are_not_cached(engine: Engine, trained: Recommender) -> None:
    rater = _rater(engine, "Western")
    for _ in range(2):
        assert not trained.recommend(rater, filters=NO_COMEDY).cached
        assert not trained.recommend(None, filters=NO_COMEDY).cached


def test_guest_with_stored_filters_has_a_list_of_their_own(trained: Recommender) -> None:
    plain = trained.recommend(None, limit=100)
    for rated in (likes(), likes(7)):
        guest = GuestRatings(rated, filters=NO_COMEDY, guest=f"guest-{len(rated)}")
        for is_cached in (False, True):
            served = trained.recommend(None, guest_ratings=guest, limit=100)
            assert served.cached is is_cached
            assert not {1, 3, 8, 11} & {*ids(served.items)}
        hypothetical = GuestRatings(rated, filters=NO_COMEDY)
        assert not trained.recommend(None, guest_ratings=hypothetical).cached
    again = trained.recommend(None, limit=100)
    assert (again.cached, again.items) == (True, plain.items)


def test_genres_that_no_film_has_any_more_are_ignored(engine: Engine, trained: Recommender) -> None:
    rater = _rater(engine, "Comedy", "Telenovela")
    assert trained.stored_filters(rater) == NO_COMEDY
    assert {*ids(trained.recommend(rater, limit=100).items)} == {7, 9, 10, 12}
