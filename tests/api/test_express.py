"""The fast path serves the same list as the endpoint, and never an older one."""

import asyncio
from collections.abc import Callable, Hashable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cachetools import TTLCache
from redis import Redis
from starlette.testclient import TestClient

from accounts import sessions
from db.queries import model_versions, users
from recsys.serving.cache import ListCache
from recsys.serving.current import CHECK_SECONDS
from startup import Application
from tests import loops

pytestmark = pytest.mark.data_layer

Headers = dict[str, str]

THE_LONG_WAY = "/api/give-rec?match=any"


@pytest.fixture
def lose_redis(
    application: Application, dead_redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """A function that replaces the cache by one whose server isn't there."""
    recommender, cache = application.services.recommender, ListCache(dead_redis, uuid4())
    return lambda: monkeypatch.setattr(recommender, "cache", cache)


def _from_memory(client: TestClient, headers: Headers) -> bytes:
    """Return the list from memory, after it was served twice: computed, then from Redis."""
    for _ in range(3):
        content: bytes = client.get("/api/give-rec", headers=headers).content
    return content


@pytest.mark.parametrize("accepted", ["identity", "gzip"])
def test_both_paths_send_the_same_bytes(client: TestClient, rater: Headers, accepted: str) -> None:
    for headers in (rater, {}):
        headers = headers | {"Accept-Encoding": accepted}
        ready = _from_memory(client, headers)
        short, long = (
            client.get(address, headers=headers) for address in ("/api/give-rec", THE_LONG_WAY)
        )
        assert short.content == long.content == ready
        told = {"content-type", "cache-control", "content-security-policy"}
        assert {name: short.headers[name] for name in told} == {
            name: long.headers[name] for name in told
        }
        assert short.headers.get("content-encoding", "identity") == accepted


def test_the_memory_cache_is_no_older_than_the_last_rating_or_mark(
    client: TestClient, rater: Headers
) -> None:
    def films() -> set[int]:
        answer = client.get("/api/give-rec?limit=100", headers=rater).json()
        return {item["movie_id"] for item in answer["items"]}

    for _ in range(3):
        assert {7, 8} <= films()
    client.put("/api/ratings/7", json={"rating": 5}, headers=rater)
    for _ in range(3):
        assert 7 not in films()
    client.put("/api/marks/8", json={"mark": "seen"}, headers=rater)
    assert films().isdisjoint({7, 8})
    client.delete("/api/ratings/7", headers=rater)
    assert 7 in films()


def test_the_memory_cache_respects_the_accounts_style(client: TestClient, rater: Headers) -> None:
    _from_memory(client, rater)
    for style in ("adventurous", "popular", "balanced"):
        client.put("/api/account/style", json={"style": style}, headers=rater)
        for _ in range(3):
            short = client.get("/api/give-rec", headers=rater).json()
            assert short["style"] == style
        assert short == client.get(THE_LONG_WAY, headers=rater).json()


def test_the_memory_cache_is_not_served_after_logout(client: TestClient, rater: Headers) -> None:
    _from_memory(client, rater)
    client.post("/api/auth/logout", headers=rater)
    assert client.get("/api/give-rec", headers=rater).status_code == 401


def test_the_memory_cache_is_not_served_after_a_change_of_the_model(
    client: TestClient,
    application: Application,
    rater: Headers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _from_memory(client, rater)
    monkeypatch.setattr("recsys.serving.current.CHECK_SECONDS", 0)
    with application.services.engine.begin() as connection:
        active = model_versions.active(connection)
        assert active is not None
        newer = model_versions.store(connection, model_versions.artefact(connection, active.id), {})
        model_versions.activate(connection, newer.id)
    answer = client.get("/api/give-rec", headers=rater).json()
    assert (answer["model_version"], answer["cached"]) == (str(newer.id), False)
    assert CHECK_SECONDS <= 1


def test_lists_from_the_memory_cache_are_counted(
    client: TestClient, application: Application, rater: Headers
) -> None:
    def counted(line: str) -> float:
        lines = client.get("/metrics").text.splitlines()
        return sum(float(each.rpartition(" ")[2]) for each in lines if each.startswith(line))

    figures = (
        'five_films_requests_total{handle="/api/give-rec",method="GET",status="200"}',
        'five_films_request_seconds_count{handle="/api/give-rec"}',
        'five_films_lists_total{kind="known"}',
        'five_films_cached_lists_total{result="hits"}',
    )
    _from_memory(client, rater)
    before = [counted(figure) for figure in figures]
    client.get("/api/give-rec", headers=rater)
    assert [counted(figure) for figure in figures] == [count + 1 for count in before]


def test_an_error_is_left_to_the_endpoint(
    client: TestClient, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("give")

    monkeypatch.setattr(application.services.recommender, "recommend", fail)
    answer = client.get("/api/give-rec")
    assert answer.status_code == 500
    assert "X-Request-ID" in answer.json()["detail"]


def test_without_redis_the_memory_cache_is_still_correct(
    client: TestClient, rater: Headers, lose_redis: Callable[[], None]
) -> None:
    ready = _from_memory(client, rater)
    lose_redis()
    assert client.get("/api/give-rec", headers=rater).content == ready
    client.put("/api/ratings/7", json={"rating": 5}, headers=rater)
    answer = client.get("/api/give-rec", headers=rater).json()
    assert answer["cached"] is False
    assert 7 not in {item["movie_id"] for item in answer["items"]}


def test_the_memory_cache_expires_after_a_minute(
    client: TestClient,
    application: Application,
    rater: Headers,
    monkeypatch: pytest.MonkeyPatch,
    lose_redis: Callable[[], None],
) -> None:
    now, usual = 100.0, application.services.recommender.answers
    assert usual.ttl == 60
    timed: TTLCache[Hashable, Any] = TTLCache(usual.maxsize, usual.ttl, timer=lambda: now)
    monkeypatch.setattr(application.services.recommender, "answers", timed)
    ready = _from_memory(client, rater)
    lose_redis()
    now += 59
    assert client.get("/api/give-rec", headers=rater).content == ready
    now += 1
    assert client.get("/api/give-rec", headers=rater).json()["cached"] is False


def test_the_memory_cache_evicts_the_least_recently_used_list(
    client: TestClient,
    application: Application,
    rater: Headers,
    monkeypatch: pytest.MonkeyPatch,
    lose_redis: Callable[[], None],
) -> None:
    assert application.services.recommender.answers.maxsize == 2_000
    small: TTLCache[Hashable, Any] = TTLCache(2, application.services.recommender.answers.ttl)
    monkeypatch.setattr(application.services.recommender, "answers", small)

    def cached(limit: int) -> bool:
        answer: bool = client.get(f"/api/give-rec?limit={limit}", headers=rater).json()["cached"]
        return answer

    assert [cached(limit) for limit in (1, 1, 2, 1, 3)] == [False, True, True, True, True]
    lose_redis()
    assert [cached(limit) for limit in (1, 2, 3)] == [True, False, True]


@pytest.mark.parametrize("has_redis", [True, False])
def test_concurrent_clients_get_their_own_lists(
    client: TestClient,
    application: Application,
    lose_redis: Callable[[], None],
    has_redis: bool,
) -> None:
    if not has_redis:
        lose_redis()
    with application.services.engine.begin() as connection:
        users.set_style(connection, 2, "popular")
        users.set_style(connection, 5, "adventurous")
        raters = [users.by_id(connection, number) for number in range(1, 9)]
    everybody: list[Headers] = [
        {"Authorization": f"Bearer {sessions.open_session(application.services.engine, rater, 1)}"}
        for rater in raters
        if rater is not None
    ]
    everybody += [{}, {"Authorization": "Bearer nobodys"}]

    async def ask_all(address: str) -> list[httpx.Response]:
        transport = httpx.ASGITransport(client.app)
        async with httpx.AsyncClient(transport=transport, base_url="https://x") as asking:
            return await asyncio.gather(
                *(asking.get(address, headers=headers) for headers in everybody)
            )

    together = loops.run(ask_all("/api/give-rec?limit=7"))
    for answer, headers in zip(together, everybody, strict=True):
        alone = client.get(f"{THE_LONG_WAY}&limit=7", headers=headers)
        assert answer.status_code == alone.status_code
        if alone.status_code == 401:
            continue
        mine, theirs = answer.json(), alone.json()
        assert mine.pop("cached") is False
        assert theirs.pop("cached") is has_redis
        for film, same in zip(mine.pop("items"), theirs.pop("items"), strict=True):
            assert film.pop("score") == pytest.approx(same.pop("score"), abs=1e-6)
            for why, its in zip(film.pop("reasons"), same.pop("reasons"), strict=True):
                assert why.pop("share") == pytest.approx(its.pop("share"), abs=1e-6)
                assert why == its
            assert film == same
        assert mine == theirs
    assert [answer.status_code for answer in together] == [200] * 9 + [401]
