"""A film's page, and finding it."""

import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from db.details import load_imdb
from db.loading import load
from db.queries import ratings
from startup import Application
from tests.catalogue import TOMBSTONE, add_tags, write_larger_release
from tests.db.details.files import write_imdb
from tests.pages.conftest import announced, log_in, press, titles

pytestmark = pytest.mark.data_layer


def _film(visitor: AppTest, number: str) -> AppTest:
    visitor.query_params["id"] = number
    return visitor.switch_page("film").run()


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


@pytest.mark.parametrize(
    ("language", "minutes", "fact"),
    [
        ("en", 137, "1986 · 2\xa0h\xa017\xa0min · R · Action, Horror, Sci-Fi"),
        ("ru", 137, "1986 · 2\xa0ч\xa017\xa0мин · R · Боевик, ужасы, фантастика"),
        ("en", 120, "1986 · 2\xa0h · R · Action, Horror, Sci-Fi"),
        ("en", 45, "1986 · 45\xa0min · R · Action, Horror, Sci-Fi"),
    ],
)
def test_length_and_age_rating(
    visitor: AppTest, application: Application, language: str, minutes: int, fact: str
) -> None:
    with application.services.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO movie_details (movie_id, imdb_minutes, age_rating) VALUES (5, :n, 'R')"
            ),
            {"n": minutes},
        )
    visitor.session_state["language_chosen"] = language
    _film(visitor, "5")
    assert fact in [each.value for each in visitor.markdown]


@pytest.fixture
def with_imdb(application: Application, tmp_path: Path) -> Application:
    """Return the application with details of Heat, Fargo and Solaris."""
    load_imdb(application.services.engine, write_imdb(tmp_path / "imdb"))
    return application


def test_people_and_titles(visitor: AppTest, with_imdb: Application) -> None:
    _film(visitor, "2")
    assert visitor.title[0].value == "Heat"
    html = "".join(each.proto.body for each in visitor.get("html"))
    lists = re.findall(r'<ul class="people" aria-label="(.*?)">(.*?)</ul>', html)
    linked = r'<a href="/person\?id=(\d+)">(.*?)</a>'
    assert [(label, re.findall(linked, names)) for label, names in lists] == [
        ("Director", [("520", "Michael Mann")]),
        ("Writer", [("520", "Michael Mann")]),
        ("Cast", [("199", "Al Pacino"), ("134", "Robert De Niro")]),
    ]
    assert not [each for each in visitor.markdown if "Original title" in each.value]
    _film(visitor, "10")
    assert "Original title: Solyaris" in [each.value for each in visitor.markdown]


def test_russian_titles(visitor: AppTest, with_imdb: Application) -> None:
    visitor.session_state["language_chosen"] = "ru"
    _film(visitor, "2")
    assert visitor.title[0].value == "Схватка"
    assert "Оригинальное название: Heat" in [each.value for each in visitor.markdown]
    assert "Схватка" in titles(_film(visitor, "6"))  # a similar film
    visitor.session_state["language_chosen"] = "en"
    assert "Heat" in titles(_film(visitor, "6"))


def test_imdb_is_named_where_its_data_is_shown(
    visitor: AppTest, application: Application, tmp_path: Path
) -> None:
    def named() -> bool:
        _film(visitor, "2")
        return any("Information courtesy of IMDb" in each.value for each in visitor.caption)

    assert not named()
    load_imdb(application.services.engine, write_imdb(tmp_path / "imdb"))
    assert named()


