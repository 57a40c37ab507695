"""A film's page, and finding it."""

import pytest
from streamlit.testing.v1 import AppTest

from db import ratings
from startup import Application
from tests.pages.conftest import log_in, press, titles

pytestmark = pytest.mark.data_layer


def _film(visitor: AppTest, number: str) -> AppTest:
    visitor.query_params["id"] = number
    return visitor.switch_page("film.py").run()


def test_the_facts(visitor: AppTest) -> None:
    _film(visitor, "5")
    assert not visitor.exception
    assert visitor.title[0].value == "Aliens"
    assert "1986 · Action, Horror, Sci-Fi" in [each.value for each in visitor.markdown]
    assert [each.proto.url for each in visitor.link_button] == ["https://movielens.org/movies/5"]
    charts = [each.proto.alt for each in visitor.get("plotly_chart")]
    assert charts == [
        "How often each number of stars was given to Aliens (1986)",
        "Ratings of Aliens (1986) in each year, and their mean",
    ]
    assert len(titles(visitor)) == 6  # similar ones


@pytest.mark.parametrize("number", ["", "0", "999", "-5", "5.0", "x", "9" * 4000, "٥", "5;--"])
def test_no_such_film(visitor: AppTest, number: str) -> None:
    _film(visitor, number)
    assert not visitor.exception
    assert "There is no film at this address" in visitor.info[0].value


def test_saying_something_of_it_and_taking_it_back(
    visitor: AppTest, application: Application
) -> None:
    log_in(visitor)
    _film(visitor, "7")
    visitor.feedback(key="stars-7").set_value(3).run()
    assert "You say: **4 ★**" in [each.value for each in visitor.markdown]
    with application.engine.connect() as connection:
        assert ratings.get(connection, 1, 7) == 4.0
    visitor.button(key="take_back").click().run()
    with application.engine.connect() as connection:
        assert ratings.get(connection, 1, 7) is None
    visitor.button(key="mark-later-7").click().run()
    assert "You say: **Watch later**" in [each.value for each in visitor.markdown]


def test_why_would_i_like_it(visitor: AppTest) -> None:
    log_in(visitor)
    _film(visitor, "7")
    press(visitor, "Why would I like it?")
    assert not visitor.exception
    assert any("Its score for you" in each.value for each in visitor.markdown)


def test_the_search_opens_on_every_page(visitor: AppTest) -> None:
    for page in ("for_you.py", "by_genre.py", "my_films.py", "ratings.py", "account.py"):
        press(visitor.switch_page(page).run(), "Find a film")
        assert not visitor.exception
        assert visitor.text_input(key="search").value == ""
