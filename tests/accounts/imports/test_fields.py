"""The fields of a row."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.imports import fields
from accounts.imports.errors import RowError


@pytest.mark.parametrize(
    ("text", "stars"), [("0.5", 0.5), ("5", 5.0), (" 3.0 ", 3.0), ("3,5", 3.5), ("4.50", 4.5)]
)
def test_half_stars(text: str, stars: float) -> None:
    assert fields.half_stars(text) == stars


@pytest.mark.parametrize("text", ["", "0", "5.5", "-1", "1e0", "3.25", "★★★", "inf", "10"])
def test_no_half_stars(text: str) -> None:
    with pytest.raises(RowError):
        fields.half_stars(text)


@pytest.mark.parametrize(("text", "stars"), [("1", 0.5), ("10", 5.0), ("7", 3.5), ("8.0", 4.0)])
def test_out_of_ten(text: str, stars: float) -> None:
    assert fields.out_of_ten(text) == stars


@pytest.mark.parametrize("text", ["", "0", "11", "7.5", "ten"])
def test_not_out_of_ten(text: str) -> None:
    with pytest.raises(RowError):
        fields.out_of_ten(text)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1995", 1995),
        (" 1995 ", 1995),
        ("1995.0", 1995),
        ("2008-2013", 2008),
        ("2008–", 2008),
        ("1869", None),
        ("2101", None),
        ("", None),
        ("95", None),
        ("١٩٩٥", None),
    ],
)
def test_years(text: str, year: int | None) -> None:
    assert fields.year(text) == year


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2020-02-29", datetime(2020, 2, 29, tzinfo=UTC)),
        ("2020-02-29T12:30:00Z", datetime(2020, 2, 29, 12, 30, tzinfo=UTC)),
        ("2020-02-29 12:30:00+02:00", datetime(2020, 2, 29, 10, 30, tzinfo=UTC)),
        ("1900-01-01", datetime(1900, 1, 1, tzinfo=UTC)),
        ("1899-12-31", None),
        ("2021-02-29", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("31/12/2020", None),
        ("", None),
    ],
)
def test_dates(text: str, when: datetime | None) -> None:
    assert fields.date(text) == when


def test_the_future_is_no_date() -> None:
    later = datetime.now(UTC) + timedelta(days=2)
    assert fields.date(later.date().isoformat()) is None
    assert fields.seconds(str(int(later.timestamp()))) is None


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("964982224", datetime(2000, 7, 30, 18, 37, 4, tzinfo=UTC)),
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("99999999999", None),
        ("9" * 30, None),
        ("-1", None),
        ("", None),
    ],
)
def test_seconds(text: str, when: datetime | None) -> None:
    assert fields.seconds(text) == when


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("tt0113277", 113277),
        ("0113277", 113277),
        ("949.0", 949),
        ("2147483647", 2147483647),
        ("2147483648", None),
        ("0", None),
        ("", None),
        ("nm0000001", None),
    ],
)
def test_numbers(text: str, number: int | None) -> None:
    assert fields.number(text) == number


@given(st.text(max_size=600))
def test_any_text(text: str) -> None:
    fields.year(text)
    fields.date(text)
    fields.seconds(text)
    fields.number(text)
    for read in (fields.title, fields.half_stars, fields.out_of_ten):
        with suppress(RowError):
            read(text)


def test_a_reason_is_short_however_long_the_text() -> None:
    with pytest.raises(RowError) as caught:
        fields.half_stars("9" * 100_000)
    assert len(str(caught.value)) < 100
