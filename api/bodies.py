"""What handles take and give: nothing that is too large, nothing that caches may keep."""

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors

MOST_BYTES = 64 * 1024
# Files of ratings, and what was chosen of them.
_MOST_BYTES_OF = {"/imports/preview": 11 * 2**20, "/imports": 8 * 2**20}


class Bodies:
    """Refuses bodies over `MOST_BYTES`, by the length they tell or else while they come.

    Files of ratings may be larger.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes in; mark what goes out as one person's."""
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

        async def send_unkept(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type") == "application/json":
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        if _is_too_long(Headers(scope=scope).get("content-length", "0"), most):
            await errors.too_large()(scope, receive, send_unkept)
        else:
            await self._app(scope, receive_limited, send_unkept)


def _is_too_long(length: str, most: int) -> bool:
    return not (length.isascii() and length.isdigit() and int(length[:18]) <= most)
