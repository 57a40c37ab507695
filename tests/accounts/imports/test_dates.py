"""Dates in every format that services and spreadsheets write."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.imports import dates
from accounts.imports.dates import Dates
from accounts.imports.rows import DateOrder


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2020-02-29", datetime(2020, 2, 29, tzinfo=UTC)),
        ("2020-02-29T12:30:00Z", datetime(2020, 2, 29, 12, 30, tzinfo=UTC)),
        ("2014-09-01T09:10:11.000Z", datetime(2014, 9, 1, 9, 10, 11, tzinfo=UTC)),
        ("2020-02-29 12:30:00+02:00", datetime(2020, 2, 29, 10, 30, tzinfo=UTC)),
        ("2020-02-29 12:30:00 UTC", datetime(2020, 2, 29, 12, 30, tzinfo=UTC)),
        ("2020/2/9", datetime(2020, 2, 9, tzinfo=UTC)),
        ("31.12.2019", datetime(2019, 12, 31, tzinfo=UTC)),
        ("3.4.2019 9:05", datetime(2019, 4, 3, 9, 5, tzinfo=UTC)),
        ("31/12/2019", datetime(2019, 12, 31, tzinfo=UTC)),
        ("12/31/19", datetime(2019, 12, 31, tzinfo=UTC)),
        ("12/31/2019, 9:05 PM", datetime(2019, 12, 31, 21, 5, tzinfo=UTC)),
        ("4/4/2019", datetime(2019, 4, 4, tzinfo=UTC)),
        ("19 January 2013", datetime(2013, 1, 19, tzinfo=UTC)),
        ("Jan 01, 2020, 12:00", datetime(2020, 1, 1, 12, tzinfo=UTC)),
        ("Sat Jan 19 00:00:00 2013", datetime(2013, 1, 19, tzinfo=UTC)),
        ("19 января 2013 г.", datetime(2013, 1, 19, tzinfo=UTC)),
        ("3. Mai 2013", datetime(2013, 5, 3, tzinfo=UTC)),
        ("3 de mayo de 2013", datetime(2013, 5, 3, tzinfo=UTC)),
        ("20130119", datetime(2013, 1, 19, tzinfo=UTC)),
        ("41293", datetime(2013, 1, 19, tzinfo=UTC)),
        ("41293.5", datetime(2013, 1, 19, 12, tzinfo=UTC)),
        ("964982224", datetime(2000, 7, 30, 18, 37, 4, tzinfo=UTC)),
        ("964982224.0", datetime(2000, 7, 30, 18, 37, 4, tzinfo=UTC)),
        ("964982224000", datetime(2000, 7, 30, 18, 37, 4, tzinfo=UTC)),
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("1900-01-01", datetime(1900, 1, 1, tzinfo=UTC)),
        ("1899-12-31", None),
        ("2021-02-29", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("13/13/2020", None),
        ("19 Nonsense 2013", None),
        ("99999999999", None),
        ("9" * 30, None),
        ("-1", None),
        ("2013", None),
        ("", None),
    ],
)
def test_date(text: str, when: datetime | None) -> None:
    assert dates.read([text]) == Dates([when], int(bool(text) and when is None), False)


@pytest.mark.parametrize(
    ("texts", "order", "values", "is_open"),
    [
        (["4/3/2021", "25/3/2021"], None, [(2021, 3, 4), (2021, 3, 25)], False),
        (["4/3/2021", "3/25/2021"], None, [(2021, 4, 3), (2021, 3, 25)], False),
        (["4/3/2021", "25/3/2021"], "mdy", [(2021, 3, 4), (2021, 3, 25)], False),
        (["4/3/2021", "5/3/2021"], None, [None, None], True),
        (["4/3/2021", "5/3/2021"], "dmy", [(2021, 3, 4), (2021, 3, 5)], False),
        (["4/3/2021", "5/3/2021"], "mdy", [(2021, 4, 3), (2021, 5, 3)], False),
        (["4/3/2021", "25/3/2021", "3/25/2021"], None, [None, (2021, 3, 25), (2021, 3, 25)], True),
    ],
)
def test_whole_column_decides_the_order_of_day_and_month(
    texts: list[str],
    order: DateOrder | None,
    values: list[tuple[int, int, int] | None],
    is_open: bool,
) -> None:
    expected = [None if day is None else datetime(*day, tzinfo=UTC) for day in values]
    assert dates.read(texts, order) == Dates(expected, 0, is_open)


def test_future_dates_are_rejected() -> None:
    later = datetime.now(UTC) + timedelta(days=2)
    texts = [later.date().isoformat(), str(int(later.timestamp()))]
    assert dates.read(texts) == Dates([None, None], 2, False)


@given(st.lists(st.text(max_size=70) | st.from_regex(r"[0-9/. :-]{0,25}"), max_size=5))
def test_any_texts(texts: list[str]) -> None:
    read = dates.read(texts)
    assert len(read.values) == len(texts)
    assert all(when is None or 1900 <= when.year <= datetime.now(UTC).year for when in read.values)


@given(st.integers(86_400, 1_704_000_000))
def test_time_is_the_same_in_every_format(seconds: int) -> None:
    when = datetime.fromtimestamp(seconds, UTC)
    forms = ["%Y-%m-%dT%H:%M:%SZ", "%d.%m.%Y %H:%M:%S", "%b %d, %Y, %H:%M:%S", "%Y/%m/%d %H:%M:%S"]
    texts = [when.strftime(form) for form in forms]
    assert dates.read(texts).values == [when] * len(forms)
