"""Figures for Prometheus, and a log line for each request to a handle."""

import logging
import time
from collections.abc import Iterable

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import startup

logger = logging.getLogger("api")

REQUESTS = Counter(
    "five_films_requests", "Requests by handle and status.", ["method", "handle", "status"]
)
SECONDS = Histogram("five_films_request_seconds", "Seconds until the answer.", ["handle"])


class Measured:
    """Counts, times and logs requests by their handle's template, never by their address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and write down what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        started = time.perf_counter()

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note_status)
        finally:
            seconds = time.perf_counter() - started
            handle = getattr(scope.get("route"), "path", "(none)")
            REQUESTS.labels(scope["method"], handle, str(status)).inc()
            SECONDS.labels(handle).observe(seconds)
            logger.info("%s %s %d %.0f ms", scope["method"], handle, status, seconds * 1000)


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
        yield CounterMetricFamily(
            "five_films_throttle_fallbacks", "Counted without Redis.", app.throttle.fallbacks
        )
        yield GaugeMetricFamily(
            "five_films_trained", "1 when a trained model is served.", int(app.is_done)
        )


REGISTRY.register(_State())


async def exposition(_request: Request) -> Response:
    """All figures in Prometheus' text form."""
    return Response(await run_in_threadpool(generate_latest), media_type=CONTENT_TYPE_LATEST)
