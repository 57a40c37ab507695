"""Middleware for every response: security headers, request ids, the visitor cookie."""

import logging
import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, cookie_parser
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from accounts.sessions import VISITOR_COOKIE, cookie_name, new_token
from api import errors
from api.addresses import is_served
from monitoring.logs import request_id_of_log_lines

logger = logging.getLogger("api")

_THIRTY_DAYS = 30 * 24 * 60 * 60

# Streamlit starts its pages with inline scripts. Plotly and the components compile scripts at run
# time and draw images as data: and blob: URLs. Nothing is loaded from or sent to another host.
_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
_HEADERS = {
    "content-security-policy": _CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}
_ONE_YEAR = 365 * 24 * 60 * 60
_SANE_ID = re.compile(r"[A-Za-z0-9_.\-]{1,64}")


_nothing = PlainTextResponse("Not Found", 404)


class SecurityHeadersMiddleware:
    """Middleware that adds security headers and a request id to every response, errors too."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._https = https
        headers = dict(_HEADERS)
        if https:
            headers["strict-transport-security"] = f"max-age={_ONE_YEAR}"
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to the response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        request_id = asked if _SANE_ID.fullmatch(asked) else secrets.token_hex(16)

        is_started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal is_started
            if message["type"] == "http.response.start":
                is_started = True
                own = [each for each in message["headers"] if each[0] != b"x-request-id"]
                if scope["path"].startswith("/media/"):  # files that Streamlit serves to anyone
                    own.append((b"cache-control", b"no-store, private"))
                if (b"content-encoding", b"gzip") in own:
                    own = [_of_other_bytes(name, value) for name, value in own]
                if self._https:
                    own = [_secured(name, value) for name, value in own]
                named = {name for name, _ in own}
                message["headers"] = [
                    *own,
                    *(each for each in self._headers if each[0] not in named),
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        with request_id_of_log_lines(request_id):
            try:
                answer = self._app if is_served(scope["path"]) else _nothing
                await answer(scope, receive, send_with_headers)
            except ClientDisconnect:
                return  # nobody waits for the response
            except Exception:
                if is_started:
                    raise  # too late for another response
                logger.exception("a route failed")
                await errors.fault()(scope, receive, send_with_headers)


def _of_other_bytes(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Return the header; an ETag becomes weak because it was computed before compression."""
    if name == b"etag" and not value.startswith(b"W/"):
        value = b"W/" + value
    return name, value


def _secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Return the header; cookies become Secure, which Streamlit's aren't."""
    if name == b"set-cookie" and b"; secure" not in value.lower():
        value += b"; Secure"
    return name, value


class VisitorCookieMiddleware:
    """Middleware that gives each browser a secret of its own, to which login tickets are bound."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure
        self._name = cookie_name(VISITOR_COOKIE, secure=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the cookie on the first page."""
        if scope["type"] != "http" or not _is_first_page(scope, self._name):
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
            self._name,
            new_token(),
            max_age=_THIRTY_DAYS,
            httponly=True,
            samesite="lax",
            secure=self._secure,
        )
        return response.headers["set-cookie"]


def _is_first_page(scope: Scope, cookie: str) -> bool:
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return (
        scope["method"] == "GET"
        and not scope["path"].startswith("/_stcore/")
        and not cookie_parser(cookies.decode("latin-1")).get(cookie)
    )
