"""Ratings are limited per user and per address."""

import time

import pytest

from accounts import rate_limits
from accounts.rate_limits import RateLimit, RequestLimit, TooOftenError


def _is_let_through(limit: RateLimit, person: str, address: str = "192.0.2.1") -> bool:
    try:
        limit.note(person, address)
    except TooOftenError:
        return False
    return True


def test_limit_per_user_and_minute() -> None:
    limit = RateLimit(3)
    assert [_is_let_through(limit, "user 1") for _ in range(5)] == [True] * 3 + [False] * 2
    assert not _is_let_through(limit, "user 1", "198.51.100.7"), "from any address"
    assert _is_let_through(limit, "user 2")


def test_new_cookies_do_not_evade_the_limit_per_address() -> None:
    limit = RateLimit(1)
    through = [_is_let_through(limit, f"guest {number}") for number in range(12)]
    assert through == [True] * 10 + [False] * 2
    assert _is_let_through(limit, "guest 13", "198.51.100.7")


def test_error_says_when_to_retry() -> None:
    limit = RateLimit(1)
    limit.note("user 1", "local")
    with pytest.raises(TooOftenError) as caught:
        limit.note("user 1", "local")
    assert 1 <= caught.value.retry_after <= 60
    assert f"in {caught.value.retry_after} seconds" in str(caught.value)


def test_limit_is_reset_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = RateLimit(1)
    limit.note("user 1", "local")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert _is_let_through(limit, "user 1", "local")


def test_without_a_limit() -> None:
    limit = RateLimit(0)
    assert all(_is_let_through(limit, "user 1") for _ in range(10_000))


@pytest.mark.parametrize(("of_person", "people_an_address"), [(1, 500), (500, 1 / 500)])
def test_memory_is_bounded(
    monkeypatch: pytest.MonkeyPatch, of_person: int, people_an_address: float
) -> None:
    """Of people and of addresses alike: those that share one of 50 counters share its limit."""
    monkeypatch.setattr(rate_limits, "COUNTERS", 50)
    monkeypatch.setattr(rate_limits, "PEOPLE_AN_ADDRESS", people_an_address)
    limit = RateLimit(of_person)
    let_through = [
        _is_let_through(limit, f"guest {number}", f"198.51.100.{number}") for number in range(500)
    ]
    assert sum(let_through) <= 50


def _is_answered(limit: RequestLimit, address: str) -> bool:
    try:
        limit.note(address)
    except TooOftenError:
        return False
    return True


def _let_through(limit: RequestLimit, address: str, times: int) -> int:
    return sum(_is_answered(limit, address) for _ in range(times))


def test_limit_of_requests_per_address_and_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 6_000_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    limit = RequestLimit(3)
    assert _let_through(limit, "192.0.2.1", 5) == 3
    assert _let_through(limit, "198.51.100.7", 5) == 3
    assert [_let_through(limit, f"2001:db8::{number}", 1) for number in range(5)] == [1, 1, 1, 0, 0]
    now += 59.5
    with pytest.raises(TooOftenError) as caught:
        limit.note("192.0.2.1")
    assert caught.value.retry_after == 1
    now += 1
    assert _let_through(limit, "192.0.2.1", 5) == 3


def test_exceeded_limit_is_logged_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    assert _let_through(RequestLimit(3), "192.0.2.1", 50) == 3
    assert caplog.messages == ["too many API requests in a minute: from 192.0.2.1"]


def test_requests_without_a_limit() -> None:
    assert _let_through(RequestLimit(0), "192.0.2.1", 10_000) == 10_000


def test_memory_of_addresses_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "COUNTERS", 50)
    limit = RequestLimit(1)
    assert sum(_is_answered(limit, f"198.51.100.{number}") for number in range(500)) <= 50
