"""Filtered lists, filters that an account has stored, and what filters cost."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from startup import Application
from tests.catalogue import add_age_ratings, add_lengths

pytestmark = pytest.mark.data_layer

Headers = dict[str, str]


def _ids(items: list[dict[str, Any]]) -> list[int]:
    return [item["movie_id"] for item in items]


def _listed(client: TestClient, headers: Headers | None = None, **narrowed: Any) -> Any:
    answer = client.get("/api/give-rec", params={"limit": 100, **narrowed}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_lists_are_filtered(client: TestClient, rater: Headers) -> None:
    cases: list[tuple[dict[str, Any], set[int]]] = [
        ({"genre": "comedy"}, {8, 11}),
        ({"genre": ["sci fi", "WESTERN"]}, {7, 10}),
        ({"genre": ["drama", "sci-fi"], "match": "all"}, {10}),
        ({"year_from": 1992, "year_to": 2001}, {7, 9, 11}),
        ({"least_ratings": 5}, {7, 8, 9}),
        ({"genre": "drama", "year_from": 2000, "least_ratings": 5}, {9}),
        ({"not_genres": "comedy"}, {7, 9, 10, 12}),
        ({"not_genres": "comedy, sci fi"}, {7, 9, 12}),
        ({"not_genres": ["комедия", "Western"]}, {9, 10, 12}),
        ({"genre": "drama", "not_genres": "western", "year_to": 2000}, {10}),
        ({"not_genres": ""}, {7, 8, 9, 10, 11, 12}),
    ]
    for narrowed, expected in cases:
        assert {*_ids(_listed(client, rater, **narrowed))} == expected, narrowed
    assert {*_ids(_listed(client, genre=["drama", "western"], match="all"))} == {7}


def test_lists_of_a_genre_are_filtered(client: TestClient, rater: Headers) -> None:
    cases: list[tuple[dict[str, Any], set[int]]] = [
        ({}, {7, 9, 10}),
        ({"not_genres": "western,mystery"}, {9}),
        ({"year_from": 1990, "year_to": 2000}, {7}),
        ({"least_ratings": 6}, {7}),
    ]
    for narrowed, expected in cases:
        answer = client.get(
            "/api/give-rec-genre", params={"genre": "drama", **narrowed}, headers=rater
        )
        assert {*_ids(answer.json()["items"])} == expected, narrowed


def test_lists_of_films_that_are_short_enough(
    client: TestClient, rater: Headers, application: Application
) -> None:
    """Films whose length isn't known are left out."""
    with application.services.engine.begin() as connection:
        add_lengths(connection)
    for limit, expected in (("112", {8}), ("130", {7, 8, 11}), ("1000", {7, 8, 10, 11})):
        assert {*_ids(_listed(client, rater, max_minutes=limit))} == expected
    assert {*_ids(_listed(client, rater, max_minutes="any"))} == {7, 8, 9, 10, 11, 12}
    client.put("/api/account/filters", json={"max_minutes": 125}, headers=rater)
    for _ in range(2):  # never cached
        short = client.get("/api/give-rec", headers=rater).json()
        assert ({*_ids(short["items"])}, short["max_minutes"]) == ({8, 11}, 125)
        assert short["relaxations"] == [{"filter": "max_minutes", "films": 6}]
    of_a_genre = client.get("/api/give-rec-genre?genre=drama&max_minutes=150", headers=rater).json()
    assert ({*_ids(of_a_genre["items"])}, of_a_genre["max_minutes"]) == ({7}, 150)
    assert {*_ids(_listed(client, rater, max_minutes="any"))} == {7, 8, 9, 10, 11, 12}
    assert len(_listed(client, rater, not_genres="western")) == 2, "the stored length still applies"


def test_lists_of_films_for_an_age(
    client: TestClient, rater: Headers, application: Application
) -> None:
    """Films without one of the five age ratings are left out."""
    with application.services.engine.begin() as connection:
        add_age_ratings(connection)
    for limit, expected in (
        ("G", set()),
        ("PG", {10}),
        ("PG-13", {8, 10}),
        ("R", {7, 8, 10}),
        ("NC-17", {7, 8, 10, 12}),
    ):
        assert {*_ids(_listed(client, rater, max_age_rating=limit))} == expected
    client.put("/api/account/filters", json={"max_age_rating": "PG-13"}, headers=rater)
    for _ in range(2):  # never cached
        mild = client.get("/api/give-rec", headers=rater).json()
        assert ({*_ids(mild["items"])}, mild["max_age_rating"]) == ({8, 10}, "PG-13")
        assert mild["relaxations"] == [{"filter": "max_age_rating", "films": 6}]
    of_a_genre = client.get("/api/give-rec-genre?genre=drama&max_age_rating=R", headers=rater)
    assert {*_ids(of_a_genre.json()["items"])} == {7, 10}
    assert {*_ids(_listed(client, rater, max_age_rating="any"))} == {7, 8, 9, 10, 11, 12}
    assert _ids(_listed(client, rater, max_minutes="any", not_genres="comedy")) == [10]
    exported = client.get("/api/account/export", headers=rater).json()
    assert exported["account"]["max_age_rating"] == "PG-13"


