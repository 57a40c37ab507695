"""The throttle locks after failures, and locks end."""

import time
from contextlib import suppress

import pytest
from redis import Redis
from sqlalchemy import Engine, text

from accounts.throttle import LockedError, Throttle

pytestmark = pytest.mark.data_layer

WINDOW_SECONDS = 3


def _is_locked(throttle: Throttle, email: str, address: str) -> bool:
    try:
        throttle.check(email, address)
    except LockedError:
        return True
    return False


def test_account_is_locked_after_too_many_failures_from_any_address(throttle: Throttle) -> None:
    for attempt in range(3):
        assert not _is_locked(throttle, "jane@mail.com", f"192.0.2.{attempt}")
        throttle.note_failure("Jane@mail.com ", f"192.0.2.{attempt}")
    assert _is_locked(throttle, "jane@mail.com", "192.0.2.99")
    assert not _is_locked(throttle, "john@mail.com", "192.0.2.99")


def test_address_is_locked_for_any_accounts(throttle: Throttle) -> None:
    for attempt in range(5):
        throttle.note_failure(f"user{attempt}@mail.com", "192.0.2.1")
    assert _is_locked(throttle, "somebody@mail.com", "192.0.2.1")
    assert not _is_locked(throttle, "somebody@mail.com", "192.0.2.2")


def test_lock_ends_at_the_announced_time(throttle: Throttle) -> None:
    for _ in range(3):
        throttle.note_failure("jane@mail.com", "192.0.2.1")
    with pytest.raises(LockedError) as locked:
        throttle.check("jane@mail.com", "192.0.2.1")
    assert 1 <= locked.value.retry_after <= 3
    time.sleep(locked.value.retry_after + 0.1)
    throttle.check("jane@mail.com", "192.0.2.1")


def test_successful_log_in_resets_the_account_but_not_the_address(throttle: Throttle) -> None:
    for _ in range(2):
        throttle.note_failure("jane@mail.com", "192.0.2.1")
        throttle.note_failure("john@mail.com", "192.0.2.1")
    throttle.note_success("jane@mail.com", "192.0.2.9")
    throttle.note_failure("jane@mail.com", "192.0.2.1")
    assert not _is_locked(throttle, "jane@mail.com", "192.0.2.2")
    assert _is_locked(throttle, "new@mail.com", "192.0.2.1")


def test_table_contains_no_email(throttle: Throttle, engine: Engine) -> None:
    throttle.note_failure("jane@mail.com", "192.0.2.1")
    with engine.connect() as connection:
        names = connection.scalars(text("SELECT who FROM login_attempts")).all()
    assert len(names) == 2
    assert not any("jane" in name or "192.0.2.1" in name for name in names)


def test_expired_counts_are_removed(throttle: Throttle, engine: Engine) -> None:
    throttle.note_failure("jane@mail.com", "192.0.2.1")
    with engine.begin() as connection:
        connection.execute(text("UPDATE login_attempts SET ends_at = now() - interval '1 s'"))
    throttle.note_failure("john@mail.com", "192.0.2.2")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM login_attempts")) == 2


def test_setting_the_clock_back_prolongs_no_lock(throttle: Throttle, engine: Engine) -> None:
    for _ in range(4):
        throttle.note_failure("jane@mail.com", "192.0.2.1")
    with engine.begin() as connection:
        connection.execute(text("UPDATE login_attempts SET ends_at = ends_at + interval '1 hour'"))
    with pytest.raises(LockedError):
        throttle.begin("jane@mail.com", "192.0.2.1")
    time.sleep(WINDOW_SECONDS)
    throttle.begin("jane@mail.com", "192.0.2.1")


def test_counts_do_not_depend_on_redis(throttle: Throttle, redis_client: Redis) -> None:
    for _ in range(3):
        throttle.note_failure("jane@mail.com", "192.0.2.1")
    redis_client.flushdb()
    assert _is_locked(throttle, "jane@mail.com", "192.0.2.1")


def test_attempt_without_a_lookup_is_not_counted(throttle: Throttle) -> None:
    for _ in range(6):
        with suppress(RuntimeError), throttle.looking_up("jane@mail.com", "192.0.2.1"):
            raise RuntimeError("the database went away")
    throttle.check("jane@mail.com", "192.0.2.1")


@pytest.mark.parametrize("email", ["", "x" * 100_000, "\0", "\ud800", "🎬"])
def test_hostile_names(throttle: Throttle, email: str) -> None:
    throttle.check(email, email)
    throttle.note_failure(email, email)
