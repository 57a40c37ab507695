"""The complete application of app.py: its headers are on every response."""

import re
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import streamlit
from httpx import Response
from starlette.testclient import TestClient
from streamlit.runtime import Runtime
from streamlit.runtime.media_file_storage import MediaFileKind

from accounts import sessions
from accounts.registration import register
from api import browser_sessions, downloads
from api.application import routes as api_routes
from config import settings
from startup import Application
from tests.starting import start_again

pytestmark = pytest.mark.data_layer

APP = Path(__file__).parent.parent.parent / "app.py"
Open = Callable[[str], TestClient]
EXPECTED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


@pytest.fixture
def dashboard(application: Application, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Yield a function that opens app.py with a PUBLIC_URL."""

    def _open(public_url: str = "") -> TestClient:
        monkeypatch.setenv("PUBLIC_URL", public_url)
        settings.cache_clear()
        application.settings = application.settings.model_copy(update={"public_url": public_url})
        monkeypatch.setattr(Runtime, "_instance", None)  # a process may only have one
        app = runpy.run_path(str(APP))["app"]
        return TestClient(app, raise_server_exceptions=False, follow_redirects=False)

    monkeypatch.chdir(application.settings.data_dir.parent)  # a folder without .env
    yield _open
    settings.cache_clear()


def _fail(_application: Application) -> NoReturn:
    raise RuntimeError("an error that no handler expects")


def _has_all_headers(answer: Response) -> bool:
    return EXPECTED.items() <= answer.headers.items() and _is_closed(
        answer.headers["content-security-policy"]
    )


def _is_closed(policy: str) -> bool:
    """Return whether the policy allows no other host to send, receive, or frame anything."""
    directives = {name: set(sources) for name, *sources in map(str.split, policy.split(";"))}
    places = set().union(*directives.values())
    return (
        {"default-src", "connect-src", "frame-ancestors", "base-uri", "form-action"}
        <= directives.keys()
        and directives["frame-ancestors"] == {"'self'"}
        and directives["object-src"] == {"'none'"}
        and places
        <= {"'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'", "'wasm-unsafe-eval'"}
        | {"data:", "blob:"}
    )


def test_every_response_has_the_headers(dashboard: Open, application: Application) -> None:
    client = dashboard("")
    (script,) = re.findall(r'src="\./(static/js/index[^"]+\.js)"', client.get("/").text)
    answers = {
        (method, place): client.request(method, place, content=body)
        for method, place, body in [
            ("GET", "/", b""),
            ("GET", "/by_genre", b""),
            ("GET", "/account", b""),
            ("POST", "/", b""),
            ("GET", f"/{script}", b""),
            ("GET", "/_stcore/health", b""),
            ("GET", "/metrics", b""),
            ("GET", "/auth/session?ticket=x", b""),
            ("GET", "/auth/ended", b""),
            ("GET", "/api", b""),
            ("GET", "/docs", b""),
            ("GET", "/redoc", b""),
            ("GET", "/api/docs", b""),
            ("GET", "/api/openapi.json", b""),
            ("GET", "/api/static-offline-docs/swagger-ui.css", b""),
            ("GET", "/api/give-rec", b""),
            ("DELETE", "/api/account", b""),
            ("GET", "/api/nothing", b""),
            ("DELETE", "/api/give-rec", b""),
            ("POST", "/api/auth/register", b"x" * 65_537),
            ("GET", "/api/movies/x", b""),
        ]
    }
    assert [answer.status_code for answer in answers.values()] == [
        *(200, 200, 200, 405, 200, 200, 200),
        *(303, 303, 307, 307, 307),
        *(200, 200, 200, 200),
        *(401, 404, 405, 413, 422),
    ]
    assert [asked for asked, answer in answers.items() if not _has_all_headers(answer)] == []


SERVED = {
    "/_stcore/health": True,
    "/_stcore/host-config": True,
    "/_stcore/stream": True,
    "/_stcore/upload_file/{session_id}/{file_id}": True,
    "/media/{file_id:path}": True,
    "": True,  # the pages and their scripts
    "/_stcore/metrics": False,
    "/_stcore/bidi-components/{path:path}": False,
    "/_stcore/agent/interact": False,
    "/_stcore/agent/mcp": False,
    "/_stcore/agent/openapi.json": False,
    "/component/{path:path}": False,
    "/auth/login": False,
    "/auth/logout": False,
    "/oauth2callback": False,
}


def test_only_the_streamlit_paths_that_pages_use_are_served(
    dashboard: Open, application: Application
) -> None:
    """A new path in a new Streamlit must be reviewed, and closed unless pages need it."""
    client = dashboard("")
    client.get("/")
    assert isinstance(client.app, streamlit.App)
    assert client.app._starlette_app is not None
    ours = {
        getattr(route, "path", "")
        for module_routes in (api_routes, browser_sessions.routes, downloads.routes)
        for route in module_routes(application)
    }
    found = {getattr(route, "path", "") for route in client.app._starlette_app.routes}
    assert found - ours - {"/fonts"} == SERVED.keys()
    for address, is_used in SERVED.items():
        place = re.sub(r"{.*?}", "extra_streamlit_components.CookieManager.cookie_manager", address)
        is_refused = client.get(place or "/").text == "Not Found"
        assert is_refused is not is_used or address == "/_stcore/stream", address


def test_files_offered_by_pages_are_not_cached(dashboard: Open) -> None:
    client = dashboard("")
    client.get("/")
    file = Runtime.instance().media_file_mgr._storage.load_and_get_id(
        b"a,b", "text/csv", MediaFileKind.DOWNLOADABLE, "x.csv"
    )
    answer = client.get(f"/media/{file}.csv")
    assert (answer.status_code, answer.text) == (200, "a,b")
    assert answer.headers["cache-control"] == "no-store, private"


def test_errors_and_outages_have_the_headers_too(
    dashboard: Open, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = dashboard("")
    progress = start_again(application)
    outage = client.get("/api/give-rec")
    progress.films_are_there()
    monkeypatch.setattr(Application, "services", property(_fail))
    faults = [
        client.get(place, headers={"X-Request-ID": "mine"})
        for place in ("/api/movies/1", "/auth/session")
    ]
    assert [answer.status_code for answer in (outage, *faults)] == [503, 500, 500]
    assert all(map(_has_all_headers, (outage, *faults)))
    for fault in faults:
        assert fault.headers["x-request-id"] == "mine"
        assert fault.json() == {
            "detail": "Five Films failed unexpectedly. The log has it under this X-Request-ID."
        }


@pytest.mark.parametrize(
    ("public_url", "prefix", "guards"),
    [
        ("https://films.example.org", "__Host-", {"Secure"}),
        ("http://films.example.org", "", set()),
        ("", "", set()),
    ],
)
def test_only_https_makes_cookies_secure_and_sends_hsts(
    dashboard: Open, application: Application, public_url: str, prefix: str, guards: set[str]
) -> None:
    client = dashboard(public_url)
    jane = register(
        application.services.engine, email="jane@mail.com", password="a fine long sentence"
    )
    token = sessions.open_session(application.services.engine, jane, days=30)
    ticket = sessions.create_ticket(application.services.engine, token, "a visitor")
    page = client.get("/")
    log_in = client.get(
        "/auth/session",
        params={"ticket": ticket},
        headers={"Cookie": f"{prefix}five_films_visitor=a visitor"},
    )
    for answer, name in [(page, "five_films_visitor"), (log_in, "five_films_session")]:
        value, *attributes = answer.headers.get_list("set-cookie")[0].split("; ")
        assert re.fullmatch(prefix + name + r"=[\w-]{43}", value)
        assert set(attributes) == {"HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=lax"} | guards
    ended = client.get("/auth/ended", headers={"Cookie": f"{prefix}five_films_session=x"})
    xsrf = client.get("/_stcore/health")
    for answer, name in [(ended, f"{prefix}five_films_session"), (xsrf, "_streamlit_xsrf")]:
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{name}=")
        assert ("Secure" in cookie) == bool(guards)
        assert "samesite=lax" in cookie.lower()
    for answer in (page, log_in, client.get("/api/genres"), client.get("/api/nothing")):
        assert answer.headers.get("strict-transport-security") == (
            "max-age=31536000" if guards else None
        )