def test_few_films_come_with_what_each_filter_costs(client: TestClient, rater: Headers) -> None:
    def relaxations(endpoint: str, **params: Any) -> Any:
        return client.get(f"/api/{endpoint}", params=params, headers=rater).json()["relaxations"]

    assert relaxations("give-rec", not_genres="comedy", year_from=1990) == [
        {"filter": "not_genres", "films": 4},
        {"filter": "years", "films": 4},
    ]
    assert relaxations("give-rec-genre", genre="western") == [{"filter": "genre", "films": 6}]
    assert relaxations("give-rec", not_genres="western") == [], "five are left"
    assert relaxations("give-rec") == []


def test_filters_of_an_account_apply_unless_a_request_says_otherwise(
    client: TestClient, rater: Headers
) -> None:
    def not_genres(address: str, headers: Headers | None = rater) -> Any:
        answer = client.get(f"/api/{address}", headers=headers).json()
        listed = {genre for item in answer["items"] for genre in item["genres"]}
        assert not listed & {*answer["not_genres"]}
        return answer["not_genres"]

    assert not_genres("give-rec") == []
    stored = client.put(
        "/api/account/filters", json={"not_genres": ["romcom", "WESTERN"]}, headers=rater
    )
    assert stored.status_code == 204
    for _ in range(3):  # computed, from Redis, from memory
        assert not_genres("give-rec") == ["Comedy", "Romance", "Western"]
    assert not_genres("give-rec?limit=2") == ["Comedy", "Romance", "Western"]
    assert not_genres("give-rec-genre?genre=drama") == ["Comedy", "Romance", "Western"]
    assert not_genres("give-rec?not_genres=mystery") == ["Mystery"]
    assert not_genres("give-rec?not_genres=") == []
    assert not_genres("give-rec", None) == []
    what_if = client.post("/api/what-if", json={}, headers=rater)
    assert {*_ids(what_if.json())} == {9, 10, 12}
    assert client.get("/api/account/export", headers=rater).json()["account"]["not_genres"] == [
        "Comedy",
        "Romance",
        "Western",
    ]
    assert client.put("/api/account/filters", json={}, headers=rater).status_code == 204
    assert not_genres("give-rec") == []


def test_filters_that_can_not_be_stored(client: TestClient, rater: Headers) -> None:
    unknown = client.put(
        "/api/account/filters", json={"not_genres": ["drama", "westren"]}, headers=rater
    )
    assert (unknown.status_code, unknown.json()["did_you_mean"]) == (404, "Western")
    wrong: list[dict[str, Any]] = [
        *({"not_genres": each} for each in ("drama", None, [1], ["x" * 1001], ["drama"] * 41)),
        *({"max_minutes": each} for each in (0, -1, 1001, 95.5, "95", "any", True)),
        *({"max_age_rating": each} for each in ("", "pg", "any", 13, True)),
        {"minutes": 95},
    ]
    for body in wrong:
        answer = client.put("/api/account/filters", json=body, headers=rater)
        assert answer.status_code == 422, body
    given = client.get("/api/give-rec", headers=rater).json()
    assert (given["not_genres"], given["max_minutes"]) == ([], None)
    assert client.put("/api/account/filters", json={}).status_code == 401


def test_invalid_filters(client: TestClient) -> None:
    unknown = client.get("/api/give-rec?genre=drama&genre=westren")
    assert unknown.status_code == 404
    assert unknown.json()["did_you_mean"] == "Western"
    assert unknown.json()["available_genres"] == client.get("/api/genres").json()
    for address in ("give-rec?", "give-rec-genre?genre=drama&"):
        assert client.get(f"/api/{address}not_genres=horror,westren").json() == unknown.json()
    for narrowed in (
        {"match": "some"},
        {"year_from": 1799},
        {"year_to": "x"},
        {"year_from": 2002, "year_to": 2001},
        {"least_ratings": -1},
        {"least_ratings": 2**31},
        {"genre": ["drama"] * 41},
        {"genre": "x" * 1001},
        {"not_genres": ["drama"] * 41},
        {"not_genres": "drama," * 41},
        {"not_genres": "x" * 1001},
        {"not_genres": "a\0b"},
        {"max_minutes": 0},
        {"max_minutes": -90},
        {"max_minutes": 1001},
        {"max_minutes": "95.5"},
        {"max_minutes": "٩٥"},
        {"max_minutes": "two hours"},
        {"max_minutes": ""},
        {"max_age_rating": ""},
        {"max_age_rating": "pg"},
        {"max_age_rating": "PG-14"},
        {"offset": -1},
        {"offset": 100},
        {"exclude": "1;2"},
        {"exclude": "1,"},
        {"exclude": ",".join(map(str, range(1, 502)))},
        {"style": "wild"},
        {"style": ""},
    ):
        answer = client.get("/api/give-rec", params=narrowed)
        assert answer.status_code == 422, narrowed
        (field,) = answer.json()["fields"]
        assert field.split(".")[0] in narrowed
