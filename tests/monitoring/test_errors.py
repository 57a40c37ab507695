"""Errors in log lines."""

import pytest

from monitoring.errors import first_line


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("no route to host"), "no route to host"),
        (ValueError("duplicate key\nDETAIL: Key (email)=(ada@mail.com) exists."), "duplicate key"),
        (ValueError("\n  no route\r\nsecret"), "no route"),
        (KeyError("film"), "'film'"),
        (TimeoutError(), "TimeoutError"),
        (ValueError(" \n"), "ValueError"),
    ],
)
def test_first_line(error: Exception, line: str) -> None:
    assert first_line(error) == line
