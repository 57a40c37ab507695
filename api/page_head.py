"""The HTML of the dashboard's pages before Streamlit renders them: title, head, compression."""

import logging
import re
from collections.abc import Callable
from typing import Protocol

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.compression import accepted, compress
from monitoring.errors import first_line

logger = logging.getLogger("api")

SECONDS = 1.0
"""How long the facts for a page's head may take; after that it gets the default head."""

_TITLE = re.compile(rb"<title>.*?</title>", re.DOTALL)
# The preload of Streamlit's font, which ours replace.
_FONT = re.compile(rb'<link\s+rel="preload"\s[^>]*as="font"[^>]*>')
_HTML = re.compile(rb'<html lang="en">')
_END_OF_HEAD = b"</head>"
_ROOT = b'<div id="root">'
_EMPTY = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title></title></head><body><div id="root"></div></body></html>
"""
# Headers that would make the response anything but the whole page, uncompressed.
_LEFT_OUT = {b"accept-encoding", b"if-modified-since", b"if-none-match", b"range"}


class Head(Protocol):
    """The head of a page; everything but the language is HTML."""

    @property
    def language(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def html(self) -> str: ...

    @property
    def first(self) -> str:
        """The beginning of the body, until Streamlit renders the page."""
        ...

    @property
    def status(self) -> int:
        """The status of the response: 404 if the address leads nowhere."""
        ...

    @property
    def is_whole(self) -> bool:
        """Whether `first` is the whole body, without Streamlit."""
        ...


class PageHeadMiddleware:
    """Middleware that writes the head of the pages that Streamlit serves, and compresses them.

    Parameters
    ----------
    app : ASGIApp
    describe : callable
        Returns the head of the requested page; runs in a thread. With None instead of a request
        it returns the default head, without waiting for anything.
    """

    def __init__(self, app: ASGIApp, *, describe: Callable[[Request | None], Head]) -> None:
        self._app = app
        self._describe = describe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; replace the head if it is for a page of the dashboard."""
        if not _is_for_a_page(scope):
            await self._app(scope, receive, send)
            return
        headers = [each for each in scope["headers"] if each[0] not in _LEFT_OUT]
        start: Message | None = None
        page = b""

        async def send_with_head(message: Message) -> None:
            nonlocal start, page
            if message["type"] == "http.response.start" and _is_html(message):
                start = message
            elif start is None:
                await send(message)
            else:
                page += message.get("body", b"")
                if not message.get("more_body"):
                    await self._send_page(Request(scope), start, page, send)

        await self._app({**scope, "headers": headers}, receive, send_with_head)

    async def _send_page(self, request: Request, start: Message, page: bytes, send: Send) -> None:
        head = await self._described(request)
        if _ROOT in page:  # Streamlit sends this page for every address
            start["status"] = head.status
            if head.is_whole:
                page = _EMPTY
        page = _HTML.sub(b'<html lang="%b">' % head.language.encode(), page, count=1)
        page = _TITLE.sub(lambda _: f"<title>{head.title}</title>".encode(), page, count=1)
        page = _FONT.sub(b"", page)
        page = page.replace(_END_OF_HEAD, head.html.encode() + _END_OF_HEAD, 1)
        page = page.replace(_ROOT, head.first.encode() + _ROOT, 1)
        headers = MutableHeaders(scope=start)
        headers.add_vary_header("Accept-Encoding")
        way = accepted(request.headers.get("accept-encoding", ""))
        if way is not None:
            page = compress(page, way)
            headers["content-encoding"] = way
        headers["content-length"] = str(len(page))
        for name in ("etag", "last-modified", "accept-ranges"):  # they describe Streamlit's file
            del headers[name]
        await send(start)
        await send({"type": "http.response.body", "body": page})

    async def _described(self, request: Request) -> Head:
        with anyio.move_on_after(SECONDS):
            try:
                return await anyio.to_thread.run_sync(
                    self._describe, request, abandon_on_cancel=True
                )
            except Exception as error:  # the page itself will run into it too, and report it
                logger.warning("a page was sent with the default head: %s", first_line(error))
        return self._describe(None)


def _is_for_a_page(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and not scope["path"].startswith("/api/")
        and "text/html" in Headers(scope=scope).get("accept", "")
    )


def _is_html(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")
