"""Invalid input is named, in our own words."""

from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from pydantic_core._pydantic_core import list_all_errors
from starlette.testclient import TestClient

from api import validation
from api.application import create
from startup import Application

pytestmark = pytest.mark.data_layer

Headers = dict[str, str]
JSON = {"Content-Type": "application/json"}
FIELDS = "ratings, without, limit, offset, style"
RATING, TEXT, BOOLEAN = "ratings.0.rating", "must be text", "must be true or false"
MARKS = "must be 'dismissed', 'seen' or 'later'"
NUMBERS = "must be at most 500 film numbers separated by commas, such as 1,2"


def _refused(answer: Any) -> dict[str, str]:
    """Return the fields that a 422 names, after checking that its detail says the same."""
    assert answer.status_code == 422, answer.text
    fields: dict[str, str] = answer.json()["fields"]
    assert answer.json()["detail"] == "; ".join(f"{name}: {said}" for name, said in fields.items())
    return fields


def _most(count: int, what: str) -> str:
    return f"must have at most {count} {what}"


def test_a_misspelled_field_is_named_with_a_suggestion(client: TestClient) -> None:
    answer = client.post("/api/what-if", json={"rating": [{"movie_id": 1, "rating": 5}]})
    assert _refused(answer) == {
        "rating": f"is unknown (did you mean ratings?); expected one of: {FIELDS}"
    }
    within = {"ratings": [{"movie_id": 1, "rating": 5, "star": 5}], "xyz": None}
    assert _refused(client.post("/api/what-if", json=within)) == {
        "ratings.0.star": "is unknown; expected one of: movie_id, rating",
        "xyz": f"is unknown; expected one of: {FIELDS}",
    }
    half_a_pair = client.post("/api/what-if", content=rb'{"\ud800": 1}', headers=JSON)
    assert _refused(half_a_pair) == {"body": "must be text"}


def test_every_body_refuses_undocumented_fields(client: TestClient, rater: Headers) -> None:
    document = create().openapi()
    asked = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for kind in operation.get("requestBody", {}).get("content", {}):
                if kind == "multipart/form-data":
                    continue
                body = {"nonsense": "1"}
                sent: Any = {"json": body} if kind == "application/json" else {"data": body}
                place = f"/api{path.format(movie_id=7)}"
                fields = _refused(client.request(method, place, headers=rater, **sent))
                assert fields["nonsense"].startswith("is unknown; expected one of: "), place
                asked += 1
    assert asked == 12


def test_every_operation_refuses_undocumented_parameters(
    client: TestClient, rater: Headers
) -> None:
    for path, operations in create().openapi()["paths"].items():
        for method, operation in operations.items():
            known = [
                each["name"] for each in operation.get("parameters", []) if each["in"] == "query"
            ]
            place = f"/api{path.format(movie_id=7)}"
            answer = client.request(method, place, params={"nonsense": "1"}, headers=rater)
            told = f"expected one of: {', '.join(known)}" if known else "no parameters are expected"
            assert _refused(answer) == {"nonsense": f"is unknown; {told}"}, place


def test_a_misspelled_parameter_is_named_with_a_suggestion(client: TestClient) -> None:
    answer = client.get("/api/give-rec-genre?genre=drama&limt=3&ofset=1")
    known = (
        "expected one of: genre, limit, offset, exclude, least_ratings, style, "
        "year_from, year_to, not_genres, max_minutes, max_age_rating, stream_in, "
        "original_language, made_in"
    )
    assert _refused(answer) == {
        "limt": f"is unknown (did you mean limit?); {known}",
        "ofset": f"is unknown (did you mean offset?); {known}",
    }
    assert client.get("/api/give-rec-genre?genre=drama&limit=3&offset=1").status_code == 200


def test_an_unknown_parameter_is_refused_before_the_token_is_checked(client: TestClient) -> None:
    assert client.get("/api/ratings?x=1").status_code == 422
    assert client.get("/api/ratings").status_code == 401


def test_overlong_names_are_cut(client: TestClient) -> None:
    (name,) = _refused(client.get("/api/genres", params={"x" * 5000: "1"}))
    assert name == "x" * 100
    (shown,) = client.get("/api/genres?a%0d%0ab=1").json()["fields"]
    assert shown == "a b"


@pytest.mark.parametrize("address", ["give-rec", "movies"])
def test_years_in_the_wrong_order(client: TestClient, address: str) -> None:
    answer = client.get(f"/api/{address}?year_from=2002&year_to=2001")
    assert _refused(answer) == {"year_from": "must not be after year_to (2001)"}
    for years in ("year_from=2001&year_to=2001", "year_from=2002", "year_to=2001"):
        assert client.get(f"/api/{address}?{years}").status_code == 200


def test_unknown_films(client: TestClient, rater: Headers) -> None:
    cases: list[tuple[str, str, dict[str, Any], dict[str, str]]] = [
        ("GET", "give-rec?exclude=999", {}, {"exclude": "999"}),
        ("GET", "give-rec-genre?genre=drama&exclude=1,9999999999", {}, {"exclude": "9999999999"}),
        ("GET", "starters?passed=1,0", {}, {"passed": "0"}),
        ("POST", "what-if", {"without": [1, 999]}, {"without.1": "999"}),
        (
            "POST",
            "what-if",
            {"ratings": [{"movie_id": 998, "rating": 4}, {"movie_id": 1, "rating": 4}]},
            {"ratings.0.movie_id": "998"},
        ),
        (
            "POST",
            "imports",
            {"ratings": [{"movie_id": 7, "rating": 4}, {"movie_id": 999, "rating": 4}]},
            {"ratings.1.movie_id": "999"},
        ),
    ]
    for method, address, body, unknown in cases:
        sent = {"json": body} if body else {}
        answer = client.request(method, f"/api/{address}", headers=rater, **sent)
        assert _refused(answer) == {
            field: f"there is no film with the number {number}" for field, number in unknown.items()
        }
    several = client.get("/api/give-rec", params={"exclude": ",".join(map(str, range(1, 31)))})
    assert _refused(several) == {
        "exclude": "there are no films with the numbers 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, …"
    }
    assert client.get("/api/ratings", headers=rater).json()["total"] == 6, "nothing was imported"


