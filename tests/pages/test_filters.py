"""Narrowing a list down, and the address that shows the same."""

import pytest
from streamlit.testing.v1 import AppTest

from startup import Application
from tests.pages.conftest import new_visit, opened, titles

pytestmark = pytest.mark.data_layer


def test_any_and_all_of_several_genres(visitor: AppTest) -> None:
    visitor.button_group(key="genre").select("Horror").select("Thriller").run()
    assert set(titles(visitor)) == {"Aliens", "Alien", "Blade Runner", "Heat", "Fargo"}
    visitor.button_group(key="genre").select("Sci-Fi").unselect("Horror").run()
    visitor.segmented_control(key="match").set_value("all of them").run()
    assert titles(visitor) == ["Blade Runner"]
    assert "**1 filter:** Thriller and Sci-Fi" in [each.value for each in visitor.markdown]


def test_years(visitor: AppTest) -> None:
    visitor.slider(key="years").set_value((1972, 1982)).run()
    assert {*titles(visitor)} == {"Blade Runner", "Alien", "Solaris"}
    assert "**1 filter:** in 1982 or earlier" in [each.value for each in visitor.markdown]


def test_films_that_were_rated_often(visitor: AppTest) -> None:
    slider = visitor.select_slider(key="ratings")
    assert slider.options == ["0", "5"], "no film has ten ratings"
    slider.set_value(5)
    visitor.button_group(key="genre").select("Animation").run()
    assert titles(visitor) == []
    assert visitor.info[0].value == (
        "No matching film is left that you haven't rated or marked: without “Animation” there "
        "would be 5, without “5 ratings or more” 1."
    )
    visitor.button(key="clear").click().run()
    assert len(titles(visitor)) == 5


def test_few_films_come_with_what_each_filter_costs(visitor: AppTest) -> None:
    visitor.button_group(key="genre").select("Western").run()
    assert titles(visitor) == ["Unforgiven"]
    assert visitor.info[0].value == ("Only 1 film is left: without “Western” there would be 12.")
    assert [each.key for each in visitor.button if each.key == "more"] == []
    visitor.slider(key="years").set_value((1993, 2014)).run()
    assert visitor.info[0].value.endswith(
        "you haven't rated or marked: without “Western” there would be 6, without “in 1993 or "
        "later” 1."
    )
    visitor.button_group(key="genre").select("Romance").unselect("Western").run()
    visitor.slider(key="years").set_value((1972, 1975)).run()
    visitor.select_slider(key="ratings").set_value(5).run()
    assert visitor.info[0].value.endswith("Use broader filters."), "no single one helps"


def test_an_address_shows_the_same(application: Application) -> None:
    visitor = opened(new_visit(), "for_you", genre=["Sci-Fi", "Thriller"], match="all of them")
    assert titles(visitor) == ["Blade Runner"]
    visitor = opened(new_visit(), "by_genre", genre=["Western"])
    assert titles(visitor) == ["Unforgiven"]
    visitor = opened(new_visit(), "by_genre", typed="sci fi")
    assert sorted(titles(visitor)) == ["Alien", "Aliens", "Blade Runner", "Solaris"]


@pytest.mark.parametrize(
    "address",
    [
        {"genre": "<script>"},
        {"genre": ["Drama", "'; DROP TABLE movies; --"]},
        {"years": "nonsense"},
        {"years": ["1", "99999999999999999999"]},
        {"ratings": "-1"},
        {"match": "none"},
        {"style": "wild"},
        {"style": ["popular", "<script>"]},
        {"not_genres": "<script>"},
        {"not_genres": ",".join(["Drama', '; DROP TABLE movies; --"] * 1000)},
        {"not_genres": ["", ",,", "\0"]},
        {"max_minutes": "0"},
        {"max_minutes": "-90"},
        {"max_minutes": "99999999999999999999"},
        {"max_minutes": "٩٠"},
        {"max_minutes": ["90", "long"]},
        {"max_age_rating": "pg-13"},
        {"max_age_rating": ["PG", "<script>"]},
    ],
)
def test_a_hostile_address_shows_a_list_all_the_same(
    application: Application, address: dict[str, str | list[str]]
) -> None:
    visitor = opened(new_visit(), "for_you", **address)
    assert not visitor.exception
    assert not visitor.error
    assert titles(visitor)
