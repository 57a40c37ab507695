"""The cache of lists with a real Redis, and without it."""

import socket
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from typing import Any
from uuid import UUID, uuid4

import pytest
from redis import Redis

from config import Settings
from db import embedded
from db.connection.redis import open_redis
from recsys.models.results import Reason, Recommendation
from recsys.serving import cache as cache_module
from recsys.serving.cache import LASTS_SECONDS, ListCache
from recsys.serving.kept_lists import KeptList

pytestmark = pytest.mark.data_layer

LIST = [
    Recommendation(7, 1.25, [Reason(3, 0.5), Reason(9, 0.1)], "liked"),
    Recommendation(8, -0.1, []),
]
KEPT = KeptList([(7, 1.25, [(3, 0.5), (9, 0.1)], "liked"), (8, -0.1, [], "popular")])
KEY: dict[str, Any] = {
    "version": "1-abc-1",
    "person": "7",
    "revision": 3,
    "style": "balanced",
    "filters": None,
}


@pytest.fixture
def installation() -> UUID:
    return uuid4()


@pytest.fixture
def cache(redis_client: Redis, installation: UUID) -> ListCache:
    return ListCache(redis_client, installation)


def _cache_at(port: int) -> ListCache:
    settings = Settings(_env_file=None, redis_url=f"redis://127.0.0.1:{port}")
    return ListCache(open_redis(settings), uuid4())


