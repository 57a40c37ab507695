"""The rate limit per address, whatever the response."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from accounts.rate_limits import RequestLimit
from startup import Application
from tests.api.conftest import app_of

pytestmark = pytest.mark.data_layer

Headers = dict[str, str]


@pytest.fixture
def limited(application: Application) -> Callable[[int], TestClient]:
    """Return a function that opens a client of the API with this limit a minute."""

    def _limited(per_minute: int) -> TestClient:
        application.request_limit = RequestLimit(per_minute)
        return TestClient(app_of(application))

    return _limited


@pytest.mark.parametrize("address", ["give-rec", "give-rec?match=any", "genres", "nothing"])
def test_requests_over_the_limit_are_refused_with_a_time_to_retry(
    limited: Callable[[int], TestClient], rater: Headers, address: str
) -> None:
    client = limited(3)
    answers = [client.get(f"/api/{address}", headers=rater) for _ in range(5)]
    assert [each.status_code == 429 for each in answers] == [False] * 3 + [True] * 2
    refused = answers[-1]
    seconds = int(refused.headers["retry-after"])
    assert 1 <= seconds <= 60
    assert refused.json() == {
        "detail": f"There are too many requests from your address. Try again in {seconds} seconds."
    }
    assert "content-security-policy" in refused.headers
    assert client.post("/api/what-if", json={}).status_code == 429, "whatever is asked"


def test_health_and_pages_are_not_counted(limited: Callable[[int], TestClient]) -> None:
    client = limited(1)
    for _ in range(3):
        assert client.get("/api/health/live").status_code == 200
        assert client.get("/docs", follow_redirects=False).status_code == 307
        assert client.get("/metrics").status_code == 200
    assert client.get("/api/genres").status_code == 200


def test_refusals_are_counted(limited: Callable[[int], TestClient]) -> None:
    def refused() -> float:
        (line,) = [
            line
            for line in client.get("/metrics").text.splitlines()
            if line.startswith("five_films_refused_requests_total ")
        ]
        return float(line.rpartition(" ")[2])

    client = limited(1)
    before = refused()
    for _ in range(4):
        client.get("/api/genres")
    assert refused() == before + 3


def test_a_page_that_loads_many_files_stays_under_the_limit(client: TestClient) -> None:
    assert {client.get(f"/api/movies/{1 + turn % 12}").status_code for turn in range(300)} == {200}
