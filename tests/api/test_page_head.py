"""The head of the dashboard's pages."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from api.page_head import PageHead

PAGE = "<html><head><title>Streamlit</title></head><body>" + "<p>Five films</p>" * 100 + "</body>"
BROWSER = {"accept": "text/html,*/*;q=0.8", "accept-encoding": "gzip"}


def _page(request: Request) -> Response:
    if request.headers.get("if-none-match"):
        return Response(status_code=304)
    return HTMLResponse(PAGE, headers={"etag": '"of the file"'})


def _client() -> TestClient:
    app = Starlette(
        routes=[
            Route("/by_genre", _page),
            Route("/api/docs", _page),
            Route("/data", lambda _: JSONResponse({"</head>": 1})),
        ],
        middleware=[
            Middleware(PageHead, head="<style>p {}</style>", title="Five Films"),
            Middleware(GZipMiddleware),
        ],
    )
    return TestClient(app)


def test_a_page_has_ours_last_in_its_head_and_our_title() -> None:
    answer = _client().get("/by_genre", headers=BROWSER)
    head = "<head><title>Five Films</title><style>p {}</style></head>"
    assert answer.text == PAGE.replace("<head><title>Streamlit</title></head>", head)
    assert answer.headers["content-length"] == str(len(answer.content))


def test_an_old_page_in_the_browser_is_not_called_fresh() -> None:
    client = _client()
    assert "etag" not in client.get("/by_genre", headers=BROWSER).headers
    answer = client.get("/by_genre", headers=BROWSER | {"if-none-match": '"of the file"'})
    assert answer.status_code == 200


def test_all_else_stays_as_it_is() -> None:
    client = _client()
    assert client.get("/api/docs", headers=BROWSER).text == PAGE
    assert client.get("/by_genre", headers={"accept": "*/*"}).text == PAGE
    assert client.get("/data", headers=BROWSER).json() == {"</head>": 1}
