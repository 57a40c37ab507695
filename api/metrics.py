"""Metrics for Prometheus, and a log line for each request to an endpoint."""

import hmac
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import cache

from fastapi.routing import APIRoute
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from monitoring import latency
from startup import Application

logger = logging.getLogger("api")

disable_created_metrics()  # type: ignore[no-untyped-call]

REQUESTS = Counter(
    "five_films_requests", "Requests by endpoint and status.", ["method", "handle", "status"]
)
LISTS = Counter(
    "five_films_lists", "Lists served by the API, to known and to cold users.", ["kind"]
)
REFUSED_REQUESTS = Counter(
    "five_films_refused_requests", "Requests refused with 429 because of their address."
)
LOG_INS = Counter("five_films_log_ins", "Logins through the API.", ["result"])

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class MetricsMiddleware:
    """Middleware that counts, times and logs requests by their endpoint's template, not their URL.

    Uncaught exceptions end here: they are logged, and the response doesn't reveal them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and record its outcome."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        started = time.perf_counter()

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note_status)
        except Exception:
            logger.exception("an endpoint failed")
            if status:
                raise  # too late for another response
            await errors.fault()(scope, receive, note_status)
        finally:
            seconds = time.perf_counter() - started
            note(_method(scope), _endpoint(scope), status or 500, seconds)


def note(method: str, handle: str, status: int, seconds: float) -> None:
    """Count, time and log a response."""
    responses, times = _labelled(method, handle, status)
    responses.inc()
    times.observe(seconds)
    # A proxy checks the health of each app every other second.
    is_routine = handle.startswith("/api/health/") and status < 400
    level = logging.DEBUG if is_routine else logging.INFO
    logger.log(level, "%s %s %d %.0f ms", method, handle, status, seconds * 1000)


def _method(scope: Scope) -> str:
    """Return the method; one name for all unknown ones, of which clients can invent many."""
    return scope["method"] if scope["method"] in _METHODS else "(other)"


def _endpoint(scope: Scope) -> str:
    """Return the endpoint's template; one name for everything else."""
    route = scope.get("route")
    return f"/api{route.path}" if isinstance(route, APIRoute) else "(other)"


@cache
def _labelled(method: str, handle: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, handle, str(status)), latency.HANDLES.labels(handle)


class _State(Collector):
    """The state of the application, read when Prometheus scrapes."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def collect(self) -> Iterable[Metric]:
        """Yield metrics of cache, logins and model; none while the app is starting."""
        if not self._application.progress.has_films:
            return
        services = self._application.services
        cache = services.recommender.cache
        lists = CounterMetricFamily(
            "five_films_cached_lists", "Look-ups of lists in the cache.", labels=["result"]
        )
        for result in ("hits", "misses", "failures"):
            lists.add_metric([result], getattr(cache, result))
        yield lists
        yield CounterMetricFamily(
            "five_films_refused_log_ins",
            "Logins refused after too many attempts.",
            services.throttle.refusals,
        )
        try:
            version = services.recommender.version()
        except SQLAlchemyError:
            return  # the database is unavailable, so the version is unknown
        yield GaugeMetricFamily(
            "five_films_trained", "1 if a trained model is active.", int(version is not None)
        )
        yield InfoMetricFamily(
            "five_films_model", "The active model.", {"version": version or "popular"}
        )


def exposition(application: Application) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint for all metrics in Prometheus' text format.

    Without `METRICS_TOKEN`, if that is set, it answers 401.
    """
    of_application = CollectorRegistry()
    of_application.register(_State(application))

    def generate() -> bytes:
        return generate_latest() + generate_latest(of_application)

    async def endpoint(request: Request) -> Response:
        token = application.settings.metrics_token
        if token is not None and not _has_token(request, token.get_secret_value()):
            return errors.no_token()
        return Response(await run_in_threadpool(generate), media_type=CONTENT_TYPE_LATEST)

    return endpoint


def _has_token(request: Request, token: str) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode())
