"""HTTP caching: Cache-Control, and ETags with 304."""

import pytest
from starlette.testclient import TestClient

from api.caching import is_among, tag_of
from startup import Application

pytestmark = pytest.mark.data_layer

Headers = dict[str, str]

FOR_ALL = ["genres", "movies?query=alien", "movies/5", "movies/5/similar", "movies/5/figures"]
FOR_WHO_ASKS = ["give-rec", "give-rec?match=any", "give-rec-genre?genre=drama", "why/7", "starters"]
ONES_OWN = ["who-am-i", "ratings", "ratings.csv", "marks", "portrait", "account/export"]


@pytest.mark.parametrize("address", FOR_ALL)
def test_responses_that_are_the_same_for_all_may_be_cached(
    client: TestClient, rater: Headers, address: str
) -> None:
    for headers in ({}, rater):
        answer = client.get(f"/api/{address}", headers=headers)
        assert answer.headers["cache-control"] == "public, max-age=60"
        assert "vary" not in answer.headers


@pytest.mark.parametrize("address", FOR_WHO_ASKS)
def test_lists_may_be_cached_without_a_token_only(
    client: TestClient, rater: Headers, address: str
) -> None:
    for headers, expected in (({}, "no-cache"), (rater, "no-store")):
        for _ in range(3):  # computed, from Redis, from memory
            answer = client.get(f"/api/{address}", headers=headers)
            assert answer.headers["cache-control"] == expected
            assert "Authorization" in answer.headers["vary"]


@pytest.mark.parametrize("address", ONES_OWN)
def test_personal_responses_are_not_cached(
    client: TestClient, rater: Headers, address: str
) -> None:
    assert client.get(f"/api/{address}", headers=rater).headers["cache-control"] == "no-store"


def test_errors_are_not_cached(client: TestClient) -> None:
    for address in ("movies/999", "movies?limit=0", "give-rec?genre=nonsense", "nothing"):
        answer = client.get(f"/api/{address}")
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers


@pytest.mark.parametrize("address", [*FOR_ALL, *FOR_WHO_ASKS, "ratings", "ratings.csv"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_unchanged_response_is_not_sent_again(
    client: TestClient, rater: Headers, address: str, encoding: str
) -> None:
    headers = rater | {"Accept-Encoding": encoding}
    for _ in range(2):
        first = client.get(f"/api/{address}", headers=headers)
    assert (first.status_code, bool(first.content)) == (200, True)
    known = {"If-None-Match": f'"another", {first.headers["etag"]}'}
    again = client.get(f"/api/{address}", headers=headers | known)
    assert (again.status_code, again.content) == (304, b"")
    assert "content-type" not in again.headers
    for name in ("cache-control", "vary", "x-request-id"):
        assert (name in again.headers) == (name in first.headers), name
    assert again.headers["etag"].removeprefix("W/") == first.headers["etag"].removeprefix("W/")
    other = client.get(f"/api/{address}", headers=headers | {"If-None-Match": '"another"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_the_etag_of_a_list_changes_with_the_list(client: TestClient, rater: Headers) -> None:
    """When compressed, it is a weak ETag because the bytes differ."""

    def name() -> str:
        for _ in range(3):
            answer = client.get("/api/give-rec", headers=rater | {"Accept-Encoding": "identity"})
        assert answer.headers["etag"] == tag_of(answer.content)
        return str(answer.headers["etag"])

    before = name()
    zipped = client.get("/api/give-rec", headers=rater | {"Accept-Encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.headers["etag"] == f"W/{before}"
    client.put("/api/ratings/7", json={"rating": 5}, headers=rater)
    assert name() != before
    known = rater | {"If-None-Match": before}
    assert client.get("/api/give-rec", headers=known).status_code == 200
    client.post("/api/auth/logout", headers=rater)
    assert client.get("/api/give-rec", headers=known).status_code == 401


def test_an_etag_among_others() -> None:
    tag = tag_of(b"x")
    assert tag == '"442a44457137672b3218c1007dc8f76a"'
    for known in (tag, f"W/{tag}", f'"y", W/{tag}', "*", " * "):
        assert is_among(tag, known)
    for other in ("", '"y"', tag.strip('"'), tag[:-1], "**"):
        assert not is_among(tag, other)


def test_only_get_has_an_etag(client: TestClient, application: Application) -> None:
    answer = client.post("/api/what-if", json={}, headers={"If-None-Match": "*"})
    assert (answer.status_code, "etag" in answer.headers) == (200, False)
    assert answer.headers["cache-control"] == "no-store"
