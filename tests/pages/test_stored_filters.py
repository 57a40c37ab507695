"""Genres to leave out, and the length: chosen, stored for whoever chose them, in the address."""

import pytest
from redis import Redis
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from db.queries import users
from db.queries.users import User
from recsys.serving.filters import Filters
from startup import Application
from tests.cached import cached_lists
from tests.catalogue import add_age_ratings, add_lengths
from tests.pages.conftest import log_in, new_visit, opened, press, refuse_guests, titles

pytestmark = pytest.mark.data_layer

SHORT = {"The Interview", "Amélie"}


@pytest.fixture
def with_lengths(application: Application) -> Application:
    """The small catalogue, in which four films have a length."""
    with application.services.engine.begin() as connection:
        add_lengths(connection)
    return application


def _leave_out(visitor: AppTest, *genres: str) -> AppTest:
    visitor.multiselect(key="not_genres").set_value([*genres]).run()
    assert not visitor.exception
    return visitor


def _limit(visitor: AppTest, minutes: int) -> AppTest:
    visitor.segmented_control(key="max_minutes").set_value(minutes).run()
    assert not visitor.exception
    return visitor


def _left_out(visitor: AppTest) -> list[str]:
    return [*visitor.multiselect(key="not_genres").value]


def _said(visitor: AppTest) -> list[str]:
    return [each.value for each in visitor.markdown if "filter" in each.value]


def _stored(application: Application, visitor: AppTest) -> Filters:
    return application.services.guests.of(visitor.session_state["visitor"]).filters


def _rater(application: Application) -> User:
    with application.services.engine.connect() as connection:
        user = users.by_id(connection, 1)
    assert user is not None
    return user


def test_a_stranger_leaves_genres_out(
    visitor: AppTest, application: Application, redis_client: Redis
) -> None:
    _leave_out(visitor, "Western", "Comedy")
    assert visitor.query_params["not_genres"] == "Western,Comedy"
    assert _said(visitor) == ["**1 filter:** not Western, Comedy"]
    assert not {"Unforgiven", "Toy Story", "Fargo", "The Interview", "Amélie"} & {*titles(visitor)}
    assert len(titles(visitor)) == 5
    assert _stored(application, visitor) == Filters(not_genres=("Western", "Comedy"))
    guest = application.services.guests.of(visitor.session_state["visitor"]).guest
    assert guest is not None
    assert len(cached_lists(redis_client, application.services.engine, guest)) == 1

    visitor.query_params.clear()
    visitor.switch_page("by_genre").run()
    visitor.button_group(key="genre").select("Drama").run()
    assert {*titles(visitor)} == {"<script>alert('x')</script> & *Sons*", "Solaris"}
    assert _left_out(visitor) == ["Comedy", "Western"], "kept for the visitor"
    visitor.button(key="clear").click().run()
    assert (_left_out(visitor), _stored(application, visitor)) == ([], Filters())
    assert "not_genres" not in visitor.query_params
    assert "Unforgiven" in titles(visitor), "the genre stays: it is what the page is about"


def test_a_length(with_lengths: Application) -> None:
    """Films of unknown length are left out, and the page says so."""
    visitor = opened(new_visit(), "for_you")
    control = visitor.segmented_control(key="max_minutes")
    assert control.options == ["Any", "1\xa0h\xa030\xa0min", "2\xa0h", "2\xa0h\xa030\xa0min"]
    assert control.value == 0
    assert "Length unknown for 8 of 12 films; a limit leaves such films out." in [
        each.value for each in visitor.caption
    ]
    _limit(visitor, 120)
    assert visitor.query_params["max_minutes"] == "120"
    assert _said(visitor) == ["**1 filter:** up to 2\xa0h"]
    assert titles(visitor) == ["The Interview"]
    assert visitor.info[0].value == (
        "Only 1 film is left: without “up to 2\xa0h” there would be 12."
    )
    assert _stored(with_lengths, visitor) == Filters(max_minutes=120)
    _limit(visitor, 0)
    assert "max_minutes" not in visitor.query_params
    assert (len(titles(visitor)), _stored(with_lengths, visitor)) == (5, Filters())


def test_nobody_is_asked_for_a_length_or_an_age_rating_without_any(visitor: AppTest) -> None:
    assert not {"max_minutes", "max_age_rating"} & {each.key for each in visitor.button_group}


