"""What pages show of TMDb's details, and that they show nothing without a key."""

import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from config import Settings
from pages import film as film_page
from startup import Application
from tests.pages.conftest import log_in, new_visit, opened, titles
from tests.pages.reading import not_russian
from tests.tmdb.server import Answer, Tmdb, serving, with_key
from tests.tmdb.stored import fetch, link

pytestmark = pytest.mark.data_layer

NOTICE = "This product uses the TMDB API but is not endorsed or certified by TMDB."


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    with serving() as tmdb:
        yield tmdb


@pytest.fixture
def settings(settings: Settings, tmdb: Tmdb) -> Settings:
    """Return settings with a key."""
    return with_key(settings, tmdb)


@pytest.fixture
def linked(application: Application, monkeypatch: pytest.MonkeyPatch) -> Application:
    """Return the application with films that TMDb knows; pages wait until it has answered."""
    monkeypatch.setattr(film_page, "_MOMENT", 20.0)
    link(application.services.engine)
    return application


@pytest.fixture
def visitor(linked: Application) -> AppTest:
    return new_visit()


def _words(visitor: AppTest) -> list[str]:
    return [each.value for each in visitor.markdown]


def _html(visitor: AppTest) -> str:
    return "".join(each.proto.body for each in visitor.get("html"))


def _buttons(visitor: AppTest) -> dict[str, str]:
    return {each.proto.label: each.proto.url for each in visitor.get("link_button")}


def _pictures_on_cards(visitor: AppTest) -> dict[int, str]:
    html = "".join(json.loads(each.proto.json)["html"] for each in visitor.get("bidi_component"))
    cards = re.findall(r'data-film="(\d+)">\s*(.*?)\s*<a class="title"', html, re.DOTALL)
    return {
        int(number): re.sub(r"data:[^\")]+", "drawn", picture).replace("&amp;", "&")
        for number, picture in cards
    }


def test_the_page_of_a_film(visitor: AppTest, tmdb: Tmdb) -> None:
    tmdb.of_imdb = {}  # of a similar film, which is asked for too
    opened(visitor, "film", id="7")
    words = _words(visitor)
    assert "*Somebody left the light on\\.*" in words
    assert "Countries: Norway, United Kingdom · Original language: English" in words
    assert [each.label for each in visitor.expander] == ["What it is about"]
    assert visitor.expander[0].markdown[0].value == "A keeper counts ships that never come\\."
    assert _buttons(visitor)["Watch the trailer"] == "https://www.youtube.com/watch?v=trailEnOwn"
    assert [each for each in words if each.startswith(("Stream", "Rent", "Buy"))] == [
        "Stream: Northstream",
        "Buy: Kiosk",
    ]
    captions = [each.value for each in visitor.caption]
    assert "Source: [JustWatch](https://www.justwatch.com)" in captions
    assert any(each.endswith(NOTICE) for each in captions)
    assert '<span class="poster tall" style="background-image: url(/api' in _html(visitor)
    assert "/api/movies/7/poster?size=page&amp;language=en" in _html(visitor)
    assert len([each for each in tmdb.asked if "/movie/9007" in each]) == 1
    opened(visitor, "film", id="7")
    assert len([each for each in tmdb.asked if "/movie/9007" in each]) == 1


def test_the_page_in_russian(visitor: AppTest) -> None:
    visitor.session_state["language_chosen"] = "ru"
    opened(visitor, "film", id="7")
    words = _words(visitor)
    assert "Страны: Норвегия, Великобритания · Язык оригинала: английский" in words
    assert visitor.expander[0].markdown[0].value == "Смотритель считает корабли, которых нет\\."
    assert "Онлайн: Маячок" in words  # in Russia
    assert "poster?size=page&amp;language=ru" in _html(visitor)
    named = {"JustWatch", "TMDb", "Somebody", "left", "the", "light", "on"}
    notice = set(re.findall("[A-Za-z]{2,}", NOTICE))
    assert not_russian(visitor) <= named | notice


def test_a_film_of_which_little_is_known(visitor: AppTest) -> None:
    opened(visitor, "film", id="8")
    assert '<img class="poster"' in _html(visitor)
    assert not visitor.expander
    assert "Watch the trailer" not in _buttons(visitor)
    assert "No offers in this country are known." in _words(visitor)


def test_a_backdrop_stands_in_for_a_poster(visitor: AppTest, tmdb: Tmdb) -> None:
    tmdb.films[9008] = {"id": 9008, "backdrop_path": "/backSeven.jpg"}
    opened(visitor, "film", id="8")
    assert "url(/api/movies/8/backdrop)" in _html(visitor)


@pytest.mark.parametrize("number", ["1", "6"])
def test_films_that_tmdb_does_not_know(visitor: AppTest, number: str) -> None:
    opened(visitor, "film", id=number)
    assert '<img class="poster"' in _html(visitor)
    assert not visitor.get("selectbox")


@pytest.mark.parametrize(
    "fault",
    [Answer(401), Answer(404), Answer(429), Answer(500), Answer(200, b"<html>"), Answer(200)],
)
def test_faults_leave_the_page_as_it_is(
    visitor: AppTest, tmdb: Tmdb, caplog: pytest.LogCaptureFixture, fault: Answer
) -> None:
    tmdb.faults = [fault] * 50
    for _ in range(2):
        opened(visitor, "film", id="7")
        assert '<img class="poster"' in _html(visitor)
        assert not visitor.expander
        assert not visitor.get("selectbox")
    lines = [each for each in caplog.records if each.name == "db.details.tmdb"]
    assert len(lines) == (0 if fault.status == 404 else 1)


