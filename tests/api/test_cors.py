"""CORS: no other sites by default, those of CORS_ORIGINS with tokens."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from accounts.rate_limits import RequestLimit
from startup import Application
from tests.api.conftest import app_of

pytestmark = pytest.mark.data_layer

Headers = dict[str, str]
OURS, EVIL = "https://films.example.org", "https://evil.example"
PREFLIGHT = {
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "authorization,content-type",
}


@pytest.fixture
def shared(application: Application) -> Iterator[TestClient]:
    """Yield a client of the API that allows pages of `OURS`."""
    with TestClient(app_of(application, [OURS]), raise_server_exceptions=False) as client:
        yield client


def _told(headers: Headers) -> Headers:
    return {name: each for name, each in headers.items() if name.startswith("access-control-")}


def test_a_preflight_request_is_allowed(shared: TestClient, rater: Headers) -> None:
    asked = shared.options("/api/ratings/7", headers={"Origin": OURS, **PREFLIGHT})
    assert asked.status_code == 200
    told = _told(dict(asked.headers))
    assert told["access-control-allow-origin"] == OURS
    assert {"GET", "HEAD", "POST", "PUT", "DELETE"} == {
        *told["access-control-allow-methods"].split(", ")
    }
    assert {"Authorization", "Content-Type", "If-None-Match", "X-Request-ID"} <= {
        *told["access-control-allow-headers"].split(", ")
    }
    assert "access-control-allow-credentials" not in told
    rated = shared.put("/api/ratings/7", json={"rating": 5}, headers=rater | {"Origin": OURS})
    assert (rated.status_code, rated.headers["access-control-allow-origin"]) == (200, OURS)
    for name in ("ETag", "Retry-After", "X-Request-ID", "X-Total-Count"):
        assert name in rated.headers["access-control-expose-headers"]


@pytest.mark.parametrize("address", ["give-rec", "give-rec?match=any", "movies/999", "nothing"])
def test_every_response_is_readable_from_an_allowed_site(shared: TestClient, address: str) -> None:
    for _ in range(3):
        answer = shared.get(f"/api/{address}", headers={"Origin": OURS})
        assert answer.headers["access-control-allow-origin"] == OURS
        assert "Origin" in answer.headers["vary"]
        assert "access-control-allow-credentials" not in answer.headers


def test_a_rate_limit_response_is_readable_from_an_allowed_site(
    application: Application,
) -> None:
    application.request_limit = RequestLimit(1)
    shared = TestClient(app_of(application, [OURS]))
    asked = [shared.get("/api/genres", headers={"Origin": OURS}) for _ in range(2)]
    assert [each.status_code for each in asked] == [200, 429]
    assert {each.headers["access-control-allow-origin"] for each in asked} == {OURS}


def test_another_site_gets_no_cors_headers(shared: TestClient) -> None:
    refused = shared.options("/api/ratings/7", headers={"Origin": EVIL, **PREFLIGHT})
    assert refused.status_code == 400
    for origin in (EVIL, "null", f"{OURS}.evil.example", OURS.replace("https", "http")):
        answer = shared.get("/api/give-rec", headers={"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers
        assert "Origin" in answer.headers["vary"]


def test_only_the_api_is_shared(shared: TestClient) -> None:
    for address in ("/metrics", "/docs", "/nowhere"):
        answer = shared.get(address, headers={"Origin": OURS}, follow_redirects=False)
        assert _told(dict(answer.headers)) == {}


def test_by_default_no_other_site_is_allowed(client: TestClient) -> None:
    for method in ("GET", "OPTIONS"):
        asked = client.request(method, "/api/genres", headers={"Origin": OURS, **PREFLIGHT})
        assert _told(dict(asked.headers)) == {}
