"""Every list is paged, and has a total.

Rater 1 gave films 1 to 6 the stars 4, 4.5, 5, 4, 4.5 and 2.
"""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.application import create
from recsys.serving.cache import ListCache
from startup import Application

pytestmark = pytest.mark.data_layer

Headers = dict[str, str]


def test_ratings_with_titles_are_paged(client: TestClient, rater: Headers) -> None:
    whole = client.get("/api/ratings", headers=rater).json()
    assert (whole["total"], len(whole["items"])) == (6, 6)
    assert whole["items"][0] == {
        "movie_id": 1,
        "title": "Toy Story",
        "year": 1995,
        "rating": 4.0,
        "rated_at": "2001-09-09T01:46:41Z",
    }
    page = client.get("/api/ratings?offset=4&limit=3", headers=rater).json()
    assert page == {"total": 6, "items": whole["items"][4:]}
    assert client.get("/api/ratings?offset=6", headers=rater).json() == {"total": 6, "items": []}


def test_bare_arrays_have_their_total_in_a_header(client: TestClient, rater: Headers) -> None:
    for film in (7, 8, 9):
        client.put(f"/api/marks/{film}", json={"mark": "later"}, headers=rater)
    for address, length in (("genres", 12), ("marks", 3), ("account/sessions", 1)):
        whole = client.get(f"/api/{address}", headers=rater)
        assert (len(whole.json()), whole.headers["x-total-count"]) == (length, str(length))
        page = client.get(f"/api/{address}?offset=1&limit=1", headers=rater)
        assert (page.json(), page.headers["x-total-count"]) == (whole.json()[1:2], str(length))
        for wrong in ("offset=-1", "limit=0", "limit=1001", "offset=x"):
            answer = client.get(f"/api/{address}?{wrong}", headers=rater)
            assert list(answer.json()["fields"]) == [wrong.partition("=")[0]]


def test_similar_films_are_paged(client: TestClient) -> None:
    whole = client.get("/api/movies/5/similar?limit=100")
    length = int(whole.headers["x-total-count"])
    assert len(whole.json()) == length == 11
    page = client.get("/api/movies/5/similar?offset=3&limit=4")
    assert page.json() == whole.json()[3:7]
    assert page.headers["x-total-count"] == "11"


def test_search_results_have_pages_of_any_length(client: TestClient) -> None:
    whole = client.get("/api/movies").json()
    assert (whole["page"], whole["pages"], whole["total"]) == (1, 1, 12)
    pages = [client.get(f"/api/movies?limit=5&page={page}").json() for page in (1, 2, 3)]
    assert [each for page in pages for each in page["items"]] == whole["items"]
    assert {(page["pages"], page["total"]) for page in pages} == {(3, 12)}
    assert client.get("/api/movies?limit=101").status_code == 422


@pytest.mark.parametrize("address", ["give-rec?", "give-rec-genre?genre=drama&"])
@pytest.mark.parametrize("has_redis", [True, False])
def test_a_list_is_paged(
    client: TestClient,
    application: Application,
    rater: Headers,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    has_redis: bool,
) -> None:
    if not has_redis:
        monkeypatch.setattr(ListCache, "takes_lists", lambda _: False)
        monkeypatch.setattr(application.services.recommender.cache, "get", lambda *_: None)

    def films(asked: str) -> tuple[list[int], int]:
        answer: Any = client.get(f"/api/{address}{asked}", headers=rater).json()
        return [item["movie_id"] for item in answer["items"]], answer["total"]

    whole, total = films("limit=100")
    assert total == len(whole)
    pages = [films(f"offset={offset}&limit=2") for offset in range(0, total + 2, 2)]
    assert [film for page, _ in pages for film in page] == whole
    assert {each for _, each in pages} == {total}
    first, *rest = whole
    for excluded in (f"{first}", f"{first},1"):  # 1 isn't listed anyway
        left, length = films(f"exclude={excluded}&limit=100")
        assert (sorted(left), length) == (sorted(rest), total - 1)


def test_a_filtered_list_has_its_total_too(client: TestClient, rater: Headers) -> None:
    for narrowed, length in (
        ("genre=comedy", 2),
        ("genre=sci-fi&genre=western", 2),
        ("year_from=1992&year_to=2001", 3),
        ("least_ratings=5", 3),
        ("genre=comedy&exclude=8", 1),
    ):
        answer = client.get(f"/api/give-rec?limit=1&{narrowed}", headers=rater).json()
        assert (len(answer["items"]), answer["total"]) == (1, length), narrowed


def test_what_if_is_paged(client: TestClient, rater: Headers) -> None:
    def films(**wish: int) -> tuple[list[int], str]:
        answer = client.post("/api/what-if", json={"without": [1], **wish}, headers=rater)
        return [item["movie_id"] for item in answer.json()], answer.headers["x-total-count"]

    whole, total = films(limit=100)
    assert total == str(len(whole)) == "6"
    assert films(offset=2, limit=3) == (whole[2:5], total)
    assert films(offset=99) == ([], total)
    assert client.post("/api/what-if", json={"offset": 100}).status_code == 422


def test_every_list_can_be_paged() -> None:
    """By offset and limit, or page and limit; onboarding films take the passed ones instead."""
    paged, total = [], []
    document = create().openapi()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            names = {each["name"] for each in operation.get("parameters", [])}
            if "limit" in names:
                paged.append(path)
                assert names & {"offset", "page", "passed"}, path
            if "X-Total-Count" in operation["responses"].get("200", {}).get("headers", {}):
                total.append(path)
    assert paged == [
        "/give-rec",
        "/give-rec-genre",
        "/starters",
        "/ratings",
        "/marks",
        "/genres",
        "/movies",
        "/movies/{movie_id}/similar",
        "/account/sessions",
    ]
    assert total == [
        "/what-if",
        "/marks",
        "/genres",
        "/movies/{movie_id}/similar",
        "/account/sessions",
    ]
