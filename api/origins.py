"""Which pages may open a WebSocket: our own, not another site's that a browser shows meanwhile."""

import ipaddress
import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from addresses.origin import read

logger = logging.getLogger("api")

_POLICY_VIOLATION = 1008


class OriginMiddleware:
    """Refuse a WebSocket of another origin before Streamlit sees it.

    Streamlit lets in any port of this machine, and asks a host in the internet for this machine's
    address when it doesn't know an origin. What is let in here reaches it as of its own host.

    Parameters
    ----------
    public_url : str or None
        What people type. A page of that origin is let in, whatever Host a proxy forwards. Another
        one is then let in only at an address or at localhost, which no other site's name can be
        made to mean: a page of that name would come from there.
    """

    def __init__(self, app: ASGIApp, *, public_url: str | None) -> None:
        self._app = app
        self._public = read(public_url) if public_url else None
        self._has_told = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 403, or pass on."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origins, host = headers.getlist("origin"), headers.get("host", "")
        if not origins:  # no browser
            await self._app(scope, receive, send)
        elif len(origins) == 1 and self._is_ours(origins[0], host):
            # A Host that is none would make Streamlit look for others.
            own = MutableHeaders(raw=list(scope["headers"]))
            own["host"] = host
            own["origin"] = f"http://{host}"
            await self._app({**scope, "headers": own.raw}, receive, send)
        else:
            self._tell(origins[0], host)
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})

    def _is_ours(self, origin: str, host: str) -> bool:
        asked = read(origin)
        if asked is None or read(f"{asked.scheme}://{host}") is None:
            return False
        if self._public is not None and asked == self._public:
            return True
        is_of_host = asked == read(f"{asked.scheme}://{host}")
        return is_of_host and (self._public is None or _has_no_name(asked.host))

    def _tell(self, origin: str, host: str) -> None:
        level = logging.DEBUG if self._has_told else logging.WARNING
        self._has_told = True
        logger.log(
            level,
            "a WebSocket was refused: its page is of %.100r, and the request was for %.100r. If "
            "people open the page there, set PUBLIC_URL to it. Further ones are logged as DEBUG.",
            origin,
            host,
        )


def _has_no_name(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True
