"""Messages for users and the log when the database fails."""

import logging

import pytest
from psycopg import errors
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from db.connection import unavailable


def _refused(cause: Exception) -> OperationalError:
    return OperationalError("SELECT 1", {}, cause)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_refused(errors.QueryCanceled("statement timeout")), "is too slow"),
        (_refused(errors.DiskFull("No space left on device")), "has run out of space"),
        (_refused(errors.OperationalError("FATAL: sorry, too many clients")), "is busy"),
        (PoolTimeoutError("QueuePool limit"), "is busy"),
        (_refused(errors.AdminShutdown("terminating")), "not responding"),
        (_refused(errors.OperationalError("connection refused")), "not responding"),
    ],
)
def test_users_are_told_what_is_wrong(error: SQLAlchemyError, words: str) -> None:
    assert words in unavailable.in_words(error)
    assert "ry again" in unavailable.in_words(error)


def test_outage_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    seconds = 0.0
    once = unavailable.Once(logging.getLogger("db"), "a page and the database", lambda: seconds)
    for _ in range(100):
        once.failed(_refused(errors.AdminShutdown("terminating connection\nsecret")))
        seconds += 1
    assert caplog.messages == [
        "a page and the database: (psycopg.errors.AdminShutdown) terminating connection"
    ]
    once.failed(_refused(errors.QueryCanceled("statement timeout")))
    assert len(caplog.messages) == 2, "another kind of outage"
    seconds += unavailable.QUIET_SECONDS
    once.failed(_refused(errors.AdminShutdown("terminating connection")))
    assert len(caplog.messages) == 3, "the next outage"


def test_other_errors_are_logged_each_time(caplog: pytest.LogCaptureFixture) -> None:
    once = unavailable.Once(logging.getLogger("db"), "an endpoint and the database")
    for _ in range(2):
        once.failed(IntegrityError("INSERT", {}, errors.UniqueViolation("duplicate key")))
    assert len(caplog.messages) == 2
