"""The origins whose pages may open a WebSocket."""

import logging

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.origins import OriginMiddleware

PUBLIC = "https://films.example.org"


async def _tell_headers(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json([websocket.headers.get("origin"), websocket.headers.get("host")])
    await websocket.close()


def _open(origin: str | None, host: str, public_url: str | None) -> list[str] | None:
    """Return what reaches Streamlit; None if the WebSocket is refused."""
    app = Starlette(
        routes=[WebSocketRoute("/_stcore/stream", _tell_headers)],
        middleware=[Middleware(OriginMiddleware, public_url=public_url)],
    )
    headers = {"host": host} | ({"origin": origin} if origin is not None else {})
    with TestClient(app) as client:
        try:
            with client.websocket_connect("/_stcore/stream", headers=headers) as websocket:
                return list(websocket.receive_json())
        except WebSocketDisconnect:
            return None


@pytest.mark.parametrize(
    ("origin", "host", "public_url"),
    [
        ("http://127.0.0.1:8501", "127.0.0.1:8501", None),
        ("http://films.local", "films.local", None),
        ("http://films.local", "Films.local:80", None),
        ("https://films.local", "films.local:443", None),
        ("http://[::1]:8501", "[::1]:8501", None),
        (PUBLIC, "films.example.org", PUBLIC),
        (PUBLIC, "127.0.0.1:8501", PUBLIC),  # nginx doesn't forward Host by default
        (PUBLIC, "app_upstream", PUBLIC),
        ("https://films.example.org:8443", "app", "https://films.example.org:8443"),
        ("https://xn--h1adke.example", "app", "https://кино.example"),
        ("http://127.0.0.1:8501", "127.0.0.1:8501", PUBLIC),  # on the machine itself
        ("http://localhost:8501", "localhost:8501", PUBLIC),
    ],
)
def test_our_own_pages_are_accepted_under_the_host(
    origin: str, host: str, public_url: str | None
) -> None:
    assert _open(origin, host, public_url) == [f"http://{host}", host]


def test_a_client_without_an_origin_is_accepted() -> None:
    assert _open(None, "127.0.0.1:8501", PUBLIC) == [None, "127.0.0.1:8501"]


@pytest.mark.parametrize(
    ("origin", "host", "public_url"),
    [
        ("https://evil.example", "127.0.0.1:8501", None),
        ("http://127.0.0.1:8502", "127.0.0.1:8501", None),  # another port of the same host
        ("http://localhost:8501", "127.0.0.1:8501", None),
        ("null", "127.0.0.1:8501", None),
        ("", "127.0.0.1:8501", None),
        ("http://[broken", "127.0.0.1:8501", None),
        ("http://127.0.0.1:8501:1", "127.0.0.1:8501", None),
        ("http://me@127.0.0.1:8501", "127.0.0.1:8501", None),
        ("file://127.0.0.1:8501", "127.0.0.1:8501", None),
        ("https://evil.example", "films.example.org", PUBLIC),
        ("http://films.example.org", "films.example.org", PUBLIC),  # not over TLS
        ("https://films.example.org:8443", "films.example.org", PUBLIC),
        ("https://films.example.org.evil.example", "films.example.org", PUBLIC),
        ("http://evil.example:8501", "evil.example:8501", PUBLIC),  # a rebound name
        (PUBLIC, "films.example.org/x", PUBLIC),
        (PUBLIC, "", PUBLIC),
    ],
)
def test_other_origins_are_refused(origin: str, host: str, public_url: str | None) -> None:
    assert _open(origin, host, public_url) is None


def test_a_refusal_is_logged_once_with_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    app = TestClient(OriginMiddleware(Starlette(), public_url=None))
    with caplog.at_level(logging.INFO, "api"):
        for _ in range(2):
            with (
                pytest.raises(WebSocketDisconnect),
                app.websocket_connect("/", headers={"origin": PUBLIC, "host": "app:8501"}),
            ):
                pass
    (told,) = caplog.messages
    assert PUBLIC in told
    assert "app:8501" in told
    assert "PUBLIC_URL" in told
