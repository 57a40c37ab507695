"""Figures for Prometheus, and a log line for each request to a handle."""

import hmac
import logging
import time
from collections.abc import Iterable
from functools import cache

from fastapi.routing import APIRoute
from prometheus_client import (
    CONTENT_TYPE_LATEST,
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
from prometheus_client.registry import REGISTRY, Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import startup
from api import errors
from monitoring import latency

logger = logging.getLogger("api")

disable_created_metrics()  # type: ignore[no-untyped-call]

REQUESTS = Counter(
    "five_films_requests", "Requests by handle and status.", ["method", "handle", "status"]
)
LISTS = Counter(
    "five_films_lists", "Lists given by a handle, to known and to cold people.", ["kind"]
)
REFUSED_REQUESTS = Counter(
    "five_films_refused_requests", "Requests refused with 429 for their address."
)
LOG_INS = Counter("five_films_log_ins", "Log-ins by a handle.", ["result"])

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class MetricsMiddleware:
    """Counts, times and logs requests by their handle's template, never by their address.

    What nobody caught ends here: it is logged, and answered without a word of it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and write down what became of it."""
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
            logger.exception("a handle failed")
            if status:
                raise  # too late for another answer
            await errors.fault()(scope, receive, note_status)
        finally:
            seconds = time.perf_counter() - started
            note(_method(scope), _handle(scope), status or 500, seconds)


def note(method: str, handle: str, status: int, seconds: float) -> None:
    """Count, time and log an answer."""
    answers, times = _figures(method, handle, status)
    answers.inc()
    times.observe(seconds)
    # A proxy asks each app for its health every other second.
    is_routine = handle.startswith("/api/health/") and status < 400
    level = logging.DEBUG if is_routine else logging.INFO
    logger.log(level, "%s %s %d %.0f ms", method, handle, status, seconds * 1000)


def _method(scope: Scope) -> str:
    """The method; one name for all that somebody made up, of which there are many."""
    return scope["method"] if scope["method"] in _METHODS else "(other)"


def _handle(scope: Scope) -> str:
    """The handle's template; one name for what is no handle."""
    route = scope.get("route")
    return f"/api{route.path}" if isinstance(route, APIRoute) else "(other)"


@cache
def _figures(method: str, handle: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, handle, str(status)), latency.HANDLES.labels(handle)


class _State(Collector):
    """What the application knows of itself, read when Prometheus asks."""

    def collect(self) -> Iterable[Metric]:
        """Cache, log-ins and model; nothing while the app is starting."""
        app = startup.running()
        if app is None or not app.has_films:
            return
        cache = app.recommender.cache
        lists = CounterMetricFamily(
            "five_films_cached_lists", "Lists asked of the cache.", labels=["result"]
        )
        for result in ("hits", "misses", "failures"):
            lists.add_metric([result], getattr(cache, result))
        yield lists
        yield CounterMetricFamily(
            "five_films_refused_log_ins", "Log-ins after too many.", app.throttle.refusals
        )
        try:
            version = app.recommender.version()
        except SQLAlchemyError:
            return  # the database is away, so nobody knows
        yield GaugeMetricFamily(
            "five_films_trained", "1 when a trained model is served.", int(version is not None)
        )
        yield InfoMetricFamily(
            "five_films_model", "The model that is served.", {"version": version or "popular"}
        )


REGISTRY.register(_State())


async def exposition(request: Request) -> Response:
    """All figures in Prometheus' text form; 401 without `METRICS_TOKEN` where it is set."""
    token = startup.current().settings.metrics_token
    if token is not None and not _proves(request, token.get_secret_value()):
        return errors.no_token()
    return Response(await run_in_threadpool(generate_latest), media_type=CONTENT_TYPE_LATEST)


def _proves(request: Request, token: str) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode())