def test_an_age_rating(application: Application) -> None:
    """Films without one of the five are left out, and the page says so."""
    with application.services.engine.begin() as connection:
        add_age_ratings(connection)
    visitor = opened(new_visit(), "for_you")
    control = visitor.segmented_control(key="max_age_rating")
    assert (control.options, control.value) == (["Any", "PG", "PG-13", "R", "NC-17"], "")
    assert "Age rating unknown for 8 of 12 films; a limit leaves such films out." in [
        each.value for each in visitor.caption
    ]
    control.set_value("PG-13").run()
    assert {*titles(visitor)} == {"The Interview", "Solaris"}
    assert visitor.query_params["max_age_rating"] == "PG-13"
    assert _said(visitor) == ["**1 filter:** rated PG-13 at most"]
    assert visitor.info[0].value == (
        "Only 2 films are left: without “rated PG-13 at most” there would be 12."
    )
    assert _stored(application, visitor) == Filters(max_age_rating="PG-13")
    press(visitor, "Clear filters")
    assert "max_age_rating" not in visitor.query_params
    assert (len(titles(visitor)), _stored(application, visitor)) == (5, Filters())


def test_an_age_rating_in_the_address(application: Application) -> None:
    visitor = opened(new_visit(), "for_you", max_age_rating="G")
    control = visitor.segmented_control(key="max_age_rating")
    assert (control.options, control.value) == (["Any", "G"], "G")
    assert titles(visitor) == []
    assert _stored(application, visitor) == Filters()


def test_an_address_shows_the_same_and_stores_nothing(with_lengths: Application) -> None:
    visitor = opened(new_visit(), "for_you", max_minutes="125")
    assert {*titles(visitor)} == SHORT
    control = visitor.segmented_control(key="max_minutes")
    assert control.value == 125
    assert "2\xa0h\xa05\xa0min" in control.options
    assert _stored(with_lengths, visitor) == Filters()

    visitor = opened(new_visit(), "for_you", not_genres="комедия, westerns,sci fi,nonsense")
    assert _left_out(visitor) == ["Comedy", "Western", "Sci-Fi"]
    assert len(titles(visitor)) == 3, "2, 9 and 12"


def test_an_address_takes_precedence_over_what_is_stored(with_lengths: Application) -> None:
    visitor = _leave_out(opened(new_visit(), "for_you"), "Drama")
    _limit(visitor, 120)
    visitor = opened(visitor, "for_you", not_genres="", max_minutes="any")
    assert _said(visitor) == []
    assert len(titles(visitor)) == 5
    _leave_out(visitor, "Western")
    assert _stored(with_lengths, visitor) == Filters(not_genres=("Western",), max_minutes=120)


def test_they_are_stored_for_the_account(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    visitor.switch_page("for_you").run()
    revision = _rater(application).ratings_revision
    _leave_out(visitor, "Drama")
    stored = _rater(application)
    assert (stored.not_genres, stored.ratings_revision) == (("Drama",), revision)
    visitor = log_in(new_visit().run())
    visitor.switch_page("for_you").run()
    assert _left_out(visitor) == ["Drama"]
    assert not {"Unforgiven", "Solaris"} & {*titles(visitor)}


def test_a_strangers_filters_become_the_accounts(
    visitor: AppTest, application: Application
) -> None:
    log_in(_leave_out(visitor, "Drama"))
    visitor.switch_page("for_you").run()
    assert _left_out(visitor) == ["Drama"]
    assert _rater(application).not_genres == ("Drama",)


def test_filters_that_cannot_be_stored_hold_for_the_visit(
    visitor: AppTest, application: Application
) -> None:
    _leave_out(visitor, "Drama")
    refuse_guests(application)
    _leave_out(visitor, "Drama", "Western")
    assert not visitor.error
    assert _left_out(visitor.run()) == ["Drama", "Western"]
    _leave_out(visitor)
    assert visitor.query_params["not_genres"] == "", "or it would be what is stored"
    assert _left_out(visitor.run()) == []


def test_they_stay_when_the_language_changes(with_lengths: Application) -> None:
    visitor = _limit(_leave_out(opened(new_visit(), "for_you"), "Drama"), 150)
    press(visitor, "Русский")
    assert _left_out(visitor) == ["Drama"]
    assert "Драма" in visitor.multiselect(key="not_genres").options
    assert "**2 фильтра:** кроме жанров: драма · до 2\xa0ч\xa030\xa0мин" in [
        each.value for each in visitor.markdown
    ]
    assert visitor.query_params["not_genres"] == "Drama"


def test_a_genre_that_no_film_has_any_more(visitor: AppTest, application: Application) -> None:
    _leave_out(visitor, "Western", "Drama")
    with application.services.engine.begin() as connection:
        connection.execute(text("UPDATE guests SET not_genres = '{Telenovela,Western}'"))
    visitor.query_params.clear()
    visitor = opened(visitor, "for_you")
    assert _left_out(visitor) == ["Western"]
