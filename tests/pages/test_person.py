"""The page of a person."""

import json
import re
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from pages import person
from startup import Application
from tests.catalogue import FILMS, add_person
from tests.pages.conftest import click, log_in, opened, press, titles

pytestmark = pytest.mark.data_layer

SCOTT = {4: ["director"], 5: ["writer", "cast"], 6: ["director"], 7: ["cast"]}


@pytest.fixture
def scott(application: Application) -> str:
    """Add a person and return the number."""
    with application.services.engine.begin() as connection:
        add_person(connection, 631, "Ridley *Scott*", SCOTT)
    return "631"


def _lines(visitor: AppTest, cards: str) -> dict[str, list[str]]:
    """What the cards of a section say below each title."""
    [mounted] = [
        each.proto
        for each in visitor.get("bidi_component")
        if f"-person_{cards}_cards" in each.proto.id
    ]
    found = re.findall(
        r'data-does="open">(.*?)</a>(.*?)<p class="genres">', json.loads(mounted.json)["html"], re.S
    )
    return {
        unescape(title): re.findall(r'<p class="quiet">(.*?)</p>', lines) for title, lines in found
    }


def _title(film: int) -> str:
    return FILMS[film][0].rpartition(" (")[0]


def test_a_strangers_order_is_that_of_popularity(
    visitor: AppTest, application: Application, scott: str
) -> None:
    opened(visitor, "person", id=scott)
    assert visitor.title[0].value == r"Ridley \*Scott\*"
    assert (
        visitor.markdown[0].value == "Director: 2 films · Writer: 1 film · Cast: 2 films · "
        "[IMDb](https://www.imdb.com/name/nm0000631/)"
    )
    scores = {film: application.services.recommender.explain(None, film).score for film in SCOTT}
    best = sorted(SCOTT, key=lambda film: -scores[film])
    assert titles(visitor) == [_title(film) for film in best]
    assert [each.value for each in visitor.subheader] == ["Best liked first"]
    assert _lines(visitor, "new")["Aliens"] == ["1986", "Writer, cast"]


def test_the_films_that_one_would_like_best_come_first_and_known_ones_last(
    visitor: AppTest, application: Application, scott: str
) -> None:
    opened(visitor, "person", id=scott)
    click(visitor, 5, "4", cards="person_new")
    guest = application.services.guests.of(visitor.session_state["visitor"])
    scores = {
        film: application.services.recommender.explain(None, film, guest_ratings=guest).score
        for film in (4, 6, 7)
    }
    best = sorted(scores, key=lambda film: -scores[film])
    assert titles(visitor) == [*map(_title, best), "Aliens"]
    assert [each.value for each in visitor.subheader] == [
        "Best for you first",
        "Rated or marked by you",
    ]
    assert _lines(visitor, "known") == {"Aliens": ["1986", "Writer, cast", "Your answer: 4 ★"]}


def test_known_films_of_an_account(visitor: AppTest, scott: str) -> None:
    """Rater 1 has rated the films 1 to 6."""
    log_in(visitor)
    opened(visitor, "film", id="7")
    visitor.button(key="mark-seen-7").click().run()
    opened(visitor, "person", id=scott)
    assert [each.value for each in visitor.subheader] == ["Rated or marked by you"]
    answers = {title: lines[-1] for title, lines in _lines(visitor, "known").items()}
    assert answers == {
        "Alien": "Your answer: 4 ★",
        "Aliens": "Your answer: 4.5 ★",
        "Blade Runner": "Your answer: 2 ★",
        "Unforgiven": "Your answer: Seen it",
    }


def test_more_films_of_a_person_with_many(
    visitor: AppTest, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person, "AT_ONCE", 5)
    with application.services.engine.begin() as connection:
        add_person(connection, 1, "Everybody", {film: ["cast"] for film in FILMS})
        add_person(connection, 2, "Somebody", {film: ["cast"] for film in range(1, 7)})
    opened(visitor, "person", id="1")
    first = titles(visitor)
    assert len(first) == 5
    assert "Cast" not in _lines(visitor, "new")[first[0]], "all films have the same role"
    press(visitor, "Show more")
    assert titles(visitor)[:5] == first
    press(visitor, "Show more")
    assert {*titles(visitor)} == {
        film.title for film in application.services.recommender.films(list(FILMS)).values()
    }
    assert "Show more" not in {each.label for each in visitor.button}
    assert len(titles(opened(visitor, "person", id="2"))) == 5


def test_in_russian(visitor: AppTest, scott: str) -> None:
    visitor.session_state["language_chosen"] = "ru"
    opened(visitor, "person", id=scott)
    assert visitor.markdown[0].value.startswith(
        "Режиссёр: 2 фильма · Сценарист: 1 фильм · В ролях: 2 фильма"
    )
    assert _lines(visitor, "new")["Aliens"] == ["1986", "Сценарист, в ролях"]


@pytest.mark.parametrize("number", ["", "0", "999", "-5", "5.0", "x", "9" * 4000, "٥", "5;--"])
def test_no_such_person(visitor: AppTest, application: Application, number: str) -> None:
    """Nor is there a page of somebody whose films a data load has removed."""
    with application.services.engine.begin() as connection:
        add_person(connection, 999, "Nobody", {})
    opened(visitor, "person", id=number)
    assert "There is no person at this address" in visitor.info[0].value
    assert not titles(visitor)
