"""HEAD wherever GET is allowed, and OPTIONS everywhere."""

from starlette.responses import Response
from starlette.routing import Match, Mount, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class MethodsMiddleware:
    """Middleware that answers HEAD like GET without a body, and OPTIONS with the methods."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        method = scope.get("method")
        if method == "OPTIONS" and (names := allowed(scope)):
            answer = Response(status_code=204, headers={"Allow": ", ".join(names)})
            await answer(scope, receive, send)
        elif method == "HEAD":
            await self._without_body(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _without_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_bare(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope["method"] = "GET"  # in place: the metrics read the route from this scope
        try:
            await self._app(scope, receive, send_bare)
        finally:
            scope["method"] = "HEAD"


def allowed(scope: Scope) -> list[str]:
    """Return the methods allowed at a request's path; empty if nothing is served there."""
    router: Router = scope["app"].router
    names = {
        "GET" if isinstance(route, Mount) else method  # a folder of files
        for method in _METHODS
        for route in router.routes
        if route.matches({**scope, "method": method})[0] is Match.FULL
    }
    if "GET" in names:
        names.add("HEAD")
    return sorted({*names, "OPTIONS"}) if names else []
