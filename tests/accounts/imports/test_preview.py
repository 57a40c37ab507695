"""What a row is to the rating that a person has."""

from datetime import UTC, datetime

import pytest

from accounts.imports import By, Choice, Matched, Row, Status
from db.movies import Movie

WHEN = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("present", "status"), [(None, Status.NEW), (3.5, Status.SAME), (4.0, Status.DIFFERS)]
)
def test_status_and_choice(present: float | None, status: Status) -> None:
    movie = Movie(7, "Heat", 1995, ("Crime",), ratings=0, mean=None, likes=0)
    matched = Matched(Row(2, "Heat", 1995, 3.5, WHEN), movie, By.TITLE, present)
    assert matched.status is status
    assert matched.choice == Choice(7, 3.5, WHEN)
