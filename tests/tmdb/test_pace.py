"""At most so many requests a second."""

import pytest

from tmdb.pace import Pace


def test_requests_are_spread() -> None:
    pace = Pace(40)
    assert [pace.turn(100.0) for _ in range(3)] == pytest.approx([0, 0.025, 0.05])
    assert pace.turn(100.05) == pytest.approx(0.025)
    assert pace.turn(107.0) == 0  # a pause saves nothing up
    assert pace.turn(107.0) == pytest.approx(0.025)


def test_no_second_has_more_requests_than_are_allowed() -> None:
    pace = Pace(40)
    sent = [100 + pace.turn(100) for _ in range(200)]
    assert all(later - earlier >= 1 - 1e-9 for earlier, later in zip(sent, sent[40:], strict=False))
