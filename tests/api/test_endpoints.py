"""Each endpoint: its responses and its errors."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from starlette.testclient import TestClient

from db.details import load_imdb
from startup import Application, Stage
from tests.catalogue import add_tags
from tests.conftest import serve_with
from tests.db.details.files import write_imdb
from tests.starting import start_again

pytestmark = pytest.mark.data_layer

LogIn = Callable[..., dict[str, str]]


def _ids(answer: Any) -> list[int]:
    return [item["movie_id"] for item in answer.json()["items"]]


def test_give_rec_for_a_guest(client: TestClient) -> None:
    answer = client.get("/api/give-rec")
    assert answer.status_code == 200
    assert answer.json()["kind"] == "cold"
    assert _ids(answer)[:3] == [5, 7, 8], "the most liked, of different genres"
    assert {
        "movie_id": 5,
        "title": "Aliens",
        "year": 1986,
        "genres": ["Action", "Horror", "Sci-Fi"],
    }.items() <= answer.json()["items"][0].items()
    assert client.get("/api/give-rec").json()["cached"] is True


def test_give_rec_for_a_known_user(client: TestClient, log_in: LogIn) -> None:
    answer = client.get("/api/give-rec?limit=100", headers=log_in())
    assert answer.json()["kind"] == "known"
    assert sorted(_ids(answer)) == [7, 8, 9, 10, 11, 12]


def test_reasons_come_with_titles(
    client: TestClient, log_in: LogIn, application: Application
) -> None:
    headers = log_in()
    for _ in range(50):
        answer = client.get("/api/give-rec?limit=6", headers=headers).json()
        if answer["model_version"] is not None:
            break
    assert answer["model_version"] == "1"
    liked = {"Toy Story", "Heat", "Fargo", "Alien", "Aliens"}
    for item in answer["items"]:
        assert {reason["title"] for reason in item["reasons"]} <= liked
        assert all(0 < reason["share"] <= 1 for reason in item["reasons"])


@pytest.mark.parametrize("genre", ["Sci-Fi", "sci fi", "SCIFI"])
def test_give_rec_genre(client: TestClient, genre: str) -> None:
    answer = client.get("/api/give-rec-genre", params={"genre": genre})
    assert sorted(_ids(answer)) == [4, 5, 6, 10]


def test_an_unknown_genre(client: TestClient) -> None:
    answer = client.get("/api/give-rec-genre?genre=westren")
    assert answer.status_code == 404
    assert answer.json()["did_you_mean"] == "Western"
    assert answer.json()["available_genres"] == client.get("/api/genres").json()
    assert "westren" in answer.json()["detail"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", "9" * 400, ""])
def test_an_invalid_limit_is_named(client: TestClient, limit: str) -> None:
    answer = client.get("/api/give-rec", params={"limit": limit})
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["limit"]


def test_who_am_i(client: TestClient, log_in: LogIn) -> None:
    assert client.get("/api/who-am-i", headers=log_in()).json() == {
        "email": "test1@mail.com",
        "name": "Test 1",
        "kind": "known",
        "ratings": 6,
    }


@pytest.mark.parametrize(
    ("method", "endpoint"),
    [
        ("GET", "who-am-i"),
        ("POST", "auth/logout"),
        ("GET", "ratings"),
        ("PUT", "ratings/1"),
        ("DELETE", "ratings/1"),
        ("GET", "account/export"),
        ("GET", "account/sessions"),
        ("DELETE", "account/sessions"),
    ],
)
def test_a_guest_is_told_to_log_in(client: TestClient, method: str, endpoint: str) -> None:
    body = {"rating": 4} if method == "PUT" else None
    answer = client.request(method, f"/api/{endpoint}", json=body)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic abc", "x", "Bearer \x7f"])
def test_an_invalid_token_is_an_error(client: TestClient, header: str) -> None:
    assert client.get("/api/give-rec", headers={"Authorization": header}).status_code == 401


def test_rating_a_film(client: TestClient, log_in: LogIn) -> None:
    headers = log_in()
    assert 7 in _ids(client.get("/api/give-rec", headers=headers))
    for _ in range(2):
        rated = client.put("/api/ratings/7", json={"rating": 4.5}, headers=headers)
        assert rated.status_code == 200
    mine = client.get("/api/ratings", headers=headers).json()["items"]
    assert [each["rating"] for each in mine if each["movie_id"] == 7] == [4.5]
    assert 7 not in _ids(client.get("/api/give-rec?limit=100", headers=headers))

    assert client.delete("/api/ratings/7", headers=headers).status_code == 204
    assert client.delete("/api/ratings/7", headers=headers).status_code == 404
    assert 7 in _ids(client.get("/api/give-rec", headers=headers))


@pytest.mark.parametrize("rating", [0, 0.7, 5.5, -1, "five", None, 1e308, [], {}])
def test_an_invalid_rating(client: TestClient, log_in: LogIn, rating: object) -> None:
    answer = client.put("/api/ratings/12", json={"rating": rating}, headers=log_in())
    assert answer.status_code == 422
    assert "rating" in answer.json()["fields"]


@pytest.mark.parametrize(
    ("movie", "status"), [("999", 404), ("0", 422), ("x", 422), ("9" * 30, 422), ("%00", 422)]
)
def test_an_invalid_film(client: TestClient, log_in: LogIn, movie: str, status: int) -> None:
    put = client.put(f"/api/ratings/{movie}", json={"rating": 4}, headers=log_in())
    assert put.status_code == status
    assert client.get(f"/api/movies/{movie}").status_code == status


def test_searching(client: TestClient) -> None:
    found = client.get("/api/movies?query=ALIEN").json()
    assert [item["title"] for item in found["items"]] == ["Alien", "Aliens"]
    assert (found["page"], found["pages"], found["total"]) == (1, 1, 2)
    assert client.get("/api/movies?year_from=2001&year_to=2001").json()["total"] == 2
    assert client.get("/api/movies?genre=western").json()["items"][0]["title"] == "Unforgiven"
    assert client.get("/api/movies?genre=nonsense").status_code == 404
    assert client.get("/api/movies?page=2").json()["items"] == []


@pytest.mark.parametrize("query", ["%", "_", "\\", "'; DROP TABLE movies; --", "<script>alert"])
def test_special_characters_in_a_search_are_literal(client: TestClient, query: str) -> None:
    answer = client.get("/api/movies", params={"query": query})
    assert answer.status_code == 200
    assert answer.json()["total"] == (1 if query == "<script>alert" else 0)


def test_one_film(client: TestClient) -> None:
    assert client.get("/api/movies/8").json() == {
        "movie_id": 8,
        "title": "The Interview",
        "titles": {},
        "year": 2014,
        "minutes": None,
        "age_rating": None,
        "genres": ["Comedy"],
        "ratings": 6,
        "likes": 5,
        "mean": 4.0,
        "links": {"movielens": "https://movielens.org/movies/8"},
        "tags": [],
        "original_title": None,
        "directors": [],
        "writers": [],
        "cast": [],
    }


def test_details_of_a_film(client: TestClient, application: Application, tmp_path: Path) -> None:
    load_imdb(application.services.engine, write_imdb(tmp_path / "imdb"))
    film = client.get("/api/movies/2").json()
    assert (film["title"], film["titles"], film["minutes"]) == ("Heat", {"ru": "Схватка"}, 170)
    assert (film["original_title"], film["directors"], film["writers"], film["cast"]) == (
        "Heat",
        ["Michael Mann"],
        ["Michael Mann"],
        ["Al Pacino", "Robert De Niro"],
    )
    for query in ("схватка", "al pacino"):
        found = client.get("/api/movies", params={"query": query}).json()
        assert [item["movie_id"] for item in found["items"]] == [2]
    assert found["people"] == [{"person_id": 199, "name": "Al Pacino", "films": 1}]
    listed = client.get("/api/give-rec?limit=100").json()["items"]
    assert {item["movie_id"]: item["minutes"] for item in listed if item["minutes"]} == {
        2: 170,
        3: 98,
        10: 167,
    }


def test_tags_are_returned_and_found(client: TestClient, application: Application) -> None:
    with application.services.engine.begin() as connection:
        add_tags(connection, {"Alien": {8: 2, 6: 3}, "funny <b>": {8: 7}})
    assert client.get("/api/movies/8").json()["tags"] == [
        {"tag": "funny <b>", "people": 7},
        {"tag": "Alien", "people": 2},
    ]
    found = client.get("/api/movies?query=alien").json()
    assert [item["movie_id"] for item in found["items"]] == [4, 5, 6, 8]
    assert "tags" not in found["items"][0]


def test_similar_films(client: TestClient) -> None:
    alike = client.get("/api/movies/5/similar?limit=3").json()
    assert len(alike) == 3
    assert 5 not in [each["movie_id"] for each in alike]
    assert client.get("/api/movies/999/similar").status_code == 404


def test_health(client: TestClient) -> None:
    assert client.get("/api/health/live").json() == {"status": "ok"}
    ready = client.get("/api/health/ready")
    assert ready.status_code == 200
    assert [ready.json()[part]["ok"] for part in ("database", "model", "cache")] == [True] * 3


def test_health_without_a_database(
    client: TestClient, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = create_engine("postgresql+psycopg://x:hunter2@127.0.0.1:1/x")
    serve_with(application, engine=nowhere)
    ready = client.get("/api/health/ready")
    assert ready.status_code == 503
    assert ready.json()["database"]["ok"] is False
    assert "hunter2" not in ready.text
    assert client.get("/api/health/live").status_code == 200
    answer = client.get("/api/movies/1")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"


def test_while_films_are_loading(client: TestClient, application: Application) -> None:
    start_again(application)
    application.progress.stage = Stage("Loading the films")
    answer = client.get("/api/give-rec")
    assert answer.status_code == 503
    assert "Loading the films" in answer.json()["detail"]
    assert client.get("/api/health/ready").status_code == 503


def test_metrics(client: TestClient) -> None:
    client.get("/api/movies/5")
    client.get("/api/movies/6")
    metrics = client.get("/metrics").text
    assert 'handle="/api/movies/{movie_id}",method="GET",status="200"' in metrics
    assert 'movies/5"' not in metrics
    assert "five_films_cached_lists_total" in metrics
