"""What an attacker would try against the throttle."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from accounts import throttle as module
from accounts.throttle import LockedError, Throttle, network

pytestmark = pytest.mark.data_layer

WINDOW_SECONDS = 60

JANE, HOME = "jane@mail.com", "192.0.2.1"


def _is_let_through(throttle: Throttle, email: str, address: str) -> bool:
    try:
        throttle.begin(email, address)
    except LockedError:
        return False
    return True


def test_guesses_sent_all_at_once_are_counted(throttle: Throttle) -> None:
    addresses = [f"198.51.100.{number}" for number in range(40)]
    with ThreadPoolExecutor(40) as pool:
        let_through = list(pool.map(lambda each: _is_let_through(throttle, JANE, each), addresses))
    assert sum(let_through) == 3


def test_trying_during_a_lock_does_not_prolong_it(redis_client: Redis) -> None:
    throttle = Throttle(redis_client, uuid4(), per_account=1, window_seconds=2)
    throttle.begin(JANE, HOME)
    until = time.monotonic() + 3.5
    while not _is_let_through(throttle, JANE, HOME):
        assert time.monotonic() < until, "still locked"
        time.sleep(0.1)


def test_who_waits_as_long_as_told_gets_in(redis_client: Redis) -> None:
    throttle = Throttle(redis_client, uuid4(), per_account=1, window_seconds=2)
    throttle.begin(JANE, HOME)
    time.sleep(0.7)  # Redis would round the 1.3 seconds that are left down to one
    with pytest.raises(LockedError) as locked:
        throttle.begin(JANE, HOME)
    time.sleep(locked.value.retry_after)
    throttle.begin(JANE, HOME)


def test_an_own_account_does_not_free_the_address(throttle: Throttle) -> None:
    for number in range(5):
        throttle.begin(f"victim{number}@mail.com", HOME)
        if number < 4:
            throttle.begin("attacker@mail.com", HOME)
            throttle.note_success("attacker@mail.com", HOME)
    assert not _is_let_through(throttle, "victim@mail.com", HOME)


def test_good_log_ins_never_lock_an_address(throttle: Throttle) -> None:
    for number in range(20):
        throttle.begin(f"colleague{number}@mail.com", HOME)
        throttle.note_success(f"colleague{number}@mail.com", HOME)
    throttle.check(JANE, HOME)


def test_strangers_do_not_lock_the_owner_out_at_home(redis_client: Redis) -> None:
    throttle = Throttle(redis_client, uuid4(), per_account=3)
    throttle.begin(JANE, HOME)
    throttle.note_success(JANE, HOME)
    for _ in range(10):
        _is_let_through(throttle, JANE, "198.51.100.7")
    assert not _is_let_through(throttle, JANE, "198.51.100.8")
    for _ in range(3):
        throttle.begin(JANE, HOME)
    assert not _is_let_through(throttle, JANE, HOME)


def test_a_locked_address_locks_no_further_accounts(throttle: Throttle) -> None:
    for number in range(100):
        _is_let_through(throttle, f"victim{number % 10}@mail.com", HOME)
    for number in range(10):
        throttle.check(f"victim{number}@mail.com", "198.51.100.7")


def test_memory_is_bounded(dead_redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COUNTERS_IN_MEMORY", 50)
    throttle = Throttle(dead_redis, uuid4())
    for number in range(500):
        throttle.note_failure(f"{number}@mail.com", f"198.51.100.{number}")
    assert len(throttle._own.storage) <= 50


def test_redis_is_used_again_when_it_is_back(
    redis_client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_REDIS_SECONDS", 0.2)
    pool = redis_client.connection_pool
    throttle = Throttle(redis_client, uuid4(), per_account=3)
    with monkeypatch.context() as outage:
        outage.setattr(pool, "get_connection", _no_connection)
        throttle.note_failure(JANE, HOME)
    assert (before := throttle.fallbacks) > 0
    time.sleep(0.3)
    throttle.note_failure(JANE, HOME)
    assert throttle.fallbacks == before


def _no_connection(*_arguments: object, **_options: object) -> None:
    raise RedisConnectionError("gone")


def test_a_lock_is_logged_once(throttle: Throttle, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            _is_let_through(throttle, JANE, HOME)
    locks = [line for line in caplog.messages if "locked" in line]
    assert len(locks) == 1
    assert JANE not in caplog.text


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("local", "local"),
        ("forged\nlog line", "forged?log line"),
        ("x" * 10_000, "x" * 64),
    ],
)
def test_what_counts_as_one_address(address: str, expected: str) -> None:
    assert network(address) == expected
