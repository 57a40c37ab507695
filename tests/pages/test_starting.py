"""Twelve films to start from."""

import pytest
from streamlit.testing.v1 import AppTest

from accounts.registration import register
from startup import Application
from tests.pages.conftest import click, log_in, titles

pytestmark = pytest.mark.data_layer
EMAIL, PASSWORD = "jane@mail.com", "a fine long sentence"


@pytest.fixture
def newcomer(visitor: AppTest, application: Application) -> AppTest:
    """Somebody who has an account and no rating."""
    register(application.engine, email=EMAIL, password=PASSWORD, name="Jane")
    log_in(visitor, EMAIL, PASSWORD)
    return visitor.switch_page("for_you.py").run()


def _starters(visitor: AppTest) -> list[str]:
    return titles(visitor)[5:]


def test_an_account_without_ratings_is_offered_well_known_films(newcomer: AppTest) -> None:
    assert len(_starters(newcomer)) == 6, "all that have a genre, but the five above"
    assert not {*_starters(newcomer)} & {*titles(newcomer)[:5]}
    assert newcomer.expander[0].label == "Rate some films you know"


def test_one_like_makes_the_list_ones_own(newcomer: AppTest) -> None:
    popular = titles(newcomer)[:5]
    click(newcomer, 11, "5", cards="starters")
    assert titles(newcomer)[:5] != popular
    assert "Amélie" not in titles(newcomer)
    assert len(_starters(newcomer)) == 6, "the offer stays"


def test_who_has_rated_enough_is_left_alone(visitor: AppTest) -> None:
    log_in(visitor)
    visitor.switch_page("for_you.py").run()
    assert not visitor.expander


def test_for_a_stranger_it_waits_to_be_opened(visitor: AppTest) -> None:
    assert visitor.expander[0].label == "Rate some films you know"
    assert _starters(visitor) == []
