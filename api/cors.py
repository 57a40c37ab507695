"""Cross-origin requests from the sites that `CORS_ORIGINS` names."""

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
_TAKEN = ("Authorization", "Content-Type", "If-None-Match", "X-Request-ID")
_SHOWN = ("Allow", "ETag", "Retry-After", "WWW-Authenticate", "X-Request-ID", "X-Total-Count")
_AN_HOUR = 60 * 60


class CorsMiddleware:
    """Lets pages of other origins call the handles, with tokens and never with cookies.

    Parameters
    ----------
    origins : sequence of str
        As browsers send them in Origin.
    """

    def __init__(self, app: ASGIApp, *, origins: Sequence[str]) -> None:
        self._app = app
        self._handles = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=_TAKEN,
            expose_headers=_SHOWN,
            max_age=_AN_HOUR,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight, or pass on."""
        is_handle = scope["type"] == "http" and scope["path"].startswith("/api/")
        await (self._handles if is_handle else self._app)(scope, receive, send)
