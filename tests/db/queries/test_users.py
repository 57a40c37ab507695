"""Users' data other than ratings."""

from typing import Any, get_args

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from db.queries import demo_accounts, ratings, users
from db.queries.users import Standing, Style
from recsys.models.styles import STYLES

pytestmark = pytest.mark.data_layer


def test_style_is_stored_and_the_ratings_revision_stays(films: Engine) -> None:
    with films.begin() as connection:
        ratings.put(connection, 8, 3, 4.0)
        users.set_style(connection, 8, "adventurous")
    with films.connect() as connection:
        rater = users.by_id(connection, 8)
        assert rater is not None
        assert (rater.style, rater.ratings_revision) == ("adventurous", 1)
        assert users.everything_about(connection, 8)["account"]["style"] == "adventurous"
        assert users.everything_about(connection, 7)["account"]["style"] is None
        assert users.who_rated(connection, after=0, limit=9) == {8: Standing(1, "adventurous")}
        assert users.standings(connection, [7, 8, 99]) == {
            7: Standing(0, None),
            8: Standing(1, "adventurous"),
        }


def test_filters_are_stored_and_the_ratings_revision_stays(films: Engine) -> None:
    with films.begin() as connection:
        ratings.put(connection, 8, 3, 4.0)
        users.set_filters(connection, 8, ["Horror", "War"], 120, "PG-13")
    with films.connect() as connection:
        user = users.by_id(connection, 8)
        assert user is not None
        assert (user.not_genres, user.max_minutes) == (("Horror", "War"), 120)
        assert user.max_age_rating == "PG-13"
        assert (user.has_filters, user.ratings_revision) == (True, 1)
        account = users.everything_about(connection, 8)["account"]
        assert (account["not_genres"], account["max_minutes"]) == (["Horror", "War"], 120)
        assert account["max_age_rating"] == "PG-13"
        assert users.who_rated(connection, after=0, limit=9) == {}
        assert users.standings(connection, [7, 8]) == {7: Standing(0, None)}
    with films.begin() as connection:
        users.set_filters(connection, 8, [], None)
        user = users.by_id(connection, 8)
    assert user is not None
    assert not user.has_filters
    with films.begin() as connection:
        users.set_filters(connection, 8, [], None, "G")
        user = users.by_id(connection, 8)
        assert users.standings(connection, [8]) == {}
    assert user is not None
    assert user.has_filters


def test_every_style_can_be_stored(films: Engine) -> None:
    assert get_args(Style) == STYLES
    for style in STYLES:
        with films.begin() as connection:
            users.set_style(connection, 8, style)


def test_unknown_style_is_refused(films: Engine) -> None:
    wild: Any = "wild"
    with pytest.raises(IntegrityError), films.begin() as connection:
        users.set_style(connection, 8, wild)


def test_closed_demo_account_has_no_style(films: Engine) -> None:
    with films.begin() as connection:
        demo_accounts.open_all(connection, "x")
        users.set_style(connection, 8, "popular")
        demo_accounts.close_all(connection)
        rater = users.by_id(connection, 8)
    assert rater is not None
    assert rater.style is None
