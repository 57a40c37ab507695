"""Twelve films to start from."""

import pytest
from streamlit.testing.v1 import AppTest

from accounts.registration import register
from pages.for_you import onboarding
from startup import Application
from tests.catalogue import FILMS
from tests.pages.conftest import click, log_in, press, titles

pytestmark = pytest.mark.data_layer
EMAIL, PASSWORD = "jane@mail.com", "a fine long sentence"


@pytest.fixture
def newcomer(visitor: AppTest, application: Application) -> AppTest:
    """Somebody who has an account and no rating."""
    register(application.services.engine, email=EMAIL, password=PASSWORD, name="Jane")
    log_in(visitor, EMAIL, PASSWORD)
    return visitor.switch_page("for_you").run()


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
    visitor.switch_page("for_you").run()
    assert not visitor.expander


def test_for_a_stranger_it_waits_to_be_opened(visitor: AppTest) -> None:
    assert visitor.expander[0].label == "Rate some films you know"
    assert _starters(visitor) == []


def test_a_rated_film_gives_its_place_to_another_and_the_rest_stay(
    newcomer: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onboarding, "TWELVE", 3)
    newcomer.run()
    before = _starters(newcomer)
    film = next(number for number, (title, _) in FILMS.items() if title.startswith(before[0]))
    click(newcomer, film, "3", cards="starters")
    after = _starters(newcomer)
    kept = [place for place in (1, 2) if before[place] not in titles(newcomer)[:5]]
    assert kept
    assert [after[place] for place in kept] == [before[place] for place in kept]
    assert before[0] not in after
    assert len(after) == 3


def test_who_knows_none_of_them_asks_for_others(
    newcomer: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onboarding, "TWELVE", 3)
    newcomer.run()
    before = _starters(newcomer)
    press(newcomer, "Other films")
    assert len(_starters(newcomer)) == 3
    assert not {*_starters(newcomer)} & {*before}
    press(newcomer, "Other films")
    assert _starters(newcomer) == []
    assert "Other films" not in [button.label for button in newcomer.button]
