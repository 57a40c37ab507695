"""For you and By genre: five films for whoever asks."""

import json
import re
from pathlib import Path
from uuid import uuid4

import pytest
from redis import Redis
from sqlalchemy import create_engine
from streamlit.testing.v1 import AppTest

from db.loading import load
from db.queries import histories
from recsys.serving.cache import ListCache
from recsys.serving.recommender import Recommender
from startup import Application
from tests.catalogue import write_larger_release
from tests.conftest import serve_with
from tests.pages.conftest import (
    NAVIGATION,
    announced,
    click,
    log_in,
    new_visit,
    opened,
    press,
    titles,
)
from tests.starting import start_again

pytestmark = pytest.mark.data_layer


def _genres(visitor: AppTest) -> list[str]:
    cards = [each.proto.body for each in visitor.get("html") if 'class="film"' in each.proto.body]
    return [", ".join(re.findall(r"<span>(.*?)</span>", card)) for card in cards]


def test_a_stranger_gets_five_popular_films_at_once(visitor: AppTest) -> None:
    assert visitor.title[0].value == "Five films for tonight"
    # Five raters each like films 5 to 8; Blade Runner is of Aliens' genre.
    assert titles(visitor)[:3] == ["Aliens", "Unforgiven", "The Interview"]
    assert len(titles(visitor)) == 5


def test_five_more_and_back_to_the_first(visitor: AppTest) -> None:
    first = titles(visitor)
    visitor.button(key="more").click().run()
    second = titles(visitor)
    visitor.button(key="more").click().run()
    third = titles(visitor)
    assert (len(first), len(second), len(third)) == (5, 5, 2)
    assert len({*first, *second, *third}) == 12
    assert visitor.button(key="more").label == "Back to the first five"
    visitor.button(key="more").click().run()
    assert titles(visitor) == first


@pytest.mark.parametrize("style", ["popular", "balanced", "adventurous"])
def test_the_way_back_brings_the_same_five(visitor: AppTest, style: str) -> None:
    visitor.button_group(key="style").select(style).run()
    first = titles(visitor)
    assert "before" not in [each.key for each in visitor.button]
    visitor.button(key="more").click().run()
    second = titles(visitor)
    assert announced(visitor) == "Films 6 to 10 of the list."
    visitor.button(key="more").click().run()
    assert announced(visitor) == "Films 11 to 12 of the list."
    visitor.button(key="before").click().run()
    assert titles(visitor) == second
    visitor.button(key="before").click().run()
    assert titles(visitor) == first
    assert announced(visitor) == "Films 1 to 5 of the list."
    assert "before" not in [each.key for each in visitor.button]


def test_the_way_back_keeps_the_genres(visitor: AppTest) -> None:
    visitor.switch_page("by_genre").run()
    visitor.button_group(key="genre").set_value(["Drama", "Action", "Sci-Fi"]).run()
    first = titles(visitor)
    visitor.button(key="more").click().run()
    assert not set(titles(visitor)) & set(first)
    visitor.button(key="before").click().run()
    assert titles(visitor) == first


def test_who_rates_the_last_films_of_a_list_sees_those_before(visitor: AppTest) -> None:
    for _ in range(2):
        visitor.button(key="more").click().run()
    assert len(titles(visitor)) == 2
    html = json.loads(visitor.get("bidi_component")[0].proto.json)["html"]
    for film in re.findall(r'data-film="(\d+)"', html):
        click(visitor, int(film), "3")
    assert len(titles(visitor)) == 5
    assert visitor.button(key="more").label == "Back to the first five"
    assert visitor.button(key="before").label == "Previous five"


def test_titles_cannot_smuggle_markup_in(visitor: AppTest) -> None:
    visitor.button_group(key="genre").set_value(["Drama"]).run()
    (cards,) = visitor.get("bidi_component")
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; *Sons*" in cards.proto.json
    assert "<script>" not in cards.proto.json


def test_a_known_person_gets_films_they_have_not_rated(
    visitor: AppTest, application: Application
) -> None:
    log_in(visitor)
    visitor.switch_page("for_you").run()
    assert visitor.title[0].value == "Five films for Test 1"
    with application.services.engine.connect() as connection:
        rated = set(histories.frame(connection, 1)["movie_id"])
    assert rated == {1, 2, 3, 4, 5, 6}
    shown = titles(visitor)
    assert len(shown) == 5
    assert not {"Toy Story", "Heat", "Fargo", "Alien", "Aliens", "Blade Runner"} & set(shown)


def test_the_page_says_when_films_are_only_popular(
    visitor: AppTest, application: Application
) -> None:
    start_again(application, has_films=True)
    visitor.run()
    assert len(titles(visitor)) == 5
    (progress,) = visitor.get("progress")
    assert "Popular films for now" in progress.proto.text


