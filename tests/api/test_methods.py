"""HEAD wherever GET is allowed, and OPTIONS everywhere."""

import pytest
from starlette.testclient import TestClient

from api.application import create

pytestmark = pytest.mark.data_layer

Headers = dict[str, str]
OF_TMDB = ("/poster", "/backdrop")  # test_pictures.py asks for these, with a key


def _paths() -> dict[str, set[str]]:
    """Return every path with its methods."""
    return {
        f"/api{path.format(movie_id=7)}": {method.upper() for method in operations}
        for path, operations in create().openapi()["paths"].items()
    }


def test_head_is_get_without_its_body(client: TestClient, rater: Headers) -> None:
    headers = rater | {"Accept-Encoding": "identity"}
    for path, methods in _paths().items():
        if "GET" in methods and not path.endswith(OF_TMDB):
            address = f"{path}?genre=drama" if path.endswith("give-rec-genre") else path
            client.get(address, headers=headers)  # so that both come from the cache
            got, head = client.get(address, headers=headers), client.head(address, headers=headers)
            assert (got.status_code, head.status_code, head.content) == (200, 200, b""), path
            for name in ("content-type", "content-length", "etag", "cache-control"):
                assert head.headers[name] == got.headers[name], path


@pytest.mark.parametrize("address", ["/api/docs", "/api/openapi.json", "/metrics"])
def test_head_of_other_paths(client: TestClient, address: str) -> None:
    answer = client.head(address)
    assert (answer.status_code, answer.content) == (200, b"")


def test_head_fails_as_get_does(client: TestClient) -> None:
    for address, status in (("movies/999", 404), ("ratings", 401), ("movies/x", 422)):
        answer = client.head(f"/api/{address}")
        assert (answer.status_code, answer.content) == (status, b"")
    wrong = client.head("/api/what-if")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "OPTIONS, POST")


def test_options_lists_the_methods_of_every_path(client: TestClient) -> None:
    for path, methods in _paths().items():
        answer = client.options(path)
        more = {"HEAD", "OPTIONS"} if "GET" in methods else {"OPTIONS"}
        assert answer.status_code == 204, path
        assert answer.headers["allow"] == ", ".join(sorted(methods | more))
        refused = client.request("PROPFIND", path)
        assert (refused.status_code, refused.headers["allow"]) == (405, answer.headers["allow"])
    assert client.options("/api/docs").headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.options("/api/nothing").status_code == 404


def test_requests_are_counted_by_their_method(client: TestClient) -> None:
    client.head("/api/genres")
    figures = client.get("/metrics").text
    assert 'handle="/api/genres",method="HEAD",status="200"' in figures