def test_invalid_values_are_described_in_our_words(client: TestClient, rater: Headers) -> None:
    half_star = {"movie_id": 1, "rating": 4}
    whole, stars = "must be a whole number", "must be a number"
    styles = "must be 'popular', 'balanced' or 'adventurous'"
    time = "must be a date and time, such as 2020-01-31T20:15:00Z"
    zone = "must have a time zone, such as Z or +02:00"

    def what_if(**body: Any) -> tuple[str, str, dict[str, Any]]:
        return "POST", "what-if", {"json": body}

    def bring(**rating: Any) -> tuple[str, str, dict[str, Any]]:
        return "POST", "imports", {"json": {"ratings": [half_star | rating]}}

    cases: list[tuple[tuple[str, str, dict[str, Any]], dict[str, str]]] = [
        (("GET", "give-rec?limit=0", {}), {"limit": "must be 1 or more"}),
        (("GET", "give-rec?limit=101", {}), {"limit": "must be 100 or less"}),
        (("GET", "give-rec?limit=many", {}), {"limit": whole}),
        (("GET", "give-rec?limit=", {}), {"limit": whole}),
        (("GET", f"give-rec?limit={'9' * 5000}", {}), {"limit": whole}),
        (("GET", "give-rec?style=wild", {}), {"style": styles}),
        (("GET", "give-rec?match=some", {}), {"match": "must be 'any' or 'all'"}),
        (("GET", "give-rec?exclude=1;2", {}), {"exclude": NUMBERS}),
        (("GET", "give-rec-genre", {}), {"genre": "is missing"}),
        (("GET", "give-rec?genre=" + "x" * 1001, {}), {"genre.0": _most(1000, "characters")}),
        (("GET", "give-rec?" + "genre=x&" * 41, {}), {"genre": _most(40, "items")}),
        (("GET", "movies/x", {}), {"movie_id": whole}),
        (("GET", "movies?query=%00", {}), {"query": "contains a character that can't be stored"}),
        (what_if(ratings=[half_star | {"rating": 4.2}]), {RATING: "must be a multiple of 0.5"}),
        (what_if(ratings=[half_star | {"rating": "4"}]), {RATING: stars}),
        (what_if(ratings=[half_star | {"movie_id": 1.5}]), {"ratings.0.movie_id": whole}),
        (what_if(ratings=[1]), {"ratings.0": "must be a JSON object"}),
        (what_if(ratings={}), {"ratings": "must be a list"}),
        (bring(rated_at="yesterday"), {"ratings.0.rated_at": time}),
        (bring(rated_at=[]), {"ratings.0.rated_at": time}),
        (bring(rated_at="2020-01-31T20:15:00"), {"ratings.0.rated_at": zone}),
        (("POST", "imports", {"json": {"ratings": [], "replace": "x"}}), {"replace": BOOLEAN}),
        (("POST", "imports/preview", {}), {"file": "is missing"}),
        (("POST", "imports/preview", {"data": {"file": "text"}}), {"file": "must be a file"}),
        (("PUT", "marks/7", {"json": {"mark": "loved"}}), {"mark": MARKS}),
        (("PUT", "marks/7", {"json": {}}), {"mark": "is missing"}),
        (("PUT", "marks/7", {"json": []}), {"body": "must be a JSON object"}),
        (("PUT", "marks/7", {}), {"body": "is missing"}),
        (("PUT", "marks/7", {"content": b"mark"}), {"body": "must be a JSON object"}),
        (
            ("PUT", "marks/7", {"content": b'{"mark"', "headers": JSON | rater}),
            {"body": "can't be read as JSON: Expecting ':' delimiter"},
        ),
        (("POST", "auth/login", {"data": {"username": "x"}}), {"password": "is missing"}),
        (("POST", "auth/register", {"json": {"email": 1, "password": "x"}}), {"email": TEXT}),
    ]
    for (method, address, sent), fields in cases:
        answer = client.request(method, f"/api/{address}", **({"headers": rater} | sent))
        assert _refused(answer) == fields, address


def test_unexpected_problems_are_described_in_our_words_too() -> None:
    for each in list_all_errors():
        problem = {"type": each["type"], "ctx": each["example_context"] or {}, "loc": ("body", "x")}
        error = RequestValidationError([problem | {"msg": "Input should be …", "input": 1}])
        (words,) = validation.fields_of(error, None).values()
        assert "nput" not in words, each["type"]
        assert "{" not in words, each["type"]


def test_only_the_first_invalid_fields_are_named(
    client: TestClient, application: Application, rater: Headers
) -> None:
    wrong = [{"movie_id": 7, "rating": 0}] * 1000
    answer = client.post("/api/imports", json={"ratings": wrong}, headers=rater)
    assert answer.status_code == 422
    assert len(answer.json()["fields"]) == validation.MOST_NAMED
    assert len(answer.json()["detail"]) == 1000
