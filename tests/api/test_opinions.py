"""Marks, the portrait and the file of a user's ratings, and a film's statistics.

Rater 1 gave films 1 to 6 the stars 4, 4.5, 5, 4, 4.5 and 2.
"""

from typing import Any

import pytest
from starlette.testclient import TestClient

from accounts.rate_limits import RateLimit
from startup import Application
from tests.conftest import serve_with

pytestmark = pytest.mark.data_layer

Headers = dict[str, str]


def _marks(client: TestClient, headers: Headers) -> list[tuple[int, str]]:
    answer = client.get("/api/marks", headers=headers)
    assert answer.status_code == 200
    return [(each["movie_id"], each["mark"]) for each in answer.json()]


def _listed(client: TestClient, headers: Headers) -> set[int]:
    answer = client.get("/api/give-rec?limit=100", headers=headers)
    return {item["movie_id"] for item in answer.json()["items"]}


def test_marking_a_film(client: TestClient, rater: Headers) -> None:
    assert _listed(client, rater) == {7, 8, 9, 10, 11, 12}
    for mark in ("later", "seen", "seen"):
        answer = client.put("/api/marks/7", json={"mark": mark}, headers=rater)
        assert (answer.status_code, answer.content) == (204, b"")
    client.put("/api/marks/8", json={"mark": "dismissed"}, headers=rater)
    assert _marks(client, rater) == [(8, "dismissed"), (7, "seen")]
    assert client.get("/api/marks", headers=rater).json()[0]["marked_at"].endswith("Z")
    assert _listed(client, rater) == {9, 10, 11, 12}

    assert client.delete("/api/marks/8", headers=rater).status_code == 204
    gone = client.delete("/api/marks/8", headers=rater)
    assert (gone.status_code, gone.json()) == (404, {"detail": "You haven't marked this film."})
    assert _listed(client, rater) == {8, 9, 10, 11, 12}

    assert client.put("/api/ratings/7", json={"rating": 4.5}, headers=rater).status_code == 200
    assert _marks(client, rater) == []
    refused = client.put("/api/marks/7", json={"mark": "seen"}, headers=rater)
    assert refused.status_code == 409
    assert "take the rating back" in refused.json()["detail"]


def test_invalid_marks(client: TestClient, rater: Headers) -> None:
    bodies: list[Any] = [{"mark": "loved"}, {"mark": None}, {"mark": 5}, {}, [], "seen"]
    for body in bodies:
        answer = client.put("/api/marks/7", json=body, headers=rater)
        assert answer.status_code == 422, body
        assert set(answer.json()["fields"]) <= {"mark", "body"}
    for movie, status in (("999", 404), ("0", 422), ("x", 422), ("9" * 30, 422)):
        put = client.put(f"/api/marks/{movie}", json={"mark": "seen"}, headers=rater)
        assert (put.status_code, put.json().keys() >= {"detail"}) == (status, True)
        assert client.delete(f"/api/marks/{movie}", headers=rater).status_code == status
    assert _marks(client, rater) == []


def test_guests_are_told_to_log_in(client: TestClient) -> None:
    endpoints: list[tuple[str, str, Any]] = [
        ("GET", "marks", None),
        ("PUT", "marks/7", {"mark": "seen"}),
        ("DELETE", "marks/7", None),
        ("GET", "portrait", None),
        ("GET", "ratings.csv", None),
        ("POST", "imports", {"ratings": []}),
        ("POST", "imports/preview", None),
    ]
    for method, endpoint, body in endpoints:
        answer = client.request(method, f"/api/{endpoint}", json=body)
        assert answer.status_code == 401, endpoint
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_portrait(client: TestClient, rater: Headers) -> None:
    """Everybody gives each number of stars equally often; the genres come from three films."""
    portrait = client.get("/api/portrait", headers=rater).json()
    shares = {2.0: 1 / 6, 4.0: 2 / 6, 4.5: 2 / 6, 5.0: 1 / 6}
    assert [each["rating"] for each in portrait["distribution"]] == [n / 2 for n in range(1, 11)]
    for each in portrait["distribution"]:
        expected = pytest.approx(shares.get(each["rating"], 0))
        assert (each["mine"], each["everybody"]) == (expected, expected)
    assert [(each["genre"], each["films"]) for each in portrait["genres"]] == [
        ("Thriller", 3),
        ("Sci-Fi", 3),
    ]
    thriller, science = portrait["genres"]
    assert (thriller["mine"], thriller["everybody"]) == pytest.approx((11.5 / 3, 4.0))
    assert (science["mine"], science["everybody"]) == pytest.approx((3.5, 79 / 19))
    assert science["difference"] == pytest.approx(3.5 - 79 / 19)
    apart = [(each["movie_id"], each["difference"]) for each in portrait["disagreements"]]
    assert apart == [(6, pytest.approx(-2.0)), (5, pytest.approx(0.1))]