def test_films_that_are_still_loading(visitor: AppTest, application: Application) -> None:
    start_again(application)
    visitor.run()
    assert not visitor.exception
    assert visitor.title[0].value == "Five films"
    assert len(visitor.get("progress")) == 1


def test_new_film_has_a_badge(
    visitor: AppTest, application: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recsys.serving.current.CHECK_SECONDS", 0.0)
    load(application.services.engine, write_larger_release(tmp_path / "larger-release"))
    assert "Tombstone" not in titles(visitor.run()), "nobody has rated it"
    visitor = opened(new_visit(), "by_genre", genre=["Western"])
    cards = json.loads(visitor.get("bidi_component")[0].proto.json)["html"].split("<article")
    (unforgiven,) = (card for card in cards if ">Unforgiven<" in card)
    (tombstone,) = (card for card in cards if ">Tombstone<" in card)
    assert "New film" not in unforgiven
    assert "New film" in tombstone
    assert "Nobody has rated it yet" in tombstone
    assert "Of a genre you may like: Western" in tombstone


def test_redis_away_is_a_badge_not_an_error(
    visitor: AppTest, application: Application, monkeypatch: pytest.MonkeyPatch, dead_redis: Redis
) -> None:
    nobody_listens = ListCache(dead_redis, uuid4())
    monkeypatch.setattr(application.services.recommender, "cache", nobody_listens)
    visitor.run()
    assert len(titles(visitor)) == 5
    assert any("Cache offline" in each.value for each in visitor.markdown)


@pytest.mark.parametrize("typed", ["sci fi", "SCI-FI", " scifi ", "Sci-Fi"])
def test_a_genre_in_any_spelling(visitor: AppTest, typed: str) -> None:
    visitor.switch_page("by_genre").run()
    visitor.text_input(key="typed").set_value(typed).run()
    assert sorted(titles(visitor)) == ["Alien", "Aliens", "Blade Runner", "Solaris"]
    assert all("Sci-Fi" in genres for genres in _genres(visitor))


def test_a_genre_from_the_list(visitor: AppTest) -> None:
    visitor.switch_page("by_genre").run()
    visitor.button_group(key="genre").select("Western").run()
    assert titles(visitor) == ["Unforgiven"]


def test_no_genre_yet(visitor: AppTest) -> None:
    visitor.switch_page("by_genre").run()
    assert "Pick a genre" in visitor.info[0].value
    assert titles(visitor) == []


def test_an_unknown_genre_names_those_there_are_and_the_nearest(visitor: AppTest) -> None:
    visitor.switch_page("by_genre").run()
    visitor.text_input(key="typed").set_value("westren").run()
    assert titles(visitor) == []
    assert "There is no genre “westren”" in visitor.error[0].value
    for genre in ("Action", "Animation", "Children", "Horror", "Sci-Fi", "Western"):
        assert genre in visitor.error[0].value
    visitor.button(key="did_you_mean").click().run()
    assert titles(visitor) == ["Unforgiven"]
    assert not visitor.error


@pytest.mark.parametrize(
    "typed", ["nonsense", "'; DROP TABLE genres; --", "<script>alert(1)</script>", "🎬", "x" * 100]
)
def test_hostile_genres_are_unknown_genres(visitor: AppTest, typed: str) -> None:
    visitor.switch_page("by_genre").run()
    visitor.text_input(key="typed").set_value(typed).run()
    assert not visitor.exception
    assert "Choose from: Action" in visitor.error[0].value


def test_the_database_goes_away(visitor: AppTest, application: Application) -> None:
    nowhere = create_engine(
        "postgresql+psycopg://x@127.0.0.1:1/x", connect_args={"connect_timeout": 1}
    )
    services = application.services
    serve_with(
        application, engine=nowhere, recommender=Recommender(nowhere, services.recommender.cache)
    )
    visitor.switch_page("ratings").run()
    assert not visitor.exception
    assert "The database is not responding" in visitor.error[0].value
    serve_with(application, engine=services.engine, recommender=services.recommender)
    press(visitor, "Try again")
    assert visitor.title[0].value == "What people have rated"


def test_a_fault_of_ours_shows_no_traceback(
    visitor: AppTest,
    application: Application,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fault(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(application.services.recommender, "recommend", fault)
    visitor.run()
    assert not visitor.exception
    assert "Something went wrong" in visitor.error[0].value
    assert "secret detail" not in visitor.error[0].value


def test_every_page_is_reached_through_navigation() -> None:
    from tests.serving import ROOT

    assert not (ROOT / "pages" / "pages").exists()
    assert NAVIGATION.exists()
