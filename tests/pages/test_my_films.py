"""What I have rated and marked, and what it says about me."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from accounts.exporting import as_csv
from db.queries import histories, marks, portrait
from startup import Application
from tests.pages.conftest import click, log_in

pytestmark = pytest.mark.data_layer


def _view(visitor: AppTest, view: str = "Rated") -> AppTest:
    visitor.query_params["view"] = view
    visitor.switch_page("my_films").run()
    assert not visitor.exception
    return visitor


def _edit(visitor: AppTest, row: int, **change: Any) -> None:
    visitor.session_state["my_ratings"] = {"edited_rows": {row: change}}


def _table(visitor: AppTest) -> list[str]:
    return list(visitor.data_editor[0].value["film"])


def test_a_stranger_is_told_what_to_do(visitor: AppTest) -> None:
    _view(visitor)
    assert "You haven't rated a film yet" in visitor.info[0].value
    _view(visitor, "About me")
    assert "You haven't rated a film yet" in visitor.info[0].value


def test_guest_ratings_are_there(visitor: AppTest) -> None:
    click(visitor, 5, "5")
    _view(visitor)
    assert _table(visitor) == ["Aliens (1986)"]


def test_my_ratings_newest_first_and_filtered(visitor: AppTest) -> None:
    log_in(visitor)
    _view(visitor)
    assert _table(visitor) == [
        "Blade Runner (1982)",
        "Aliens (1986)",
        "Alien (1979)",
        "Fargo (1996)",
        "Heat (1995)",
        "Toy Story (1995)",
    ]
    visitor.text_input(key="my_title").set_value("alien").run()
    assert _table(visitor) == ["Aliens (1986)", "Alien (1979)"]
    visitor.selectbox(key="my_genre").set_value("Action").run()
    assert _table(visitor) == ["Aliens (1986)"]
    visitor.select_slider(key="my_stars").set_value((0.5, 1.0)).run()
    assert "None of your ratings match" in visitor.info[0].value


def test_the_file_has_all_ratings(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    _view(visitor)
    button, for_letterboxd = visitor.get("link_button")
    assert button.proto.label == "Download as CSV"
    assert button.proto.url == "/download/five-films-ratings.csv"
    assert for_letterboxd.proto.label == "Download for Letterboxd"
    assert for_letterboxd.proto.url == "/download/five-films-letterboxd.csv"
    with application.services.engine.connect() as connection:
        films = portrait.films(connection, histories.frame(connection, 1))
    lines = as_csv(films).split("\r\n")
    assert lines[0] == "userId,movieId,rating,timestamp,title,year"
    assert lines[1] == "1,1,4.0,1000000001,Toy Story,1995"
    assert len(lines) == 8


def test_a_title_is_no_formula(application: Application) -> None:
    with application.services.engine.connect() as connection:
        films = portrait.films(connection, histories.frame(connection, 1))
    films["title"] = "=cmd|' /C calc'!A0"
    assert ",'=cmd|' /C calc'!A0," in as_csv(films)


def test_lists(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    with application.services.engine.begin() as connection:
        for movie_id, mark in ((7, "later"), (8, "seen"), (9, "dismissed")):
            marks.put(connection, 1, movie_id, mark)  # type: ignore[arg-type]
    _view(visitor, "Lists")
    assert [each.value for each in visitor.subheader] == [
        "Watch later (1)",
        "Seen (1)",
        "Not interested (1)",
    ]
    assert visitor.get("page_link")[0].proto.label == r"Unforgiven (1992)"
    visitor.button(key="mark-off-7").click().run()
    assert visitor.subheader[0].value == "Watch later"
    visitor.button(key="undo").click().run()
    assert visitor.subheader[0].value == "Watch later (1)"


def test_about_me(visitor: AppTest) -> None:
    log_in(visitor)
    _view(visitor, "About me")
    assert [each.value for each in visitor.subheader] == [
        "How you rate, beside everybody",
        "Genres you like more or less than others do",
        "Where you disagree most",
    ]
    assert len(visitor.get("plotly_chart")) == 2


def test_about_me_needs_five_ratings(visitor: AppTest) -> None:
    click(visitor, 5, "5")
    _view(visitor, "About me")
    assert "Rate 4 more films" in visitor.info[0].value