@pytest.fixture
def unavailable() -> ListCache:
    """Return a cache with a port that no server listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken_port = taken.getsockname()[1]
    return _cache_at(taken_port)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[embedded.Server]:
    """Run a Redis server that tests may stop and restart."""
    server = embedded.valkey(tmp_path)
    server.ensure_running()
    yield server
    embedded.stop(tmp_path)
    server.release()


def test_list_round_trip(cache: ListCache) -> None:
    cache.put(**KEY, recommendations=LIST)
    assert cache.get(**KEY) == KEPT
    assert (cache.hits, cache.misses, cache.failures) == (1, 0, 0)


def test_cached_list_with_limit_and_exclusions() -> None:
    assert KEPT.movie_ids == [7, 8]
    assert KEPT.items() == LIST
    assert KEPT.items(limit=1) == LIST[:1]
    assert KEPT.items(without={7}, limit=1) == LIST[1:]
    assert [item.is_new for item in KEPT.items(new={8, 9})] == [False, True]


def test_empty_list_is_cached(cache: ListCache) -> None:
    assert cache.get(**KEY) is None
    cache.put(**KEY, recommendations=[])
    assert cache.get(**KEY) == KeptList([])
    assert (cache.hits, cache.misses) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"version": "2-abc-1"},
        {"person": "8"},
        {"revision": 4},
        {"style": "popular"},
        {"filters": "Drama"},
    ],
)
def test_key_and_stamp_cover_all_that_changes_a_list(
    cache: ListCache, other: dict[str, Any]
) -> None:
    cache.put(**KEY, recommendations=LIST)
    assert cache.get(**{**KEY, **other}) is None


@pytest.mark.parametrize("newer", [{"revision": 4}, {"version": "2-abc-1"}])
def test_newer_list_replaces_the_older_one(
    cache: ListCache, redis_client: Redis, installation: UUID, newer: dict[str, Any]
) -> None:
    cache.put(**KEY, recommendations=LIST)
    cache.put(**{**KEY, **newer}, recommendations=LIST)
    assert len(redis_client.keys(f"five-films:{installation}:*")) == 1
    assert cache.get(**{**KEY, **newer}) == KEPT
    assert cache.get(**KEY) is None


def test_installations_can_share_a_redis(cache: ListCache, redis_client: Redis) -> None:
    cache.put(**KEY, recommendations=LIST)
    assert ListCache(redis_client, uuid4()).get(**KEY) is None


def test_lists_expire_after_a_day(
    cache: ListCache, redis_client: Redis, installation: UUID
) -> None:
    cache.put(**KEY, recommendations=LIST)
    (key,) = redis_client.keys(f"five-films:{installation}:*")
    assert LASTS_SECONDS - 60 < redis_client.ttl(key) <= LASTS_SECONDS


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"7",
        b"null",
        b"[[1, 2]]",
        b'[["x", "y", [], "liked"]]',
        b'[[1, 0.5, [[2]], "liked"]]',
        b"[[1, 0.5, []]]",  # the format before lists had a basis
    ],
)
def test_damaged_value_is_a_miss(
    cache: ListCache, redis_client: Redis, installation: UUID, value: bytes
) -> None:
    cache.put(**KEY, recommendations=LIST)
    (key,) = redis_client.keys(f"five-films:{installation}:*")
    stamp = f"{KEY['version']}:{KEY['revision']}\n".encode()
    redis_client.set(key, stamp + value)
    assert cache.get(**KEY) is None
    assert (cache.hits, cache.misses) == (0, 1)
    assert cache.is_available
    cache.put(**KEY, recommendations=LIST)
    assert cache.get(**KEY) == KEPT


def test_forgetting_a_person_keeps_other_lists(cache: ListCache) -> None:
    others: list[dict[str, Any]] = [
        {"person": "17"},
        {"person": "8", "revision": 7},
        {"person": "8", "style": "popular"},
    ]
    cache.put(**KEY, recommendations=LIST)
    cache.put(**{**KEY, "filters": "Drama"}, recommendations=LIST)
    cache.put(**{**KEY, "style": "adventurous"}, recommendations=LIST)
    for other in others:
        cache.put(**{**KEY, **other}, recommendations=LIST)
    assert cache.forget("7") == 3
    assert cache.forget("7") == 0
    assert cache.get(**KEY) is None
    assert [cache.get(**{**KEY, **other}) for other in others] == [KEPT] * 3


def test_no_list_and_no_error_without_redis(unavailable: ListCache) -> None:
    assert unavailable.is_available
    assert unavailable.get(**KEY) is None
    assert not unavailable.is_available
    assert (unavailable.hits, unavailable.misses, unavailable.failures) == (0, 0, 1)


def test_failed_redis_is_not_retried_for_a_while(
    unavailable: ListCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "RETRY_SECONDS", 60.0)
    unavailable.put(**KEY, recommendations=LIST)
    for _ in range(100):
        assert unavailable.get(**KEY) is None
        unavailable.put(**KEY, recommendations=LIST)
    assert unavailable.failures == 1
    assert unavailable.forget("7") == 0


def test_hanging_redis_only_costs_a_moment() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts connections but never responds
        cache = _cache_at(silent.getsockname()[1])
        assert cache.get(**KEY) is None
        assert cache.failures == 1


def test_redis_fails_and_recovers(
    server: embedded.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "RETRY_SECONDS", 0.0)
    cache = ListCache(Redis.from_url(server.url), uuid4())
    cache.put(**KEY, recommendations=LIST)
    assert cache.get(**KEY) == KEPT

    embedded.stop(tmp_path)
    assert cache.get(**KEY) is None
    assert not cache.is_available

    server.ensure_running()
    assert cache.get(**KEY) == KEPT, "its data is on disk"
    assert cache.is_available


def test_embedded_redis_that_cannot_restart_is_unavailable(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    cache = ListCache(open_redis(Settings(_env_file=None, data_dir=folder)), uuid4())
    cache.put(**KEY, recommendations=LIST)
    embedded.stop(folder)
    rmtree(folder)
    folder.touch()

    assert cache.get(**KEY) is None
    assert not cache.is_available
    assert "Make it writable" in caplog.text


def test_statistics_only_count_this_installation(cache: ListCache, redis_client: Redis) -> None:
    cache.put(**KEY, recommendations=LIST)
    cache.put(**{**KEY, "person": "8"}, recommendations=LIST)
    ListCache(redis_client, uuid4()).put(**KEY, recommendations=LIST)
    statistics = cache.statistics()
    assert statistics is not None
    assert (statistics.entries, statistics.is_all) == (2, True)
    assert statistics.oldest_seconds in (0, 1)
    assert 100 < (statistics.bytes_each or 0) < 1000
    assert statistics.memory > 0


def test_no_statistics_while_redis_is_unavailable(dead_redis: Redis, installation: UUID) -> None:
    cache = ListCache(dead_redis, installation)
    assert cache.statistics() is None
    assert not cache.is_available