def test_a_page_waits_only_a_moment(
    visitor: AppTest, tmdb: Tmdb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_page, "_MOMENT", 0.05)
    tmdb.faults = [Answer(hangs=True)]
    opened(visitor, "film", id="7")
    assert '<img class="poster"' in _html(visitor)
    tmdb.stopping.set()


def test_the_country_is_remembered_for_a_visitor(visitor: AppTest) -> None:
    opened(visitor, "film", id="7")
    assert visitor.selectbox(key="country").value == "US"
    visitor.selectbox(key="country").set_value("RU").run()
    assert "Stream: Маячок" in _words(visitor)
    visitor.selectbox(key="country").set_value("FR").run()
    assert "No offers in this country are known." in _words(visitor)
    opened(visitor, "my_films")
    opened(visitor, "film", id="8")
    assert visitor.selectbox(key="country").value == "FR"


def test_the_country_is_remembered_for_an_account(
    visitor: AppTest, application: Application
) -> None:
    visitor.run()
    log_in(visitor)
    opened(visitor, "film", id="7")
    visitor.selectbox(key="country").set_value("NO").run()
    with application.services.engine.connect() as connection:
        stored = connection.scalar(text("SELECT country FROM users WHERE id = 1"))
    assert stored == "NO"


def test_a_visitors_country_becomes_the_accounts(
    visitor: AppTest, application: Application
) -> None:
    opened(visitor, "film", id="7")
    visitor.selectbox(key="country").set_value("NO").run()
    log_in(visitor)
    with application.services.engine.connect() as connection:
        stored = connection.scalar(text("SELECT country FROM users WHERE id = 1"))
    assert stored == "NO"


def test_pictures_on_cards(visitor: AppTest, linked: Application, tmdb: Tmdb) -> None:
    tmdb.films[9008] = {"id": 9008, "poster_path": "/posterSevenEn.jpg"}
    fetch(linked.services.engine, tmdb, 6, 7, 8)
    found = _pictures_on_cards(visitor.run())
    found |= _pictures_on_cards(opened(visitor, "film", id="6"))
    assert found[7] == (
        '<span class="poster wide" style="background-image: '
        'url(/api/movies/7/backdrop), url(drawn)"></span>'
    )
    assert found[8] == (
        '<span class="poster top" style="background-image: '
        'url(/api/movies/8/poster?language=en), url(drawn)"></span>'
    )
    others = {number: picture for number, picture in found.items() if number not in (5, 7, 8)}
    assert others
    assert set(others.values()) == {'<img class="poster" alt="" src="drawn">'}


def test_only_films_that_stream(visitor: AppTest, linked: Application, tmdb: Tmdb) -> None:
    fetch(linked.services.engine, tmdb, 5, 7, 8)
    visitor.run()
    toggle = visitor.toggle(key="stream_in")
    assert toggle.label == "Only films that can be streamed (United States)"
    toggle.set_value(True).run()
    assert set(titles(visitor)) == {"Aliens", "Unforgiven"}
    assert visitor.query_params["stream_in"] == "US"
    assert "**1 filter:** can be streamed (United States)" in _words(visitor)
    visitor.button(key="clear").click().run()
    assert len(titles(visitor)) == 5
    assert "stream_in" not in visitor.query_params


def test_an_address_names_the_country(visitor: AppTest, linked: Application, tmdb: Tmdb) -> None:
    fetch(linked.services.engine, tmdb, 5, 7, 8)
    opened(visitor, "for_you", stream_in="RU")
    assert set(titles(visitor)) == {"Aliens", "Unforgiven"}
    assert visitor.toggle(key="stream_in").value
    opened(visitor, "for_you", stream_in="nowhere")
    assert len(titles(visitor)) == 5


def test_films_of_a_language_and_a_country(
    visitor: AppTest, linked: Application, tmdb: Tmdb
) -> None:
    fetch(linked.services.engine, tmdb, 7, 8)
    opened(visitor, "for_you", original_language="en")
    language, country = (visitor.selectbox(key=key) for key in ("original_language", "made_in"))
    assert (language.value, country.value) == ("en", "")
    assert language.options == ["Any", "English"]
    assert country.options == ["Any", "Norway", "United Kingdom"]
    assert titles(visitor) == ["Unforgiven"]
    country.set_value("NO").run()
    assert titles(visitor) == ["Unforgiven"]
    assert visitor.query_params["made_in"] == "NO"
    assert "**2 filters:** original language: English · country: Norway" in _words(visitor)
    visitor.button(key="clear").click().run()
    assert len(titles(visitor)) == 5
    assert {"original_language", "made_in"} & {*visitor.query_params} == set()
    opened(visitor, "for_you", original_language="xx", made_in="nowhere")
    assert len(titles(visitor)) == 5


class TestWithoutAKey:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"tmdb_token": None})

    def test_nothing_is_shown_or_requested(
        self, visitor: AppTest, linked: Application, tmdb: Tmdb
    ) -> None:
        fetch(linked.services.engine, tmdb, 7)  # stored when there was a key
        tmdb.asked.clear()
        opened(visitor, "film", id="7")
        assert '<img class="poster"' in _html(visitor)
        assert not visitor.expander
        assert not any(NOTICE in each.value for each in visitor.caption)
        pictures = _pictures_on_cards(visitor)
        assert set(pictures.values()) == {'<img class="poster" alt="" src="drawn">'}
        assert tmdb.asked == []
        assert not visitor.switch_page("for_you").run().get("toggle")
