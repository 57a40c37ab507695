"""Posters and backdrops through this server, and lists of films that stream in a country."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from config import Settings
from startup import Application
from tests.tmdb.answers import JPEG, PNG
from tests.tmdb.server import Answer, Tmdb, serving, with_key
from tests.tmdb.stored import fetch, link

pytestmark = pytest.mark.data_layer

BACKDROP = "/api/movies/7/backdrop"
POSTER = "/api/movies/7/poster"


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    with serving() as tmdb:
        yield tmdb


@pytest.fixture
def settings(settings: Settings, tmdb: Tmdb) -> Settings:
    """Return settings with a key."""
    return with_key(settings, tmdb)


@pytest.fixture
def asked(application: Application, tmdb: Tmdb) -> list[str]:
    """Store details of films; return what TMDb is asked from then on."""
    link(application.services.engine)
    fetch(application.services.engine, tmdb, 7, 8)
    tmdb.asked.clear()
    return tmdb.asked


def test_pictures(client: TestClient, asked: list[str], settings: Settings) -> None:
    for _ in range(2):
        answer = client.get(BACKDROP)
        assert (answer.status_code, answer.content) == (200, JPEG)
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "public, max-age=604800"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (
        client.get(BACKDROP, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    )
    assert client.get(POSTER, params={"size": "page"}).content == JPEG
    answer = client.get(POSTER, params={"language": "ru"})
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
    for address in (BACKDROP, POSTER):
        got, head = client.get(address), client.head(address)
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-type", "content-length", "etag", "cache-control"):
            assert head.headers[name] == got.headers[name]
    assert asked == [
        "/t/p/w780/backSeven.jpg",
        "/t/p/w500/posterSevenEn.jpg",
        "/t/p/w342/posterSevenRu.png",
        "/t/p/w342/posterSevenEn.jpg",
    ]
    assert len(list(settings.tmdb_folder.iterdir())) == 4


def test_films_without_pictures(client: TestClient, asked: list[str]) -> None:
    for number in (1, 8, 4711):  # of which nothing is stored, without pictures, no film
        answer = client.get(f"/api/movies/{number}/poster")
        assert answer.status_code == 404
        assert answer.json() == {"detail": f"There is no poster of the film {number}."}
    assert asked == []


def test_what_a_visitor_sends_reaches_no_other_address(
    client: TestClient, asked: list[str]
) -> None:
    for path, status in (
        ("/api/movies/7/logo", 404),
        ("/api/movies/..%2f..%2fetc%2fpasswd/poster", 404),
        (f"{BACKDROP}?size=page", 422),
        (f"{POSTER}?size=original", 422),
        (f"{POSTER}?size=w780", 422),
        (f"{POSTER}?language=../x", 422),
        (f"{POSTER}?path=/other.jpg", 422),
        (f"{POSTER}?url=http://127.0.0.1/", 422),
        ("/api/movies/-7/poster", 422),
        ("/api/movies/http:%2f%2fevil.example/poster", 404),
    ):
        assert client.get(path).status_code == status, path
    assert asked == []


def test_a_poster_that_is_a_page(
    client: TestClient, tmdb: Tmdb, asked: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    tmdb.images["/posterSevenEn.jpg"] = b"<!doctype html><script>alert(1)</script>"
    for _ in range(2):
        answer = client.get(POSTER)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/json"
    assert len(asked) == 1
    assert [each.getMessage() for each in caplog.records if each.name == "tmdb.images"] == [
        "TMDb's picture /posterSevenEn.jpg was refused: it is no picture"
    ]


def test_while_tmdb_is_away(client: TestClient, tmdb: Tmdb, asked: list[str]) -> None:
    tmdb.faults = [Answer(503)]
    for _ in range(2):
        answer = client.get(POSTER)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert len(asked) == 1


def test_lists_of_films_that_stream_in_a_country(client: TestClient, asked: list[str]) -> None:
    given = client.get("/api/give-rec", params={"stream_in": "US"}).json()
    assert [each["movie_id"] for each in given["items"]] == [7]
    assert given["relaxations"] == [{"filter": "stream_in", "films": 12}]
    by_genre = {"genre": "western", "stream_in": "FR"}
    assert client.get("/api/give-rec-genre", params=by_genre).json()["items"] == []
    for wrong in ("us", "USA", "", "U$"):
        answer = client.get("/api/give-rec", params={"stream_in": wrong})
        assert list(answer.json()["fields"]) == ["stream_in"]
        assert answer.status_code == 422


def test_lists_of_a_language_and_a_country(client: TestClient, asked: list[str]) -> None:
    for name, known, unknown, wrong in (
        ("original_language", "en", "fr", "EN"),
        ("made_in", "NO", "FR", "Norway"),
    ):
        given = client.get("/api/give-rec", params={name: known}).json()
        assert [each["movie_id"] for each in given["items"]] == [7]
        assert given["relaxations"] == [{"filter": name, "films": 12}]
        assert client.get("/api/give-rec", params={name: unknown}).json()["items"] == []
        answer = client.get("/api/give-rec", params={name: wrong})
        assert (answer.status_code, list(answer.json()["fields"])) == (422, [name])


class TestWithoutAKey:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"tmdb_token": None})

    def test_nothing_is_requested(self, client: TestClient, asked: list[str]) -> None:
        answer = client.get(POSTER)
        assert answer.status_code == 404
        assert answer.json() == {"detail": "This site shows no pictures from TMDb."}
        assert asked == []
