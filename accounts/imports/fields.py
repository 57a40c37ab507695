"""The fields of a row: each reads one text, and raises RowError when it can't be used."""

import re
import unicodedata
from datetime import UTC, datetime

from accounts.imports.errors import RowError
from db.loading.films import whole
from db.loading.titles import FIRST_YEAR, LAST_YEAR
from language import Text

MOST_TITLE_CHARACTERS = 500
FIRST_RATED_YEAR = 1900

_NUMBER = re.compile(r"[0-9]{1,2}(?:[.,][0-9]{1,3})?")
_YEAR = re.compile(r"([0-9]{4})(?:\.0|\s*[-–].{0,10})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]{5,15}(?:Z|[+-][0-9:]{4,6})?)?")
_SECONDS = re.compile("[0-9]{1,11}")
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MOST_SHOWN = 20


def title(text: str) -> str:
    """A title without control characters and marks that turn the direction of text."""
    if len(text) > MOST_TITLE_CHARACTERS:
        raise RowError(
            Text(
                "its title has more than {most_title_characters} characters",
                most_title_characters=MOST_TITLE_CHARACTERS,
            )
        )
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """The text with a space for each control character, without marks of direction."""
    if text.isprintable():
        return text
    spaced = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    return _DIRECTION_MARKS.sub("", spaced)


def half_stars(text: str) -> float:
    """A rating from 0.5 to 5 in halves."""
    stars = _number(text)
    if not 0.5 <= stars <= 5 or not (stars * 2).is_integer():
        raise RowError(Text("its rating is {shown}, not 0.5 to 5 in halves", shown=_shown(text)))
    return stars


def out_of_ten(text: str) -> float:
    """A whole rating from 1 to 10, as half-stars from 0.5 to 5."""
    points = _number(text)
    if not 1 <= points <= 10 or not points.is_integer():
        raise RowError(
            Text("its rating is {shown}, not a whole number from 1 to 10", shown=_shown(text))
        )
    return points / 2


def year(text: str) -> int | None:
    """A year from 1870 to 2100, of a series the first; None when there is none."""
    found = _YEAR.fullmatch(text.strip())
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    return int(found[1])


def date(text: str) -> datetime | None:
    """A date, or a date with a time, in UTC unless it says otherwise; None when it is neither."""
    text = text.strip()
    if not _DATE.fullmatch(text):
        return None
    try:
        when = datetime.fromisoformat(text)
        return _plausible(when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def seconds(text: str) -> datetime | None:
    """A time in seconds since 1970; None when it is none."""
    text = text.strip()
    if not _SECONDS.fullmatch(text):
        return None
    return _plausible(datetime.fromtimestamp(int(text), UTC))


def number(text: str) -> int | None:
    """The number of a film at a service, with or without IMDb's "tt"; None when it is none."""
    return whole(text.strip().removeprefix("tt").removesuffix(".0"))


def _number(text: str) -> float:
    text = text.strip()
    if not text:
        raise RowError(Text("it has no rating"))
    if not _NUMBER.fullmatch(text):
        raise RowError(Text("its rating is {shown}, which is no rating", shown=_shown(text)))
    return float(text.replace(",", "."))


def _shown(text: str) -> str:
    text = text.strip()
    cut = text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
    return f"“{visible(cut)}”"


def _plausible(when: datetime) -> datetime | None:
    return when if when.year >= FIRST_RATED_YEAR and when <= datetime.now(UTC) else None
