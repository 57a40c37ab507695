"""What the head of each page says, before Streamlit draws anything."""

import re
from html import unescape

import pytest
from sqlalchemy import text
from starlette.requests import Request

from accounts.sessions import SESSION_COOKIE, VISITOR_COOKIE
from pages.parts.wording import COOKIE
from pages.shell import head
from recsys.serving.filters import Filters
from startup import Application
from tests.catalogue import add_person
from tests.starting import start_again

pytestmark = pytest.mark.data_layer

FIRST_TITLE = re.compile(r'<a class="title"[^>]*>([^<]*)</a>')


def _request(address: str, language: str = "en-GB,en;q=0.9", cookies: str = "") -> Request:
    path, _, query = address.partition("?")
    headers = [(b"accept-language", language.encode()), (b"cookie", cookies.encode())]
    return Request(
        {"type": "http", "path": path, "query_string": query.encode(), "headers": headers}
    )


def _property(page: head.Head, name: str) -> str | None:
    found = re.search(f'<meta (?:property|name)="{name}" content="([^"]*)">', page.html)
    return None if found is None else unescape(found[1])


@pytest.mark.parametrize(
    ("address", "language", "title"),
    [
        ("/", "en", "Five Films"),
        ("/", "ru-RU", "Five Films"),
        ("/by_genre", "en", "By genre · Five Films"),
        ("/by_genre?genre=Horror", "ru", "По жанру · Five Films"),
        ("/quality/", "de, ru", "Quality · Five Films"),
        ("/nothing", "en", "No such page · Five Films"),
        ("/film/5", "ru", "Нет такой страницы · Five Films"),
        ("/film?id=5", "en", "Aliens (1986) · Five Films"),
        ("/film?id=5", "ru", "Aliens (1986) · Five Films"),
        *((f"/film?id={wrong}", "en", "A film · Five Films") for wrong in ("", "x", "999", "1e1")),
        (f"/film?id={'9' * 30}", "en", "A film · Five Films"),
        ("/person?id=520", "en", "A person · Five Films"),
        ("/person?id=x", "ru", "Человек из кино · Five Films"),
    ],
)
def test_each_page_has_its_title(
    application: Application, address: str, language: str, title: str
) -> None:
    page = head.describe(application, _request(address, language))
    assert page.title == title
    assert _property(page, "og:title") == title
    assert page.language == ("ru" if language.startswith("ru") else "en")


def test_where_there_is_nothing_it_says_so_and_what_there_is(application: Application) -> None:
    page = head.describe(application, _request("/nothing/at?all=1"))
    assert (page.status, page.is_whole) == (404, True)
    assert "There is no page at this address" in page.first
    listed = re.findall(r'<li><a href="/(\w*)">', page.first)
    assert listed == [
        *("", "by_genre", "my_films", "ratings", "map", "quality", "walkthrough", "account")
    ]
    assert (
        "По этому адресу страницы нет"
        in head.describe(application, _request("/nothing", "ru")).first
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/inspector", 200),
        ("/film?id=5", 200),
        ("/film?id=999", 404),
        ("/film?id=nonsense", 404),
        ("/film", 404),
        ("/person?id=520", 404),
        ("/person", 404),
    ],
)
def test_a_page_is_found_or_not(application: Application, address: str, status: int) -> None:
    page = head.describe(application, _request(address))
    assert (page.status, page.is_whole) == (status, False)


def test_the_language_that_was_chosen_in_the_browser(application: Application) -> None:
    for chosen, title in (
        ("ru", "По жанру · Five Films"),
        ("en", "By genre · Five Films"),
        ("tlh", "По жанру · Five Films"),
    ):
        page = head.describe(application, _request("/by_genre", "ru", f"{COOKIE}={chosen}"))
        assert page.title == title


def test_a_link_to_a_film_says_what_the_film_is(application: Application) -> None:
    english, russian = (
        head.describe(application, _request("/film?id=5", language)) for language in ("en", "ru")
    )
    said = "Action, Horror, Sci-Fi · 4.4 of 5 stars · ratings: 5"
    assert _property(english, "description") == _property(english, "og:description") == said
    assert _property(russian, "description") == (
        "боевик, ужасы, фантастика · 4,4 из 5 звёзд · оценок: 5"
    )
    assert english.first == ""


def test_a_link_to_a_person_says_what_they_did(application: Application) -> None:
    with application.services.engine.begin() as connection:
        add_person(connection, 520, "<Michael> Mann", {2: ["director", "writer"], 3: ["writer"]})
    for language, said in (
        ("en", "Director: 1 film · Writer: 2 films"),
        ("ru", "Режиссёр: 1 фильм · Сценарист: 2 фильма"),
    ):
        page = head.describe(application, _request("/person?id=520", language))
        assert page.status == 200
        assert page.title == "&lt;Michael&gt; Mann · Five Films"
        assert _property(page, "description") == _property(page, "og:description") == said


def test_a_title_is_text(application: Application) -> None:
    with application.services.engine.begin() as connection:
        connection.execute(text("UPDATE movies SET title = '<script>\"&' WHERE id = 5"))
    page = head.describe(application, _request("/film?id=5"))
    assert page.title == "&lt;script&gt;&quot;&amp; (1986) · Five Films"
    assert _property(page, "og:title") == '<script>"& (1986) · Five Films'


def test_what_people_type_is_the_address(application: Application) -> None:
    assert _property(head.describe(application, _request("/map")), "og:url") is None
    application.settings = application.settings.model_copy(
        update={"public_url": "https://films.example.org"}
    )
    assert (
        _property(head.describe(application, _request("/map")), "og:url")
        == "https://films.example.org/map"
    )
    film = head.describe(application, _request("/film?id=5"))
    assert _property(film, "og:url") == "https://films.example.org/film?id=5"


def test_a_strangers_five_are_there_at_once(application: Application) -> None:
    first = head.describe(application, _request("/")).first
    films = application.services.recommender.recommend(None, limit=5).items
    named = application.services.recommender.films([film.movie_id for film in films])
    assert list(map(unescape, FIRST_TITLE.findall(first))) == [
        named[film.movie_id].title for film in films
    ]
    assert "Five films for tonight" in first
    assert '<a href="/account">log in or register</a>' in first
    assert "Пять фильмов на вечер" in head.describe(application, _request("/", "ru")).first


@pytest.mark.parametrize(
    "known_by", ["a session", "ratings", "a style", "stored filters", "filters"]
)
def test_who_has_a_list_of_their_own_sees_places(application: Application, known_by: str) -> None:
    if known_by == "ratings":
        application.services.guests.put("visitor", 1, 5.0)
    if known_by == "a style":
        application.services.guests.put_style("visitor", "popular")
    if known_by == "stored filters":
        application.services.guests.put_filters("visitor", Filters(max_minutes=120))
    cookies = f"{VISITOR_COOKIE}=visitor"
    if known_by == "a session":
        cookies += f"; {SESSION_COOKIE}=token"
    page = head.describe(
        application, _request("/?genre=Horror" if known_by == "filters" else "/", "en", cookies)
    )
    assert FIRST_TITLE.findall(page.first) == []
    assert page.first.count('<article class="card"></article>') == 5
    guest = head.describe(application, _request("/", cookies=f"{VISITOR_COOKIE}=another"))
    assert len(FIRST_TITLE.findall(guest.first)) == 5


def test_without_films_there_is_the_head_alone(application: Application) -> None:
    start_again(application)
    for address in ("/", "/film?id=5", "/person?id=5"):
        page = head.describe(application, _request(address))
        assert page.first == ""
        assert _property(page, "description")
    assert head.describe(application, None).title == "Five Films"
