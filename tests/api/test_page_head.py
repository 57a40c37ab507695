"""The HTML of the dashboard's pages: heads, and the content before Streamlit starts."""

import gzip
import threading
from collections.abc import Callable

import brotli
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from api import page_head
from api.page_head import PageHeadMiddleware
from pages.shell.head import Head

HEAD = """<html lang="en"><head><link
      rel="preload"
      href="./static/media/SourceSansVF-Upright.woff2"
      as="font"
      type="font/woff2"
    /><title>Streamlit</title></head>"""
BODY = "<body>" + "<p>Five films</p>" * 100 + '<div id="root"></div></body></html>'
BROWSER = {"accept": "text/html,*/*;q=0.8", "accept-encoding": "identity"}
OURS = (
    '<html lang="ru"><head><title>Heat · Five Films</title><style>p {}</style></head>'
    + BODY.replace('<div id="root">', '<main>Heat</main><div id="root">')
)


def _describe(request: Request | None) -> Head:
    if request is None or request.url.path != "/film":
        return Head("en", "Five Films", "<style>p {}</style>")
    return Head("ru", "Heat · Five Films", "<style>p {}</style>", "<main>Heat</main>")


def _describe_nothing(request: Request | None) -> Head:
    return Head("en", "No such page", "<style>p {}</style>", "<main>Nope</main>", 404, True)


def _page(request: Request) -> Response:
    if request.headers.get("if-none-match"):
        return Response(status_code=304)
    return HTMLResponse(HEAD + BODY, headers={"etag": '"of the file"'})


def _client(describe: Callable[[Request | None], Head] = _describe) -> TestClient:
    app = Starlette(
        routes=[
            Route("/film", _page),
            Route("/by_genre", _page),
            Route("/api/docs", _page),
            Route("/plain", lambda _: HTMLResponse("<p>not Streamlit's</p>")),
            Route("/data", lambda _: JSONResponse({"</head>": 1})),
        ],
        middleware=[Middleware(PageHeadMiddleware, describe=describe), Middleware(GZipMiddleware)],
    )
    return TestClient(app)


def test_a_page_has_its_language_title_head_and_first_content() -> None:
    answer = _client().get("/film", headers=BROWSER)
    assert answer.text == OURS
    assert answer.headers["content-length"] == str(len(answer.content))


@pytest.mark.parametrize("way", ["br", "gzip"])
def test_a_page_is_sent_in_an_encoding_that_the_browser_accepts(way: str) -> None:
    undo = {"br": brotli.decompress, "gzip": gzip.decompress}[way]
    with _client().stream("GET", "/film", headers=BROWSER | {"accept-encoding": way}) as answer:
        assert answer.headers["content-encoding"] == way
        assert "Accept-Encoding" in answer.headers["vary"]
        sent = b"".join(answer.iter_raw())
    assert undo(sent).decode() == OURS


def test_a_cached_page_is_not_confirmed_with_304() -> None:
    client = _client()
    assert "etag" not in client.get("/by_genre", headers=BROWSER).headers
    answer = client.get("/by_genre", headers=BROWSER | {"if-none-match": '"of the file"'})
    assert answer.status_code == 200


def test_other_responses_are_unchanged() -> None:
    client = _client()
    assert client.get("/api/docs", headers=BROWSER).text == HEAD + BODY
    assert client.get("/by_genre", headers={"accept": "*/*"}).text == HEAD + BODY
    assert client.get("/data", headers=BROWSER).json() == {"</head>": 1}


def test_streamlit_is_not_started_on_a_missing_page() -> None:
    answer = _client(_describe_nothing).get("/film", headers=BROWSER)
    assert answer.status_code == 404
    assert "<title>No such page</title><style>p {}</style></head>" in answer.text
    assert '<body><main>Nope</main><div id="root"></div></body>' in answer.text
    assert "Streamlit" not in answer.text
    assert answer.headers["content-length"] == str(len(answer.content))
    assert _client(_describe_nothing).get("/plain", headers=BROWSER).status_code == 200


def test_slow_facts_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_head, "SECONDS", 0.1)
    release = threading.Event()

    def describe(request: Request | None) -> Head:
        if request is not None:
            release.wait()
        return _describe(None)

    app = Starlette(
        routes=[Route("/film", _page)],
        middleware=[Middleware(PageHeadMiddleware, describe=describe)],
    )
    with TestClient(app) as client:
        answer = client.get("/film", headers=BROWSER)  # while `describe` waits for ever
        release.set()
    assert "<title>Five Films</title>" in answer.text


def test_facts_that_fail_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    def describe(request: Request | None) -> Head:
        if request is not None:
            raise RuntimeError("the database is unavailable")
        return _describe(None)

    app = Starlette(
        routes=[Route("/film", _page)],
        middleware=[Middleware(PageHeadMiddleware, describe=describe)],
    )
    assert "<title>Five Films</title>" in TestClient(app).get("/film", headers=BROWSER).text
    assert "the database is unavailable" in caplog.text
