"""Headers on every response, and requests that are refused."""

import re

import pytest
from starlette.testclient import TestClient

pytestmark = pytest.mark.data_layer

PLACES = ["/api/give-rec", "/api/nothing", "/api/docs", "/docs", "/metrics", "/nowhere"]


@pytest.mark.parametrize("place", PLACES)
def test_security_headers_on_everything(client: TestClient, place: str) -> None:
    headers = client.get(place, follow_redirects=False).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["strict-transport-security"] == "max-age=31536000"


def test_a_request_keeps_its_valid_id_or_gets_a_new_one(client: TestClient) -> None:
    assert (
        client.get("/api/genres", headers={"X-Request-ID": "a-1"}).headers["x-request-id"] == "a-1"
    )
    for hostile in ("x" * 65, "a b", "<script>", ""):
        given = client.get("/api/genres", headers={"X-Request-ID": hostile}).headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{32}", given)


def test_bodies_that_are_too_large(client: TestClient) -> None:
    answer = client.post("/api/auth/register", content=b"x" * 1_000_001)
    assert answer.status_code == 413


def test_bodies_that_are_not_json(client: TestClient) -> None:
    for body in (b"", b"{", b"\xff\xfe", b"[1]", b'"x"', b"null"):
        answer = client.post(
            "/api/auth/register", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422, body
        assert set(answer.json()) == {"detail", "fields"}


def test_forms_that_are_not_utf_8(client: TestClient) -> None:
    answer = client.post(
        "/api/auth/login",
        content=b"username=%ff%fe%00&password=%00",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code in (401, 422)


def test_wrong_methods_and_paths_are_json(client: TestClient) -> None:
    assert client.post("/api/give-rec").status_code == 405
    assert "detail" in client.post("/api/give-rec").json()
    assert "detail" in client.get("/api/nothing").json()


@pytest.mark.parametrize("place", ["/api/docs", "/api/redoc"])
def test_the_documentation_needs_no_other_host(client: TestClient, place: str) -> None:
    page = client.get(place).text
    assert not re.findall(r"(?:src|href|url)\s*[=:]\s*['\"](?:https?:)?//", page)
    files = {
        address: client.get(address) for address in re.findall(r"(?:src|href)=\"(/[^\"]+)\"", page)
    }
    assert len(files) >= 2
    for address, file in files.items():
        assert file.status_code == 200, address
        if "css" in file.headers["content-type"]:
            assert not re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", file.text)
        elif "javascript" in file.headers["content-type"]:
            assert not re.findall(r"\bsrc\s*[:=]\s*['\"`](?:https?:)?//", file.text)
            assert "cdn." not in file.text


def test_docs_and_redoc_redirect_to_the_api(client: TestClient) -> None:
    for place in ("/docs", "/redoc"):
        answer = client.get(place, follow_redirects=False)
        assert answer.headers["location"] == f"/api{place}"


def test_each_visitor_gets_a_secret_cookie_with_a_page_only(client: TestClient) -> None:
    cookie = client.get("/api/docs").headers["set-cookie"]
    assert cookie.startswith("__Host-five_films_visitor=")
    for guard in ("HttpOnly", "SameSite=lax", "Secure"):
        assert guard in cookie
    client.cookies.clear()
    assert "set-cookie" not in client.get("/api/genres").headers


def test_an_invalid_ticket(client: TestClient) -> None:
    for ticket in ("", "nonsense", "x" * 10_000, "\0", "'; --"):
        answer = client.get("/auth/session", params={"ticket": ticket}, follow_redirects=False)
        assert answer.headers["location"] == "/account?ticket=expired"
        assert "five_films_session" not in answer.headers.get("set-cookie", "")
