"""The preview: how rows compare with a user's ratings, and what is imported."""

from datetime import UTC, datetime

import pytest

from accounts.imports import (
    By,
    Choice,
    Chosen,
    Matched,
    Preview,
    Row,
    Status,
    Unsure,
    Why,
    chosen,
)
from db.queries.movies import Movie

WHEN = datetime(2020, 1, 1, tzinfo=UTC)
LATER = datetime(2021, 1, 1, tzinfo=UTC)
HEAT = Movie(7, "Heat", 1995, ("Crime",), ratings=0, mean=None, likes=0)


@pytest.mark.parametrize(
    ("present", "status"), [(None, Status.NEW), (3.5, Status.SAME), (4.0, Status.DIFFERS)]
)
def test_status_and_choice(present: float | None, status: Status) -> None:
    matched = Matched(Row(2, "Heat", 1995, 3.5, WHEN), HEAT, By.TITLE, present)
    assert matched.status is status
    assert chosen(_preview(matched)) == Chosen((Choice(7, 3.5, WHEN),), {})


RATED = Row(2, "Heat", 1995, 3.5, WHEN)
DIARY = Row(2, "Heat", 1995, 5.0, LATER, section=1)
SEEN = Row(2, "Heat", 1995, None, mark="seen", section=2)
WANTED = Row(2, "Heat", 1995, None, mark="later", section=3)
LISTED = Row(2, "Heat", 1995, None, section=4)


@pytest.mark.parametrize(
    ("rows", "without", "what"),
    [
        ([RATED, DIARY, SEEN, WANTED, LISTED], [], Chosen((Choice(7, 3.5, WHEN),), {})),
        ([RATED, DIARY, SEEN, WANTED, LISTED], [0], Chosen((Choice(7, 5.0, LATER),), {})),
        ([RATED, DIARY, SEEN, WANTED, LISTED], [0, 1], Chosen((), {7: "seen"})),
        ([RATED, DIARY, SEEN, WANTED, LISTED], [0, 1, 2], Chosen((), {7: "later"})),
        ([LISTED], [], Chosen((), {})),
    ],
)
def test_most_informative_section_counts(rows: list[Row], without: list[int], what: Chosen) -> None:
    preview = _preview(*(Matched(row, HEAT, By.TITLE, None) for row in rows))
    assert chosen(preview.without(without)) == what


def test_meaning_of_a_list_is_chosen() -> None:
    preview = _preview(Matched(LISTED, HEAT, By.TITLE, None))
    assert chosen(preview, marks_of={4: "later"}) == Chosen((), {7: "later"})


def test_unsure_row_counts_once_its_film_is_chosen() -> None:
    preview = Preview((), (Unsure(RATED, (HEAT,), Why.YEAR),), (), (), {})
    assert chosen(preview) == Chosen((), {})
    assert chosen(preview, {RATED.place: 7}) == Chosen((Choice(7, 3.5, WHEN),), {})


def _preview(*matched: Matched) -> Preview:
    return Preview(matched, (), (), (), {})
