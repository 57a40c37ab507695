"""The rate limit per address, checked before any work is done."""

from starlette.types import ASGIApp, Receive, Scope, Send

from accounts.rate_limits import RequestLimit, TooOftenError
from api import errors, metrics
from api.dependencies import address_of


class RequestLimitMiddleware:
    """Middleware that refuses addresses over the limit with 429; health checks don't count."""

    def __init__(self, app: ASGIApp, *, limit: RequestLimit) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request, and pass it on or refuse it."""
        if scope["type"] == "http" and _is_counted(scope["path"]):
            try:
                self._limit.note(address_of(scope))
            except TooOftenError as error:
                metrics.REFUSED_REQUESTS.inc()
                await errors.too_often(error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _is_counted(path: str) -> bool:
    return path.startswith("/api/") and not path.startswith("/api/health/")