def test_without_ratings_portrait_and_file_are_empty(client: TestClient, new_user: Headers) -> None:
    portrait = client.get("/api/portrait", headers=new_user).json()
    assert (portrait["genres"], portrait["disagreements"]) == ([], [])
    assert {each["mine"] for each in portrait["distribution"]} == {0}
    file = client.get("/api/ratings.csv", headers=new_user)
    assert (file.status_code, file.text) == (200, "userId,movieId,rating,timestamp,title,year\r\n")
    assert _marks(client, new_user) == []


def test_my_ratings_as_a_file(client: TestClient, rater: Headers) -> None:
    file = client.get("/api/ratings.csv", headers=rater)
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert file.headers["content-disposition"] == 'attachment; filename="five-films-ratings.csv"'
    assert file.headers["cache-control"] == "no-store"
    lines = file.text.split("\r\n")
    assert lines[0] == "userId,movieId,rating,timestamp,title,year"
    assert lines[1] == "1,1,4.0,1000000001,Toy Story,1995"
    assert lines[6] == "1,6,2.0,1000432001,Blade Runner,1982"
    assert lines[7:] == [""]


def test_my_ratings_for_letterboxd(client: TestClient, rater: Headers) -> None:
    file = client.get("/api/ratings.csv", params={"form": "letterboxd"}, headers=rater)
    lines = file.text.split("\r\n")
    assert lines[0] == "tmdbID,imdbID,Title,Year,Rating,WatchedDate,RatedAt"
    assert lines[6].split(",")[2:] == [
        *("Blade Runner", "1982", "2.0", "2001-09-14", "2001-09-14T01:46:41+00:00")
    ]
    wrong = client.get("/api/ratings.csv", params={"form": "imdb"}, headers=rater)
    assert (wrong.status_code, [*wrong.json()["fields"]]) == (422, ["form"])


def test_a_films_statistics(client: TestClient) -> None:
    figures = client.get("/api/movies/8/figures").json()
    given = {2.0: 1, 4.0: 2, 4.5: 2, 5.0: 1}
    assert figures == {
        "distribution": [{"rating": n / 2, "ratings": given.get(n / 2, 0)} for n in range(1, 11)],
        "by_year": [{"year": 2001, "ratings": 6, "mean": 4.0}],
    }
    assert client.get("/api/movies/12/figures").json()["by_year"] == []
    for movie, status in (("999", 404), ("0", 422), ("x", 422)):
        assert client.get(f"/api/movies/{movie}/figures").status_code == status


def test_rating_too_fast_is_refused_with_a_time_to_retry(
    client: TestClient, application: Application, rater: Headers
) -> None:
    serve_with(application, rating_limit=RateLimit(2))
    answers = [
        client.put("/api/ratings/7", json={"rating": 4.5}, headers=rater),
        client.put("/api/marks/8", json={"mark": "seen"}, headers=rater),
        client.put("/api/ratings/8", json={"rating": 4.5}, headers=rater),
    ]
    assert [each.status_code for each in answers] == [200, 204, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert "too fast" in answers[-1].json()["detail"]
    assert client.get("/api/give-rec", headers=rater).status_code == 200
    assert _marks(client, rater) == [(8, "seen")]
