"""Problems that are logged once while they persist."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitoring.once import LogOnce


@pytest.fixture
def log() -> LogOnce:
    return LogOnce(logging.getLogger("db"))


def test_problem_is_logged_once_until_it_is_solved(
    log: LogOnce, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        log.problem(logging.ERROR, "%s failed: %s", "the backup", "100 % full")
    assert log.persists
    assert log.solved()
    assert not log.persists
    assert not log.solved(), "there is nothing left to solve"
    log.problem(logging.ERROR, "%s failed: %s", "the backup", "100 % full")
    assert caplog.messages == ["the backup failed: 100 % full"] * 2
    assert caplog.records[0].levelno == logging.ERROR
    assert caplog.records[0].funcName == "test_problem_is_logged_once_until_it_is_solved"


def test_another_problem_is_logged(log: LogOnce, caplog: pytest.LogCaptureFixture) -> None:
    for why in ("no route", "no route", "no space", "no route"):
        log.problem(logging.WARNING, "not written: %s", why)
    assert caplog.messages == [
        "not written: no route",
        "not written: no space",
        "not written: no route",
    ]


def test_problems_of_one_kind_are_logged_once(
    log: LogOnce, caplog: pytest.LogCaptureFixture
) -> None:
    for why in ("no route", "no space"):
        log.problem(logging.WARNING, "not written: %s", why, kind="writing")
    assert caplog.messages == ["not written: no route"]


def test_threads_log_their_common_problem_once(
    log: LogOnce, caplog: pytest.LogCaptureFixture
) -> None:
    with ThreadPoolExecutor(8) as pool:
        for _ in range(500):
            pool.submit(log.problem, logging.ERROR, "100 % full")
    assert caplog.messages == ["100 % full"]
