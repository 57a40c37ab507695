"""Pages of other sites in a real browser, with its own preflights."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import FRIEND
from tests.serving import Server, free_port

pytestmark = pytest.mark.browser

STRANGER = f"http://localhost:{free_port()}"
ASK = """
async ([address, method, token, body]) => {
    const headers = {"Content-Type": "application/json"};
    if (token) headers["Authorization"] = `Bearer ${token}`;
    try {
        const answer = await fetch(address, {method, headers, body});
        return [answer.status, await answer.json(), answer.headers.get("X-Request-ID") !== null];
    } catch (error) {
        return error.message;
    }
}
"""
LOG_IN = """
async (address) => {
    const body = new URLSearchParams({username: "test195@mail.com", password: "test"});
    return (await (await fetch(address, {method: "POST", body})).json()).access_token;
}
"""


class _EmptyPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html>")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module", autouse=True)
def sites() -> Iterator[None]:
    """Two sites beside the product."""
    servers = [
        ThreadingHTTPServer(("localhost", urlsplit(site).port or 0), _EmptyPage)
        for site in (FRIEND, STRANGER)
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_site_that_is_named_uses_the_api_with_a_token(page: Page, server: Server) -> None:
    page.goto(FRIEND)
    token = page.evaluate(LOG_IN, f"{server.address}/api/auth/login")

    def ask(method: str, handle: str, body: str | None = None) -> Any:
        return page.evaluate(ASK, [f"{server.address}/api/{handle}", method, token, body])

    status, given, _ = ask("GET", "give-rec")
    assert (status, given["kind"], len(given["items"])) == (200, "known", 5)
    status, me, shows_request_id = ask("GET", "who-am-i")
    assert (status, me["email"], shows_request_id) == (200, "test195@mail.com", True)
    film = given["items"][0]["movie_id"]
    status, problem, _ = ask("PUT", f"ratings/{film}", '{"ratin": 4}')
    assert (status, [*problem["fields"]]) == (422, ["rating", "ratin"])


def test_another_site_reads_and_sends_nothing(page: Page, server: Server) -> None:
    page.goto(STRANGER)
    for method, body in (("GET", None), ("POST", "{}")):
        asked = [f"{server.address}/api/what-if", method, "a token", body]
        assert page.evaluate(ASK, asked) == "Failed to fetch"
