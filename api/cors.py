"""CORS for the sites listed in `CORS_ORIGINS`."""

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
_REQUEST_HEADERS = ("Authorization", "Content-Type", "If-None-Match", "X-Request-ID")
_EXPOSED_HEADERS = (
    "Allow",
    "ETag",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-ID",
    "X-Total-Count",
)
_AN_HOUR = 60 * 60


class CorsMiddleware:
    """Middleware that lets other origins call the API, with tokens and never with cookies.

    Parameters
    ----------
    app : ASGIApp
    origins : sequence of str
        As browsers send them in the Origin header.
    """

    def __init__(self, app: ASGIApp, *, origins: Sequence[str]) -> None:
        self._app = app
        self._api = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=_REQUEST_HEADERS,
            expose_headers=_EXPOSED_HEADERS,
            max_age=_AN_HOUR,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight request, or pass the request on."""
        is_for_api = scope["type"] == "http" and scope["path"].startswith("/api/")
        await (self._api if is_for_api else self._app)(scope, receive, send)
