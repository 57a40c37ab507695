"""Text out of bytes, and the records of a CSV file with the lines they start on."""

import csv
import re
from collections.abc import Iterator, Sequence

MOST_RECORD_LINES = 20
DELIMITERS = (",", ";", "\t")

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LINE_END = re.compile("\r\n|\n|\r")


def text_of(content: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 by its mark, UTF-8 without one, else Windows' Latin-1.

    In a file that is UTF-8 elsewhere, bytes that are not become "\N{REPLACEMENT CHARACTER}".
    Never raises.
    """
    if content.startswith(_UTF16_MARKS):
        return content.decode("utf-16", "replace")
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    accents = len(text) - len(text.encode("ascii", "ignore")) - broken
    if broken <= accents:
        return text
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def lines_of(text: str) -> list[str]:
    """The lines without their ends, which may be those of Windows, Unix or an old Macintosh."""
    return _LINE_END.split(text)


def records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """The records, each with the number of its first line; None for one that is broken.

    A quoted field may go over `MOST_RECORD_LINES` lines. After a broken record reading goes on
    with the very next line, so that a quote that does not close costs one line and not the file.
    Blank lines are passed over.
    """
    position = 0
    while position < len(lines):
        if not lines[position].strip():
            position += 1
            continue
        fields, used = _record(lines, position, delimiter)
        yield position + 1, fields
        position += used


def _record(lines: Sequence[str], position: int, delimiter: str) -> tuple[list[str] | None, int]:
    first = lines[position]
    if '"' not in first:
        return first.split(delimiter), 1
    fields = _fields([first], delimiter)
    if fields is not None:
        return fields, 1
    quotes = first.count('"')
    last = min(position + MOST_RECORD_LINES, len(lines))
    for end in range(position + 1, last):
        quotes += lines[end].count('"')
        if quotes % 2 == 0:
            used = end + 1 - position
            fields = _fields(lines[position : end + 1], delimiter)
            return (None, 1) if fields is None else (fields, used)
    return None, 1


def _fields(lines: Sequence[str], delimiter: str) -> list[str] | None:
    text = [f"{line}\n" for line in lines[:-1]] + [lines[-1]]
    try:
        found = list(csv.reader(text, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None
