"""HTTP caching: ETag and If-None-Match, Cache-Control, Vary."""

from hashlib import blake2b

from fastapi import Depends
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = 60
"""How long caches may reuse a response that is the same for everybody."""

PRIVATE, REVALIDATED = "no-store", "no-cache"
_OF_CONTENT = ("content-type", "content-length")


async def _for_all(response: Response) -> None:
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"


async def _for_who_asks(request: Request, response: Response) -> None:
    is_known = "authorization" in request.headers
    response.headers["Cache-Control"] = PRIVATE if is_known else REVALIDATED
    response.headers["Vary"] = "Authorization"


FOR_ALL = Depends(_for_all)
"""For responses that are the same for everybody: caches may reuse them for `SECONDS`."""

FOR_WHO_ASKS = Depends(_for_who_asks)
"""For responses that depend on the token: revalidated without one, never stored with one."""


class ConditionalRequestMiddleware:
    """Middleware that adds an ETag to responses to GET, and sends 304 if the client has it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Buffer the response until it is complete; files already have an ETag."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def send_tagged(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                has_tag = "etag" in Headers(raw=message["headers"])
                if message["status"] == 200 and not has_tag:
                    start = message
                    return
            if start is None:
                await send(message)
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                headers = MutableHeaders(raw=start["headers"])
                headers["etag"] = tag = tag_of(body)
                if is_among(tag, Headers(scope=scope).get("if-none-match", "")):
                    start["status"], body = 304, b""
                    for name in _OF_CONTENT:
                        del headers[name]
                await send(start)
                await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, send_tagged)


def tag_of(body: bytes) -> str:
    """Return the ETag of a response with this body."""
    return f'"{blake2b(body, digest_size=16).hexdigest()}"'


def is_among(tag: str, known: str) -> bool:
    """Return whether If-None-Match contains this ETag, strong or weak."""
    return known.strip() == "*" or tag in {
        each.strip().removeprefix("W/") for each in known.split(",")
    }
