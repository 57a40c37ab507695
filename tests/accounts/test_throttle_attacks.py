"""Attacks on the throttle."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

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


def test_concurrent_guesses_are_counted(throttle: Throttle) -> None:
    addresses = [f"198.51.100.{number}" for number in range(40)]
    with ThreadPoolExecutor(40) as pool:
        let_through = list(pool.map(lambda each: _is_let_through(throttle, JANE, each), addresses))
    assert sum(let_through) == 3


def test_attempts_during_a_lock_do_not_prolong_it(engine: Engine) -> None:
    throttle = Throttle(engine, per_account=1, window_seconds=2)
    throttle.begin(JANE, HOME)
    until = time.monotonic() + 3.5
    while not _is_let_through(throttle, JANE, HOME):
        assert time.monotonic() < until, "still locked"
        time.sleep(0.1)


def test_log_in_works_after_the_announced_wait(engine: Engine) -> None:
    throttle = Throttle(engine, per_account=1, window_seconds=2)
    throttle.begin(JANE, HOME)
    time.sleep(0.7)  # 1.3 seconds are left, which mustn't be rounded down
    with pytest.raises(LockedError) as locked:
        throttle.begin(JANE, HOME)
    time.sleep(locked.value.retry_after)
    throttle.begin(JANE, HOME)


def test_attackers_own_account_does_not_unlock_the_address(throttle: Throttle) -> None:
    for number in range(5):
        throttle.begin(f"victim{number}@mail.com", HOME)
        if number < 4:
            throttle.begin("attacker@mail.com", HOME)
            throttle.note_success("attacker@mail.com", HOME)
    assert not _is_let_through(throttle, "victim@mail.com", HOME)


def test_successful_log_ins_never_lock_an_address(throttle: Throttle) -> None:
    for number in range(20):
        throttle.begin(f"colleague{number}@mail.com", HOME)
        throttle.note_success(f"colleague{number}@mail.com", HOME)
    throttle.check(JANE, HOME)


def test_attackers_cannot_lock_the_owner_out_at_a_known_address(engine: Engine) -> None:
    throttle = Throttle(engine, per_account=3)
    throttle.begin(JANE, HOME)
    throttle.note_success(JANE, HOME)
    for _ in range(10):
        _is_let_through(throttle, JANE, "198.51.100.7")
    assert not _is_let_through(throttle, JANE, "198.51.100.8")
    for _ in range(3):
        throttle.begin(JANE, HOME)
    assert not _is_let_through(throttle, JANE, HOME)


def test_locked_address_locks_no_further_accounts(throttle: Throttle) -> None:
    for number in range(100):
        _is_let_through(throttle, f"victim{number % 10}@mail.com", HOME)
    for number in range(10):
        throttle.check(f"victim{number}@mail.com", "198.51.100.7")


def test_lock_is_logged_once(throttle: Throttle, caplog: pytest.LogCaptureFixture) -> None:
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
