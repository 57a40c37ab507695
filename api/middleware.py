"""What happens to every response."""

from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from accounts.sessions import VISITOR_COOKIE, new_token

_THIRTY_DAYS = 30 * 24 * 60 * 60


class VisitorCookie:
    """Give each browser a secret of its own, to which log-in tickets are bound."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the cookie with the first page."""
        if scope["type"] != "http" or not _is_first_page(scope):
            await self._app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", self._cookie())
            await send(message)

        await self._app(scope, receive, send_with_cookie)

    def _cookie(self) -> str:
        response = Response()
        response.set_cookie(
            VISITOR_COOKIE,
            new_token(),
            max_age=_THIRTY_DAYS,
            httponly=True,
            samesite="lax",
            secure=self._secure,
        )
        return response.headers["set-cookie"]


def _is_first_page(scope: Scope) -> bool:
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return (
        scope["method"] == "GET"
        and not scope["path"].startswith("/_stcore/")
        and not cookie_parser(cookies.decode("latin-1")).get(VISITOR_COOKIE)
    )
