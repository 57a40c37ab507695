"""Imports by the API: previews, imports, and an export imported again.

Rater 1 gave films 1 to 6 the stars 4, 4.5, 5, 4, 4.5 and 2.
"""

from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from accounts.imports import MOST_BYTES
from startup import Application

pytestmark = pytest.mark.data_layer

Headers = dict[str, str]
HEADER = "movieId,rating,timestamp,title"


def _look(client: TestClient, headers: Headers, *lines: str) -> Any:
    file = "\n".join([HEADER, *lines]).encode()
    answer = client.post("/api/imports/preview", files={"file": file}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _import(client: TestClient, headers: Headers, *ratings: Any, **how: Any) -> Any:
    answer = client.post("/api/imports", json={"ratings": ratings, **how}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _stars(client: TestClient, headers: Headers) -> dict[int, float]:
    items = client.get("/api/ratings", headers=headers).json()["items"]
    return {each["movie_id"]: each["rating"] for each in items}


def test_a_file_is_previewed_row_by_row(client: TestClient, rater: Headers) -> None:
    before = _stars(client, rater)
    seen = _look(
        client,
        rater,
        "7,4.5,1000000000,Unforgiven (1992)",
        "1,3.0,1000000000,Toy Story (1995)",
        "8,1.0,1000000000,The Interview (2014)",
        "8,5.0,1000000001,The Interview (2014)",
        ",4.0,1000000000,Blade Runer (1983)",
        ",4.0,1000000000,Nowhere to be Found (1950)",
        "9,7,1000000000,Sons",
    )
    assert seen["service"] == "MovieLens"
    assert seen["found"][0] == {
        "line": 2,
        "title": "Unforgiven",
        "year": 1992,
        "rating": 4.5,
        "rated_at": "2001-09-09T01:46:40Z",
        "movie_id": 7,
        "film": "Unforgiven (1992)",
        "by": "MovieLens number",
        "present": None,
    }
    assert [(row["movie_id"], row["rating"], row["present"]) for row in seen["found"]] == [
        (7, 4.5, None),
        (1, 3.0, 4.0),
        (8, 5.0, None),
    ]
    (unsure,) = seen["unsure"]
    assert unsure["candidates"] == [{"movie_id": 6, "film": "Blade Runner (1982)"}]
    assert [row["title"] for row in seen["not_found"]] == ["Nowhere to be Found"]
    assert [row["line"] for row in seen["superseded"]] == [4]
    assert [(row["line"], row["title"]) for row in seen["unusable"]] == [(8, "Sons")]
    assert _stars(client, rater) == before


def test_invalid_files(client: TestClient, rater: Headers) -> None:
    files: list[tuple[bytes, str]] = [
        (b"", "empty"),
        (b"\x89PNG\r\n", "a picture"),
        (b"PK\x03\x04 not really", "damaged zip"),
        (b"a,b\n1,2\n", "the columns of a ratings file"),
        (HEADER.encode(), "no ratings"),
        (b"userId,movieId,rating\n1,1,4\n2,1,4\n", "more than one person"),
        (b"x" * (MOST_BYTES + 1), "larger than 10 MB"),
    ]
    for file, problem in files:
        answer = client.post("/api/imports/preview", files={"file": file}, headers=rater)
        assert answer.status_code == 422
        assert list(answer.json()["fields"]) == ["file"]
        assert problem in answer.json()["detail"]
    no_files: list[dict[str, Any]] = [{}, {"data": {"file": "text"}}, {"files": {"other": b"x"}}]
    for no_file in no_files:
        answer = client.post("/api/imports/preview", headers=rater, **no_file)
        assert answer.status_code == 422
        assert list(answer.json()["fields"]) == ["file"]


def test_importing_and_importing_again(client: TestClient, rater: Headers) -> None:
    client.put("/api/marks/7", json={"mark": "later"}, headers=rater)
    chosen = [
        {"movie_id": 7, "rating": 4.5, "rated_at": "2001-02-03T04:05:06+02:00"},
        {"movie_id": 1, "rating": 0.5},
        {"movie_id": 2, "rating": 4.5},
        {"movie_id": 999, "rating": 3.0},
    ]
    refused = client.post("/api/imports", json={"ratings": chosen}, headers=rater)
    assert (refused.status_code, [*refused.json()["fields"]]) == (422, ["ratings.3.movie_id"])
    assert 7 not in _stars(client, rater), "all or none"
    assert _import(client, rater, *chosen, skip_unknown=True) == {
        "added": 1,
        "changed": 0,
        "unchanged": 2,
        "unknown": 1,
    }
    assert _stars(client, rater) == {1: 4.0, 2: 4.5, 3: 5.0, 4: 4.0, 5: 4.5, 6: 2.0, 7: 4.5}
    assert client.get("/api/marks", headers=rater).json() == []
    mine = client.get("/api/ratings", headers=rater).json()["items"]
    assert (mine[0]["movie_id"], mine[0]["rating"]) == (7, 4.5)
    assert mine[0]["rated_at"] == "2001-02-03T02:05:06Z"
    listed = client.get("/api/give-rec?limit=100", headers=rater).json()["items"]
    assert 7 not in [item["movie_id"] for item in listed]

    known = chosen[:-1]
    assert _import(client, rater, *known)["added"] == 0
    assert client.get("/api/give-rec", headers=rater).json()["cached"], "nothing has changed"
    assert _import(client, rater, *known, replace=True)["changed"] == 1
    assert _import(client, rater, *known, replace=True)["changed"] == 0
    assert _stars(client, rater)[1] == 0.5
    assert _import(client, rater) == {"added": 0, "changed": 0, "unchanged": 0, "unknown": 0}


def test_invalid_imports_change_nothing(client: TestClient, rater: Headers) -> None:
    before = client.get("/api/ratings", headers=rater).json()
    unfit: list[dict[str, Any]] = [
        {"rating": 0.7},
        {"rating": 0},
        {"rating": 5.5},
        {"rating": "5"},
        {"rating": None},
        {"movie_id": 0},
        {"movie_id": 2**31},
        {"movie_id": "x"},
        {"rated_at": "2001-02-03T04:05:06"},
        {"rated_at": "yesterday"},
        {"rated_at": 10**30},
    ]
    good = {"movie_id": 7, "rating": 4.5, "rated_at": "2001-02-03T04:05:06Z"}
    for wrong in unfit:
        body = {"ratings": [good, good | wrong]}
        answer = client.post("/api/imports", json=body, headers=rater)
        assert answer.status_code == 422, wrong
        assert list(answer.json()["fields"]) == [f"ratings.1.{next(iter(wrong))}"]
    bodies: list[Any] = [{}, {"ratings": None}, {"ratings": [1]}, {"ratings": [], "replace": "x"}]
    for body in bodies:
        assert client.post("/api/imports", json=body, headers=rater).status_code == 422
    too_many = {"ratings": [{"movie_id": 7, "rating": 5}] * 50_001}
    assert client.post("/api/imports", json=too_many, headers=rater).status_code == 422
    assert client.get("/api/ratings", headers=rater).json() == before


def test_impossible_times_become_now(client: TestClient, new_user: Headers) -> None:
    times = ["1899-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", None]
    chosen = [
        {"movie_id": film, "rating": 4.0, "rated_at": when} for film, when in enumerate(times, 1)
    ]
    assert _import(client, new_user, *chosen)["added"] == 4
    mine = client.get("/api/ratings", headers=new_user).json()["items"]
    assert [each["movie_id"] for each in mine] == [1, 2, 3, 4]
    assert len({each["rated_at"] for each in mine}) == 1
    assert mine[0]["rated_at"] > "2025"


def test_an_exported_file_is_imported_unchanged(
    client: TestClient, application: Application, rater: Headers
) -> None:
    """Import any titles, including those that a spreadsheet would read as formulas."""
    titles = ["=1+1", "-30-", "+1", "@home", '\'night, "Mother"', "Straße, 8½ (a.k.a. 8 1/2)"]
    with application.services.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO movies (id, title, year) VALUES (:id, :title, 2013)"),
            [{"id": film, "title": title} for film, title in enumerate(titles, 13)],
        )
    for film in range(8, 19):
        client.put(f"/api/ratings/{film}", json={"rating": min(film / 2 - 3.5, 5)}, headers=rater)
    before = client.get("/api/ratings", headers=rater).json()
    file = client.get("/api/ratings.csv", headers=rater)
    assert not {line.split(",")[4][:1] for line in file.text.splitlines()} & {*"=+-@"}

    answer = client.post("/api/imports/preview", files={"file": file.content}, headers=rater)
    seen = answer.json()
    assert [seen[part] for part in ("unsure", "not_found", "superseded", "unusable")] == [[]] * 4
    assert {row["movie_id"]: row["rating"] for row in seen["found"]} == _stars(client, rater)
    assert all(row["present"] == row["rating"] for row in seen["found"])
    chosen = [
        {key: row[key] for key in ("movie_id", "rating", "rated_at")} for row in seen["found"]
    ]
    imported = _import(client, rater, *chosen, replace=True)
    assert imported == {"added": 0, "changed": 0, "unchanged": 17, "unknown": 0}
    assert client.get("/api/ratings", headers=rater).json() == before


def test_films_seen_or_wanted(client: TestClient, rater: Headers) -> None:
    """Films without ratings are previewed in the same way, and marked."""
    file = (
        b"Position,Const,Created,Title,Title Type,Year,Your Rating,Date Rated\n"
        b"1,,2024-01-01,Unforgiven,Movie,1992,9,2024-02-01\n"
        b"2,,2024-01-01,The Interview,Movie,2014,,\n"
    )
    answer = client.post(
        "/api/imports/preview", files={"file": ("WATCHLIST.csv", file)}, headers=rater
    )
    seen = answer.json()
    assert [(part["says"], part["rows"]) for part in seen["sections"]] == [
        ("ratings", 1),
        ("watch later", 1),
    ]
    assert [(row["movie_id"], row["rating"], row.get("mark")) for row in seen["found"]] == [
        (7, 4.5, None),
        (8, None, "later"),
    ]
    marks = [{"movie_id": 8, "mark": "later"}]
    chosen = [{"movie_id": 7, "rating": 4.5}]
    assert _import(client, rater, *chosen, marks=marks) == {
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "unknown": 0,
        "marked": 1,
    }
    assert [each["movie_id"] for each in client.get("/api/marks", headers=rater).json()] == [8]
    unknown = client.post(
        "/api/imports",
        json={"ratings": [], "marks": [{"movie_id": 999, "mark": "seen"}]},
        headers=rater,
    )
    assert [*unknown.json()["fields"]] == ["marks.0.movie_id"]


def test_a_table_whose_columns_are_named(client: TestClient, rater: Headers) -> None:
    file = {"file": ("mine.csv", b"a,b,c,d\nUnforgiven,1992,80,4/3/2021\n")}
    named = ["title:a", "year:b", "rating:c", "date:d"]
    answer = client.post(
        "/api/imports/preview",
        files=file,
        params={"column": named, "scale": 100, "date_order": "mdy"},
        headers=rater,
    )
    assert answer.status_code == 200, answer.text
    seen = answer.json()
    assert seen["table"]["roles"] == {"title": "a", "year": "b", "rating": "c", "date": "d"}
    assert [(row["rating"], row["rated_at"]) for row in seen["found"]] == [
        (4.0, "2021-04-03T00:00:00Z")
    ]
    for params, field in (
        ({"column": "plot:a"}, "column"),
        ({"column": "title:z"}, "file"),
        ({"scale": 7}, "scale"),
        ({"date_order": "ymd"}, "date_order"),
    ):
        refused = client.post("/api/imports/preview", files=file, params=params, headers=rater)
        assert (refused.status_code, [*refused.json()["fields"]]) == (422, [field])
