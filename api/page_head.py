"""What stands in the head of the dashboard's pages before Streamlit draws anything."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_END_OF_HEAD = b"</head>"
# What would make the answer something else than the whole page in plain text.
_LEFT_OUT = {b"accept-encoding", b"if-modified-since", b"if-none-match", b"range"}


class PageHead:
    """Add to the head of the pages that Streamlit serves, which it has no setting for.

    Parameters
    ----------
    head : str
        HTML that comes last in the head.
    title : str
        What the page is called until Streamlit has started.
    """

    def __init__(self, app: ASGIApp, *, head: str, title: str) -> None:
        self._app = app
        self._head = head.encode()
        self._title = f"<title>{title}</title>".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with more in the head where a browser asks for a page of the dashboard."""
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
                    await self._send_page(start, page, send)

        await self._app({**scope, "headers": headers}, receive, send_with_head)

    async def _send_page(self, start: Message, page: bytes, send: Send) -> None:
        page = page.replace(b"<title>Streamlit</title>", self._title, 1)
        page = page.replace(_END_OF_HEAD, self._head + _END_OF_HEAD, 1)
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(page))
        for name in ("etag", "last-modified", "accept-ranges"):  # those of Streamlit's file
            del headers[name]
        await send(start)
        await send({"type": "http.response.body", "body": page})


def _is_for_a_page(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and not scope["path"].startswith("/api/")
        and "text/html" in Headers(scope=scope).get("accept", "")
    )


def _is_html(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")
