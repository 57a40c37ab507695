"""The FastAPI application with all endpoints; its documentation works without the internet."""

from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi_offline import FastAPIOffline
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from api import documentation, errors, metrics, responses
from api.bodies import BodyLimitMiddleware
from api.caching import ConditionalRequestMiddleware
from api.cors import CorsMiddleware
from api.express import ExpressMiddleware
from api.methods import MethodsMiddleware
from api.middleware import SecurityHeadersMiddleware, VisitorCookieMiddleware
from api.origins import OriginMiddleware
from api.request_limits import RequestLimitMiddleware
from api.routes import (
    accounts,
    films,
    health,
    imports,
    opinions,
    passwords,
    pictures,
    recommendations,
)
from startup import Application

_ABOUT = """
Five film recommendations per person. Without a token they are popular films. To get personal ones,
**Authorize** with an email and a password, for example `test195@mail.com` / `test` where demo
accounts are on. Errors read `{"detail": …}` and name the invalid fields, if any; unknown fields and
parameters are errors. Each response to GET has an ETag: send it as `If-None-Match` to get 304 while
nothing has changed. HEAD works wherever GET does, and OPTIONS everywhere.
"""


def create() -> FastAPI:
    """Build the API that is mounted at /api; endpoints need the `application` of its state."""
    app: FastAPI = FastAPIOffline(
        title="Five Films",
        version="1",
        description=_ABOUT,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
        swagger_ui_parameters={
            "displayRequestDuration": True,
            "validatorUrl": None,  # it would load an image from another host
        },
    )
    documentation.ask_no_other_host(app)
    errors.handle(app)
    of_data = (recommendations, opinions, imports, films, pictures, accounts, passwords)
    for module in of_data:
        app.include_router(module.router, responses=responses.OF_ALL | responses.UNAVAILABLE)
    app.include_router(health.router, responses=responses.INVALID)
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(ConditionalRequestMiddleware)
    app.add_middleware(MethodsMiddleware)
    app.add_middleware(metrics.MetricsMiddleware)  # the outermost one sees every response
    return app


def _operation_id(route: APIRoute) -> str:
    """Return the function's name, which generated clients use too."""
    return route.name


def middleware(
    application: Application,
    *,
    https: bool,
    public_url: str | None = None,
    allowed_origins: Sequence[str] = (),
) -> list[Middleware]:
    """Return the middleware for all requests, the outermost first."""
    return [
        Middleware(OriginMiddleware, public_url=public_url),
        Middleware(SecurityHeadersMiddleware, https=https),
        *([Middleware(CorsMiddleware, origins=allowed_origins)] if allowed_origins else []),
        Middleware(RequestLimitMiddleware, limit=application.request_limit),
        Middleware(ExpressMiddleware, application=application),
        Middleware(VisitorCookieMiddleware, secure=https),
    ]


def routes(application: Application) -> list[BaseRoute]:
    """Return the routes of the API, of its metrics and to its documentation."""
    api = create()
    api.state.application = application
    return [
        Mount("/api", api),
        Route("/metrics", metrics.exposition(application), methods=["GET"]),
        _to_documentation("/api"),
        _to_documentation("/docs"),
        _to_documentation("/redoc", "/redoc"),
    ]


def _to_documentation(address: str, page: str = "/docs") -> Route:
    async def redirect(_request: Request) -> Response:
        return RedirectResponse(f"/api{page}", status_code=307)

    return Route(address, redirect, methods=["GET"])
