"""Check of a WebSocket's origin: our own pages may open one, other sites' pages may not."""

import ipaddress
import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from addresses.origin import read

logger = logging.getLogger("api")

_POLICY_VIOLATION = 1008


class OriginMiddleware:
    """Middleware that refuses WebSockets of other origins before Streamlit sees them.

    Streamlit accepts any port of this machine, and asks a host on the internet for this machine's
    address when it doesn't know an origin. It sees accepted WebSockets as coming from its own host.

    Parameters
    ----------
    app : ASGIApp
    public_url : str or None
        The address that users type. Pages of this origin are accepted, whatever Host a proxy
        forwards. With it, others are only accepted at an IP address or localhost: another site
        could point its own name at this machine, but not these.
    """

    def __init__(self, app: ASGIApp, *, public_url: str | None) -> None:
        self._app = app
        self._public = read(public_url) if public_url else None
        self._has_warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the WebSocket with 403, or pass it on."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origins, host = headers.getlist("origin"), headers.get("host", "")
        if not origins:  # not a browser
            await self._app(scope, receive, send)
        elif len(origins) == 1 and self._is_ours(origins[0], host):
            # With an invalid Host, Streamlit would look for other origins.
            own = MutableHeaders(raw=list(scope["headers"]))
            own["host"] = host
            own["origin"] = f"http://{host}"
            await self._app({**scope, "headers": own.raw}, receive, send)
        else:
            self._log(origins[0], host)
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})

    def _is_ours(self, origin: str, host: str) -> bool:
        asked = read(origin)
        if asked is None or read(f"{asked.scheme}://{host}") is None:
            return False
        if self._public is not None and asked == self._public:
            return True
        is_of_host = asked == read(f"{asked.scheme}://{host}")
        return is_of_host and (self._public is None or _has_no_name(asked.host))

    def _log(self, origin: str, host: str) -> None:
        level = logging.DEBUG if self._has_warned else logging.WARNING
        self._has_warned = True
        logger.log(
            level,
            "refused a WebSocket: its page has the origin %.100r, but the request is for %.100r. "
            "If this is where users open the page, set PUBLIC_URL to that origin. Further refusals "
            "are logged at level DEBUG.",
            origin,
            host,
        )


def _has_no_name(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True
