"""Limits on request bodies, and no-store on JSON responses."""

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors

MOST_BYTES = 64 * 1024
# Files of ratings, and the ratings chosen from them.
_MOST_BYTES_OF = {"/imports/preview": 11 * 2**20, "/imports": 8 * 2**20}
MOST_BYTES_AT_ONCE = 96 * 2**20
"""For all larger bodies together: they are in memory before the user is authenticated."""


class BodyLimitMiddleware:
    """Middleware that refuses bodies over `MOST_BYTES`, by their Content-Length or while reading.

    Files of ratings may be larger.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._bytes_coming = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the bytes of the request; forbid caches to store JSON responses."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
        most = left = _MOST_BYTES_OF.get(path, MOST_BYTES)

        async def receive_limited() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413, errors.TOO_LARGE)
            return message

        async def send_uncached(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type") == "application/json":
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        length = Headers(scope=scope).get("content-length")
        if _is_too_long(length or "0", most):
            await errors.too_large()(scope, receive, send_uncached)
            return
        size = most if length is None else int(length)
        if size <= MOST_BYTES:
            size = 0  # too small to count
        if size and self._bytes_coming + size > MOST_BYTES_AT_ONCE:
            await errors.busy()(scope, receive, send_uncached)
            return
        self._bytes_coming += size
        try:
            await self._app(scope, receive_limited, send_uncached)
        finally:
            self._bytes_coming -= size


def _is_too_long(length: str, most: int) -> bool:
    return not (length.isascii() and length.isdigit() and int(length[:18]) <= most)