def test_film_that_was_loaded_after_the_training(
    visitor: AppTest, application: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recsys.serving.current.CHECK_SECONDS", 0.0)
    load(application.services.engine, write_larger_release(tmp_path / "larger-release"))
    for film, called, not_called in (
        (7, "Liked by the same people", "Of similar genres and years"),
        (TOMBSTONE, "Of similar genres and years", "Liked by the same people"),
    ):
        _film(visitor, str(film))
        assert len(titles(visitor)) == 6
        subheaders = [each.value for each in visitor.subheader]
        assert called in subheaders
        assert not_called not in subheaders


@pytest.mark.parametrize("number", ["", "0", "999", "-5", "5.0", "x", "9" * 4000, "٥", "5;--"])
def test_no_such_film(visitor: AppTest, number: str) -> None:
    _film(visitor, number)
    assert not visitor.exception
    assert "There is no film at this address" in visitor.info[0].value
    assert len(titles(visitor)) == 5  # popular ones


def _chips(visitor: AppTest) -> list[str]:
    """The tags, each with what a click on it looks for."""
    [found] = [each.proto.body for each in visitor.get("html") if 'class="tags"' in each.proto.body]
    chips = re.findall(r'<button type="button" data-find="([^"]*)"[^>]*>([^<]*)</button>', found)
    assert len(chips) == found.count("<li>")
    assert all(asked == shown for asked, shown in chips)
    return [unescape(shown) for _, shown in chips]


def test_the_best_known_tags_lead_to_a_search(visitor: AppTest, application: Application) -> None:
    tags = {f"tag {number}": {5: number} for number in range(1, 11)}
    with application.services.engine.begin() as connection:
        add_tags(connection, tags | {"<b>\"loud\"</b> & 'ok'": {5: 50}})
    _film(visitor, "5")
    assert not visitor.exception
    best = [f"tag {number}" for number in range(10, 3, -1)]
    assert _chips(visitor) == ["<b>\"loud\"</b> & 'ok'", *best]


def test_a_film_without_tags_shows_none(visitor: AppTest) -> None:
    _film(visitor, "5")
    assert not any('class="tags"' in each.proto.body for each in visitor.get("html"))


def test_a_long_title_is_whole(visitor: AppTest, application: Application) -> None:
    title = "How I Learned to Read the Whole of a Title " * 6 + "to Its End"
    with application.services.engine.begin() as connection:
        connection.execute(text("UPDATE movies SET title = :title WHERE id = 5"), {"title": title})
    assert _film(visitor, "5").title[0].value == title


def test_saying_something_of_it_and_taking_it_back(
    visitor: AppTest, application: Application
) -> None:
    log_in(visitor)
    _film(visitor, "7")
    visitor.feedback(key="stars-7").set_value(3).run()
    assert "Your answer: **4 ★**" in [each.value for each in visitor.markdown]
    with application.services.engine.connect() as connection:
        assert ratings.get(connection, 1, 7) == 4.0
    visitor.button(key="take_back").click().run()
    with application.services.engine.connect() as connection:
        assert ratings.get(connection, 1, 7) is None
    visitor.button(key="mark-later-7").click().run()
    assert "Your answer: **Watch later**" in [each.value for each in visitor.markdown]


def _says(visitor: AppTest) -> str:
    return next(each.value for each in visitor.markdown if each.value.startswith("Your answer"))


def _rating(application: Application, film: int) -> float | None:
    with application.services.engine.connect() as connection:
        return ratings.get(connection, 1, film)


def test_a_film_to_watch_later_is_rated_on_its_page(
    visitor: AppTest, application: Application
) -> None:
    log_in(visitor)
    _film(visitor, "7")
    visitor.button(key="mark-later-7").click().run()
    marks = [each.key for each in visitor.button if each.key and each.key.startswith("mark-")]
    assert marks == ["mark-dismissed-7", "mark-seen-7"]
    assert "Why would I like it?" in [each.label for each in visitor.button]

    visitor.button(key="mark-seen-7").click().run()
    assert _says(visitor) == "Your answer: **Seen it**"
    assert visitor.feedback(key="stars-7").value is None
    visitor.feedback(key="stars-7").set_value(4).run()
    assert _says(visitor) == "Your answer: **5 ★**"
    assert _rating(application, 7) == 5.0
    visitor.button(key="undo").click().run()
    assert _says(visitor) == "Your answer: **Seen it**"


def test_a_rated_film_is_rated_anew_and_taken_back_by_its_stars(
    visitor: AppTest, application: Application
) -> None:
    log_in(visitor)
    _film(visitor, "1")
    assert _says(visitor) == "Your answer: **4 ★**"
    assert visitor.feedback(key="stars-1").value == 3
    visitor.feedback(key="stars-1").set_value(1).run()
    assert (_says(visitor), visitor.feedback(key="stars-1").value) == ("Your answer: **2 ★**", 1)
    assert _rating(application, 1) == 2.0
    visitor.feedback(key="stars-1").set_value(None).run()
    assert _rating(application, 1) is None
    assert announced(visitor) == "Removed: Toy Story (1995)."
    visitor.button(key="undo").click().run()
    assert (_says(visitor), visitor.feedback(key="stars-1").value) == ("Your answer: **2 ★**", 1)


def test_half_stars_are_said_and_can_be_changed(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    with application.services.engine.begin() as connection:
        ratings.put(connection, 1, 7, 4.5)
    _film(visitor, "7")
    assert (_says(visitor), visitor.feedback(key="stars-7").value) == (
        "Your answer: **4.5 ★**",
        None,
    )
    visitor.feedback(key="stars-7").set_value(3).run()
    assert _rating(application, 7) == 4.0


def test_why_would_i_like_it(visitor: AppTest) -> None:
    log_in(visitor)
    _film(visitor, "7")
    press(visitor, "Why would I like it?")
    assert not visitor.exception
    assert any("Its score for you" in each.value for each in visitor.markdown)


def test_a_film_can_be_found_from_every_page(visitor: AppTest) -> None:
    for page in (
        "for_you",
        "by_genre",
        "my_films",
        "ratings",
        "account",
    ):
        visitor.switch_page(page).run()
        assert not visitor.exception
        assert any("data-find" in each.proto.body for each in visitor.get("html")), page
