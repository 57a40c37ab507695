"""A fast path for the busiest endpoint, ahead of the machinery that the others need.

It answers plain requests to `GET /api/give-rec`, for a personal or the popular list. A list that
was served just before comes from memory; the others are loaded or computed in batches, and one
statement checks the tokens of all concurrent requests. Everything else (filters, an expired token,
an invalid parameter, an app that is starting, an error) is left to the endpoint itself, which
knows how to refuse it. docs/decisions/express-path.md says what this saves.
"""

import re
import time
from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from accounts import sessions
from api import caching, metrics
from api.batches import Batches
from api.compression import compress
from api.routes import recommendations
from api.schemas.recommendations import Recommendations
from db.queries.users import User
from monitoring import latency
from recsys.serving.batches import recommend_to_each
from startup import Application

_ADDRESS = "/api/give-rec"
_LIMIT = re.compile(rb"|limit=([1-9][0-9]?|100)")
_LEAST_COMPRESSED = 500  # bytes, as for other responses
_MOST_LISTS = 32
_RECOMMENDATIONS = TypeAdapter(Recommendations)
_TOKEN = re.compile(rb"Bearer ([!-~]+)")

_Headers: TypeAlias = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class _PlainRequest:
    """A plain request: token, number of films, whether gzip is accepted, If-None-Match."""

    token: str | None
    limit: int
    gzipped: bool
    known: str


@dataclass(frozen=True)
class _Ready:
    """A list as a complete response, which can be sent again."""

    kind: str
    body: bytes
    cache_control: str

    @cached_property
    def tag(self) -> str:
        return caching.tag_of(self.body)

    @cached_property
    def gzipped(self) -> bytes:
        return compress(self.body, "gzip")

    @cached_property
    def _headers(self) -> _Headers:
        return [
            (b"etag", self.tag.encode()),
            (b"cache-control", self.cache_control.encode()),
            (b"vary", b"Authorization, Accept-Encoding"),
        ]

    async def send(self, asked: _PlainRequest, send: Send) -> int:
        """Send the list as the client asked for it, and return the status."""
        status, body, headers = 200, self.body, [*self._headers]
        if asked.known and caching.is_among(self.tag, asked.known):
            status, body = 304, b""
        else:
            if asked.gzipped and len(body) >= _LEAST_COMPRESSED:
                body = self.gzipped
                headers.append((b"content-encoding", b"gzip"))
            headers.append((b"content-length", b"%d" % len(body)))
            headers.append((b"content-type", b"application/json"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return status


_Wanted: TypeAlias = tuple[User | None, int]
"""The user, and the number of films."""


class ExpressMiddleware:
    """Middleware that answers plain requests for lists, and passes all others on."""

    def __init__(self, app: ASGIApp, *, application: Application) -> None:
        self._app = app
        self._application = application
        self._people = Batches(self._people_of)
        self._lists = Batches(self._lists_for, most=_MOST_LISTS, after=self._people)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, count and time the request as the endpoint would."""
        started = time.perf_counter()
        asked = _plain_request(scope)
        ready = None if asked is None else await self._ready(asked)
        if asked is None or ready is None:
            await self._app(scope, receive, send)
            return
        status = await ready.send(asked, send)
        metrics.LISTS.labels(ready.kind).inc()
        metrics.note("GET", _ADDRESS, status, time.perf_counter() - started)

    async def _ready(self, asked: _PlainRequest) -> _Ready | None:
        started = time.perf_counter()
        if not self._application.progress.has_films:
            return None
        recommender = self._application.services.recommender
        try:
            user = None if asked.token is None else await self._people.ask(asked.token)
            if user is None and asked.token is not None:
                return None
            active = recommender.active_without_query()
            if active is None:
                active = await run_in_threadpool(recommender.active)
            key = _key(active.label, user, asked.limit)
            with recommender.answers_lock:
                ready: _Ready | None = recommender.answers.get(key)
            if ready is None:
                return await self._lists.ask((user, asked.limit))
        except Exception:
            return None  # the endpoint will run into the error too, and report it
        recommender.cache.note_hit()
        latency.LISTS.labels("from the cache").observe(time.perf_counter() - started)
        return ready

    def _people_of(self, tokens: Set[str]) -> Mapping[str, User]:
        return sessions.users_of(self._application.services.engine, list(tokens))

    def _lists_for(self, wanted: Set[_Wanted]) -> Mapping[_Wanted, _Ready]:
        """Return lists as the endpoint would; keep those that came from Redis in memory too."""
        services = self._application.services
        recommender = services.recommender
        of_people = [(user, limit) for user, limit in wanted if user is not None]
        given = dict(
            zip(of_people, recommend_to_each(services.engine, recommender, of_people), strict=True)
        )
        lists = {}
        for user, limit in wanted:
            served = (
                recommender.recommend(None, limit=limit) if user is None else given[user, limit]
            )
            answer = recommendations.answer(recommender, served)
            cache_control = caching.REVALIDATED if user is None else caching.PRIVATE
            ready = _Ready(served.kind, _RECOMMENDATIONS.dump_json(answer), cache_control)
            lists[user, limit] = ready
            if served.cached:
                with recommender.answers_lock:
                    recommender.answers[_key(served.label, user, limit)] = ready
        return lists


def _plain_request(scope: Scope) -> _PlainRequest | None:
    if scope["type"] != "http" or scope["path"] != _ADDRESS or scope["method"] != "GET":
        return None
    limit = _LIMIT.fullmatch(scope["query_string"])
    token, gzipped, known = None, False, []
    for name, value in scope["headers"]:
        if name == b"authorization":
            bearer = _TOKEN.fullmatch(value)
            if bearer is None or token is not None:
                return None
            token = bearer[1].decode()
        elif name == b"accept-encoding":
            gzipped = b"gzip" in value
        elif name == b"if-none-match":
            known.append(value.decode("latin-1"))
        elif name in (b"content-length", b"transfer-encoding"):
            return None
    if limit is None:
        return None
    return _PlainRequest(token, int(limit[1] or recommendations.FILMS), gzipped, ", ".join(known))


def _key(label: str, user: User | None, limit: int) -> Hashable:
    """Return the key that a response is cached under.

    The revision was read after the request began, so the list stored under it contains no film
    that had been rated or marked by then.
    """
    if user is None:
        return label, None, limit
    chosen = user.style, user.not_genres, user.max_minutes, user.max_age_rating
    return label, (user.id, user.ratings_revision, chosen), limit
