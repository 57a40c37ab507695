"""The fields of a row: each reads one text, and raises RowError when it can't be used."""

import re
import unicodedata

from accounts.imports.errors import RowError
from accounts.spreadsheets import FORMULA
from db.loading.titles import FIRST_YEAR, LAST_YEAR
from db.loading.values import whole
from i18n.language import Text

MOST_TITLE_CHARACTERS = 500
FIRST_RATED_YEAR = 1900

_YEAR = re.compile(r"([0-9]{4})(?:\.0|\s*[-–].{0,10})?")
_ADDRESS = re.compile(r"^https?://[^\s]{0,60}/(?=(?:tt)?[0-9]+)|(?<=[0-9])[-/?][^\s]{0,100}$")
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MOST_SHOWN = 20
# What an export puts before a text that a spreadsheet would take for a formula.
_DEFUSED = tuple(f"'{sign}" for sign in FORMULA)


def title(text: str) -> str:
    """A title without control characters and marks that turn the direction of text."""
    if len(text) > MOST_TITLE_CHARACTERS:
        raise RowError(
            Text(
                "its title has more than {most_title_characters} characters",
                most_title_characters=MOST_TITLE_CHARACTERS,
            )
        )
    words = " ".join(visible(text).split())
    return words[1:] if words.startswith(_DEFUSED) else words


def visible(text: str) -> str:
    """The text with a space for each control character, without marks of direction."""
    if text.isprintable():
        return text
    spaced = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    return _DIRECTION_MARKS.sub("", spaced)


def year(text: str) -> int | None:
    """A year from 1870 to 2100, of a series the first; None when there is none."""
    found = _YEAR.fullmatch(text.strip())
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    return int(found[1])


def number(text: str) -> int | None:
    """The number of a film at a service, alone, with IMDb's "tt" or in an address; else None."""
    return whole(_ADDRESS.sub("", text.strip()).removeprefix("tt").removesuffix(".0"))


def shown(text: str) -> str:
    """The beginning of a text, in quotation marks, fit for a message."""
    text = text.strip()
    cut = text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
    return f"“{visible(cut)}”"
