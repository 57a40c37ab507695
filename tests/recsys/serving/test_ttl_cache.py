"""The cache of responses in the process."""

import pytest

from recsys.serving import ttl_cache
from recsys.serving.ttl_cache import Answers


def test_least_recently_used_response_is_evicted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ttl_cache, "MOST", 2)
    kept: Answers[str] = Answers()
    kept.put(1, "one")
    kept.put(2, "two")
    assert kept.get(1) == "one"
    kept.put(3, "three")
    assert [kept.get(number) for number in (1, 2, 3)] == ["one", None, "three"]


def test_responses_expire_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    kept: Answers[str] = Answers()
    kept.put(1, "one")
    now += ttl_cache.LAST_SECONDS - 1
    assert kept.get(1) == "one"
    now += 1
    assert kept.get(1) is None
