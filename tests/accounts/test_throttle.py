"""Guessing is slowed down, locks end, and Redis may be away."""

import time
from uuid import uuid4

import pytest
from redis import Redis

from accounts.throttle import LockedError, Throttle

pytestmark = pytest.mark.data_layer

WINDOW_SECONDS = 3


def _is_locked(throttle: Throttle, email: str, address: str) -> bool:
    try:
        throttle.check(email, address)
    except LockedError:
        return True
    return False


def test_an_account_is_locked_after_too_many_failures_from_anywhere(throttle: Throttle) -> None:
    for attempt in range(3):
        assert not _is_locked(throttle, "jane@mail.com", f"192.0.2.{attempt}")
        throttle.note_failure("Jane@mail.com ", f"192.0.2.{attempt}")
    assert _is_locked(throttle, "jane@mail.com", "192.0.2.99")
    assert not _is_locked(throttle, "john@mail.com", "192.0.2.99")


def test_an_address_is_locked_whatever_the_accounts(throttle: Throttle) -> None:
    for attempt in range(5):
        throttle.note_failure(f"user{attempt}@mail.com", "192.0.2.1")
    assert _is_locked(throttle, "somebody@mail.com", "192.0.2.1")
    assert not _is_locked(throttle, "somebody@mail.com", "192.0.2.2")


def test_a_lock_ends_when_it_said_it_would(throttle: Throttle) -> None:
    for _ in range(3):
        throttle.note_failure("jane@mail.com", "192.0.2.1")
    with pytest.raises(LockedError) as locked:
        throttle.check("jane@mail.com", "192.0.2.1")
    assert 1 <= locked.value.retry_after <= 3
    time.sleep(locked.value.retry_after + 0.1)
    throttle.check("jane@mail.com", "192.0.2.1")


def test_a_good_log_in_clears_the_account_but_not_the_address(throttle: Throttle) -> None:
    for _ in range(2):
        throttle.note_failure("jane@mail.com", "192.0.2.1")
        throttle.note_failure("john@mail.com", "192.0.2.1")
    throttle.note_success("jane@mail.com", "192.0.2.9")
    throttle.note_failure("jane@mail.com", "192.0.2.1")
    assert not _is_locked(throttle, "jane@mail.com", "192.0.2.2")
    assert _is_locked(throttle, "new@mail.com", "192.0.2.1")


def test_the_fallback_is_counted(redis_client: Redis, dead_redis: Redis) -> None:
    assert Throttle(redis_client, uuid4()).fallbacks == 0
    away = Throttle(dead_redis, uuid4())
    away.note_failure("jane@mail.com", "192.0.2.1")
    assert away.fallbacks == 3


def test_no_email_stands_in_redis(redis_client: Redis) -> None:
    installation = uuid4()
    throttle = Throttle(redis_client, installation)
    throttle.note_failure("jane@mail.com", "192.0.2.1")
    keys = [key for key in redis_client.keys("*") if str(installation).encode() in key]
    assert len(keys) == 2
    assert not any(b"jane" in key or b"192.0.2.1" in key for key in keys)


@pytest.mark.parametrize("email", ["", "x" * 100_000, "\0", "\ud800", "🎬"])
def test_hostile_names(throttle: Throttle, email: str) -> None:
    throttle.check(email, email)
    throttle.note_failure(email, email)
