"""The dates of a column, in every format that services and spreadsheets write.

Whether 4/3/2021 is in March or April is decided by the whole column: one date with a number above
12 is enough. Without one, the user has to say.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from babel.dates import get_month_names

from accounts.imports.fields import FIRST_RATED_YEAR
from accounts.imports.rows import DateOrder

_LANGUAGES = ("en", "ru", "de", "fr", "es", "it", "pt", "nl", "pl")
_TIME = (
    r"(?:[T, ]+(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
)
_ZONE = r"\s*(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
_YEAR_FIRST = re.compile(
    rf"(?P<y>[0-9]{{4}})[-/.](?P<m>[0-9]{{1,2}})[-/.](?P<d>[0-9]{{1,2}})\.?{_TIME}{_ZONE}"
)
_YEAR_LAST = re.compile(
    rf"(?P<a>[0-9]{{1,2}})(?P<sign>[-/.])(?P<b>[0-9]{{1,2}})(?P=sign)"
    rf"(?P<y>[0-9]{{4}}|[0-9]{{2}})\.?{_TIME}{_ZONE}"
)
# Such as 19 January 2013; Jan. 19, 2013, 12:00; Sat Jan 19 00:00:00 2013.
_NAMED = re.compile(
    r"(?:[^\W\d]{2,12}\.?,?\s+)??(?:(?P<d1>[0-9]{1,2})(?:st|nd|rd|th|\.)?\s+(?:de\s+)?)?"
    r"(?P<month>[^\W\d]{3,12})\.?(?:\s+de)?(?:\s+(?P<d2>[0-9]{1,2})(?:st|nd|rd|th)?,?)?"
    r"(?:\s+(?P<early>[0-9]{1,2}:[0-9]{2}:[0-9]{2})(?:\s+(?:UTC|GMT))?)?"
    rf"\s+(?P<y>[0-9]{{4}})(?:\s+г\.?)?{_TIME}{_ZONE}"
)
_DAY_OF_DIGITS = re.compile(r"(?P<y>(?:19|20)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})")
_NUMBER = re.compile(r"[0-9]{1,14}(?:[.,][0-9]{1,12})?")
_MOST_CHARACTERS = 60

# Excel counts days from here: https://learn.microsoft.com/office/troubleshoot/excel
_EXCEL_BEGINS = datetime(1899, 12, 30, tzinfo=UTC)
_EXCEL_DAYS = range(20_000, 80_000)
_MILLISECONDS_FROM = 100_000_000_000


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a column.

    Attributes
    ----------
    values : list of datetime or None
        In UTC, 1900 to now; None for a text that is empty, not a date, or ambiguous.
    unread : int
        How many texts are neither empty nor a date.
    is_open : bool
        Whether some are ambiguous because day and month can't be distinguished.
    """

    values: list[datetime | None]
    unread: int
    is_open: bool


def read(texts: Sequence[str], order: DateOrder | None = None) -> Dates:
    """Parse the dates of a column.

    Parameters
    ----------
    texts : sequence of str
        Year-month-day, day.month.year, day/month/year, month/day/year, with or without a time;
        months by name; seconds or milliseconds since 1970; days as Excel counts them.
    order : {"dmy", "mdy"} or None
        The order of day and month if the column leaves it open.

    Returns
    -------
    Dates
    """
    decided = _order(texts)
    order = decided if decided is not None else order
    values: list[datetime | None] = []
    unread, is_open = 0, False
    for text in texts:
        cut = text.strip()
        when = _parse(cut, order)
        if when == "open":
            is_open = True
            values.append(None)
            continue
        unread += bool(cut) and when is None
        values.append(when)
    return Dates(values, unread, is_open)


