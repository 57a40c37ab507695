"""Presets: a click sets several filters, or the style."""

import pytest
from streamlit.testing.v1 import AppTest

from startup import Application
from tests.catalogue import add_lengths
from tests.pages.conftest import new_visit, opened, titles

pytestmark = pytest.mark.data_layer


@pytest.fixture
def visitor(application: Application) -> AppTest:
    """For you, of a catalogue in which some films have a length."""
    with application.services.engine.begin() as connection:
        add_lengths(connection)
    return opened(new_visit(), "for_you")


def _click(visitor: AppTest, preset: str) -> AppTest:
    visitor.button(key=f"preset-{preset}").click().run()
    assert not visitor.exception
    return visitor


def _words(visitor: AppTest) -> list[str]:
    return [each.value for each in visitor.markdown if "filter" in each.value]


def test_they_are_offered_in_this_order(visitor: AppTest) -> None:
    assert [each.label for each in visitor.button if str(each.key).startswith("preset-")] == [
        "Short one",
        "Family night",
        "Something different",
        "Classic",
    ]


def test_a_short_one(visitor: AppTest) -> None:
    _click(visitor, "short")
    assert visitor.query_params["max_minutes"] == "95"
    assert visitor.segmented_control(key="max_minutes").value == 95
    assert _words(visitor) == ["**1 filter:** up to 1\xa0h\xa035\xa0min"]
    assert titles(visitor) == []


def test_a_night_with_the_family(visitor: AppTest) -> None:
    visitor.multiselect(key="not_genres").set_value(["Western", "Animation"]).run()
    _click(visitor, "family")
    assert visitor.button_group(key="genre").value == ["Animation", "Children"]
    assert visitor.multiselect(key="not_genres").value == ["Western", "Crime", "Horror", "Thriller"]
    assert titles(visitor) == ["Toy Story"]


def test_something_different(visitor: AppTest) -> None:
    _click(visitor, "different")
    assert visitor.segmented_control(key="style").value == "adventurous"
    assert visitor.query_params["style"] == "adventurous"
    assert len(titles(visitor)) == 5


def test_a_classic(visitor: AppTest) -> None:
    _click(visitor, "classic")
    assert visitor.slider(key="years").value == (1972, 1979)
    assert {*titles(visitor)} == {"Alien", "Solaris"}
    visitor.button(key="clear").click().run()
    assert visitor.slider(key="years").value == (1972, 2014)


def test_a_preset_replaces_the_genre_that_was_typed(visitor: AppTest) -> None:
    visitor = opened(visitor, "by_genre", typed="western")
    _click(visitor, "family")
    assert visitor.text_input(key="typed").value == ""
    assert titles(visitor) == ["Toy Story"]


def test_without_lengths_nothing_is_known_to_be_short(application: Application) -> None:
    visitor = opened(new_visit(), "for_you")
    assert "preset-short" not in {each.key for each in visitor.button}
