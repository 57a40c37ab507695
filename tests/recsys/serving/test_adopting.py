"""An account adopts what its guest has rated, marked and chosen."""

from typing import Any

import pytest
from sqlalchemy import Engine

from db.queries import histories, marks, ratings, users
from recsys.serving.filters import Filters
from recsys.serving.guests import Guests
from tests.recsys.frames import stars

pytestmark = pytest.mark.data_layer


def test_account_adopts_ratings_and_keeps_its_own(guests: Guests, engine: Engine) -> None:
    with engine.begin() as connection:
        user = users.register(connection, email="a@b.org", name="", password_hash="x")
        ratings.put(connection, user.id, 1, 2.0)
    guests.put("visitor", 1, 5.0)
    guests.put("visitor", 2, 4.5)

    assert guests.adopt("visitor", user) == 1

    with engine.connect() as connection:
        assert stars(histories.frame(connection, user.id)) == [(1, 2.0), (2, 4.5)]
        now = users.by_id(connection, user.id)
    assert now is not None
    assert now.ratings_revision == 2
    assert guests.of("visitor").history.empty
    assert guests.adopt("visitor", user) == 0


def test_account_adopts_marks_of_other_films(guests: Guests, engine: Engine) -> None:
    """The account has rated 1 and 2 and marked 3 and 4."""
    with engine.begin() as connection:
        user = users.register(connection, email="a@b.org", name="", password_hash="x")
        ratings.put(connection, user.id, 1, 2.0)
        ratings.put(connection, user.id, 2, 3.0)
        marks.put(connection, user.id, 3, "seen")
        marks.put(connection, user.id, 4, "later")
    given: dict[int, Any] = {1: "dismissed", 2: 5.0, 3: 5.0, 4: "dismissed", 5: 4.5, 6: "later"}
    for film, each in given.items():
        guests.put("visitor", film, each)

    assert guests.adopt("visitor", user) == 2

    with engine.connect() as connection:
        rated = dict(stars(histories.frame(connection, user.id)))
        marked = {film: marks.get(connection, user.id, film) for film in range(1, 7)}
    assert rated == {1: 2.0, 2: 3.0, 5: 4.5}
    assert {film: mark for film, mark in marked.items() if mark} == {
        3: "seen",
        4: "later",
        6: "later",
    }
    assert guests.of("visitor").marks == {}
    assert guests.adopt("visitor", user) == 0


def test_marks_alone_are_adopted(guests: Guests, engine: Engine) -> None:
    with engine.begin() as connection:
        user = users.register(connection, email="a@b.org", name="", password_hash="x")
    guests.put("visitor", 1, "later")
    assert guests.adopt(None, user) == 0
    assert guests.adopt("visitor", user) == 1
    with engine.connect() as connection:
        assert marks.get(connection, user.id, 1) == "later"


def test_account_without_filters_adopts_them(guests: Guests, engine: Engine) -> None:
    with engine.begin() as connection:
        user = users.register(connection, email="a@b.org", name="", password_hash="x")
    guests.put_filters(
        "visitor", Filters(not_genres=("Horror",), max_minutes=95, max_age_rating="PG")
    )
    assert guests.adopt("visitor", user) == 0
    assert guests.of("visitor").filters == Filters()
    with engine.connect() as connection:
        chosen = users.by_id(connection, user.id)
    assert chosen is not None
    assert (chosen.not_genres, chosen.max_minutes, chosen.ratings_revision) == (("Horror",), 95, 0)
    assert chosen.max_age_rating == "PG"

    guests.put_filters("visitor", Filters(not_genres=("War",)))
    guests.adopt("visitor", chosen)
    with engine.connect() as connection:
        assert users.by_id(connection, user.id) == chosen


def test_account_without_a_style_adopts_it(guests: Guests, engine: Engine) -> None:
    with engine.begin() as connection:
        user = users.register(connection, email="a@b.org", name="", password_hash="x")
    guests.put_style("visitor", "adventurous")
    assert guests.adopt("visitor", user) == 0
    assert guests.of("visitor").style is None
    with engine.connect() as connection:
        chosen = users.by_id(connection, user.id)
    assert chosen is not None
    assert (chosen.style, chosen.ratings_revision) == ("adventurous", 0)

    guests.put_style("visitor", "popular")
    guests.adopt("visitor", chosen)
    with engine.connect() as connection:
        assert users.by_id(connection, user.id) == chosen