def _order(texts: Sequence[str]) -> DateOrder | None:
    """Return the order that dates with a number above 12 imply, if they agree; dots imply dmy."""
    days_first = months_first = False
    for text in texts:
        found = _YEAR_LAST.fullmatch(text.strip()[:_MOST_CHARACTERS])
        if found:
            first, second = int(found["a"]), int(found["b"])
            days_first |= (first > 12 >= second) or (found["sign"] == "." and first <= 31)
            months_first |= second > 12 >= first
    if days_first == months_first:
        return None
    return "dmy" if days_first else "mdy"


def _parse(text: str, order: DateOrder | None) -> datetime | Literal["open"] | None:
    if not text or len(text) > _MOST_CHARACTERS:
        return None
    try:
        for pattern, reader in _READERS.items():
            found = pattern.fullmatch(text)
            if found:
                return reader(found, order)
    except (ValueError, OverflowError):
        pass
    return None


def _year_first(found: re.Match[str], _order: DateOrder | None) -> datetime | None:
    return _when(int(found["y"]), int(found["m"]), int(found["d"]), found)


def _year_last(found: re.Match[str], order: DateOrder | None) -> datetime | Literal["open"] | None:
    first, second, year = int(found["a"]), int(found["b"]), int(found["y"])
    if len(found["y"]) == 2:
        year += 2000 if year <= datetime.now(UTC).year % 100 else 1900
    if found["sign"] == "." or first > 12 or first == second:
        return _when(year, second, first, found)
    if second > 12:
        return _when(year, first, second, found)
    if order is None:
        return "open"
    day, month = (first, second) if order == "dmy" else (second, first)
    return _when(year, month, day, found)


def _named(found: re.Match[str], _order: DateOrder | None) -> datetime | None:
    month = _MONTHS.get(found["month"].casefold())
    day = found["d1"] or found["d2"]
    if month is None or day is None:
        return None
    return _when(int(found["y"]), month, int(day), found, found["early"])


def _of_digits(found: re.Match[str], _order: DateOrder | None) -> datetime | None:
    return _plausible(datetime(int(found["y"]), int(found["m"]), int(found["d"]), tzinfo=UTC))


def _of_number(found: re.Match[str], _order: DateOrder | None) -> datetime | None:
    number = float(found[0].replace(",", "."))
    if int(number) in _EXCEL_DAYS:
        return _plausible(_EXCEL_BEGINS + timedelta(days=round(number * 86_400) / 86_400))
    if number < _EXCEL_DAYS.stop and number != 0:
        return None
    seconds = number / 1000 if number >= _MILLISECONDS_FROM else number
    return _plausible(datetime.fromtimestamp(seconds, UTC))


def _when(
    year: int, month: int, day: int, found: re.Match[str], early: str | None = None
) -> datetime | None:
    hour, minute, second = 0, 0, 0.0
    time = early or found["time"]
    if time:
        parts = time.split(":")
        hour, minute, second = int(parts[0]), int(parts[1]), float((*parts, "0")[2])
        if found["half"]:
            hour = hour % 12 + 12 * (found["half"][0] in "Pp")
    when = datetime(year, month, day, hour, minute, tzinfo=UTC) + timedelta(seconds=second)
    zone = found["zone"]
    if zone and zone[0] in "+-":
        ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        when -= ahead if zone[0] == "+" else -ahead
    return _plausible(when)


def _plausible(when: datetime) -> datetime | None:
    return when if when.year >= FIRST_RATED_YEAR and when <= datetime.now(UTC) else None


def _months() -> Mapping[str, int]:
    names: dict[str, int] = {}
    for language in _LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    names.setdefault(name.casefold().rstrip("."), number)
    return names | {"sept": 9}


_MONTHS = _months()
_READERS: Mapping[
    re.Pattern[str],
    Callable[[re.Match[str], DateOrder | None], datetime | Literal["open"] | None],
] = {
    _YEAR_FIRST: _year_first,
    _YEAR_LAST: _year_last,
    _DAY_OF_DIGITS: _of_digits,
    _NUMBER: _of_number,
    _NAMED: _named,
}
