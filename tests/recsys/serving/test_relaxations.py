"""What filters cost when they leave too few films."""

import pytest
from sqlalchemy import Engine

from db.queries import marks, users
from db.queries.users import User
from recsys.serving.filters import Filters
from recsys.serving.lists import Relaxation
from recsys.serving.recommender import Recommender
from tests.catalogue import add_lengths
from tests.recsys.frames import ids

pytestmark = pytest.mark.data_layer


@pytest.fixture
def copied_database(database_of_a_catalogue: str) -> str:
    """Return a database with the small catalogue; rater 1 hasn't rated films 7 to 12."""
    return database_of_a_catalogue


@pytest.fixture
def rater(engine: Engine) -> User:
    """Return rater 1."""
    with engine.connect() as connection:
        user = users.by_id(connection, 1)
    assert user is not None
    return user


def test_each_filter_that_costs_films_is_named(rater: User, trained: Recommender) -> None:
    """The costliest comes first."""
    filters = Filters(("drama",), False, 1990, None, 4, not_genres=("western", "romance"))
    served = trained.recommend(rater, filters=filters)
    assert ids(served.items) == [9]
    assert served.relaxations == [
        Relaxation("genre", 2),  # 8 too
        Relaxation("not_genres", 2),  # 7 too
        Relaxation("years", 2),  # 10 too
    ]
    served = trained.recommend(rater, filters=Filters(year_from=2001, least_ratings=6))
    assert (ids(served.items), served.relaxations) == (
        [8],
        [Relaxation("years", 2), Relaxation("least_ratings", 3)][::-1],
    )


def test_length_is_one_of_the_filters(engine: Engine, rater: User, trained: Recommender) -> None:
    with engine.begin() as connection:
        add_lengths(connection)
    filters = Filters(not_genres=("comedy",), max_minutes=150)
    served = trained.recommend(rater, filters=filters)
    assert ids(served.items) == [7]
    assert served.relaxations == [
        Relaxation("max_minutes", 4),  # 9, 10 and 12 too, two of them of unknown length
        Relaxation("not_genres", 3),  # 8 and 11 too
    ]
    assert served.filters == Filters(not_genres=("Comedy",), max_minutes=150)


def test_rated_marked_and_excluded_films_do_not_count(
    engine: Engine, rater: User, trained: Recommender
) -> None:
    with engine.begin() as connection:
        marks.put(connection, 1, 7, "seen")
    served = trained.recommend(rater, filters=Filters(("comedy",)), exclude=[9])
    assert served.relaxations == [Relaxation("genre", 4)]  # 8, 10, 11 and 12


def test_list_of_one_genre_names_its_cost_from_the_cache_too(
    rater: User, trained: Recommender
) -> None:
    for is_cached in (False, True):
        served = trained.recommend(rater, filters=Filters(("comedy",)), limit=1)
        assert (served.cached, served.total) == (is_cached, 2)
        assert served.relaxations == [Relaxation("genre", 6)]


def test_filters_that_leave_enough_cost_nothing(rater: User, trained: Recommender) -> None:
    served = trained.recommend(rater, filters=Filters(not_genres=("western",)), limit=1)
    assert (served.total, served.relaxations) == (5, [])


def test_list_without_filters_has_no_relaxations(
    engine: Engine, rater: User, trained: Recommender
) -> None:
    with engine.begin() as connection:
        for film in (7, 8, 9):
            marks.put(connection, 1, film, "seen")
    for _ in range(2):
        served = trained.recommend(rater)
        assert (served.total, served.relaxations) == (3, [])


def test_filters_that_no_single_one_relaxes(rater: User, trained: Recommender) -> None:
    served = trained.recommend(rater, filters=Filters(("western",), year_from=2010))
    assert (served.items, served.relaxations) == (
        [],
        [Relaxation("genre", 1), Relaxation("years", 1)],
    )
    served = trained.recommend(rater, filters=Filters(("western",), year_to=1950, least_ratings=7))
    assert (served.items, served.relaxations) == ([], [])
