"""Decoding of text, and the records of a CSV file with the lines on which they start."""

import re
from collections.abc import Iterator, Sequence

from db.loading.headers import split_record

MOST_LINES = 1_000_000
MOST_RECORD_LINES = 2_000
# Limit of lines read in vain for the ends of open quotes, per line of the file.
_MOST_LOOKS = 20
DELIMITERS = (",", ";", "\t")

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LINE_END = re.compile("\r\n|\n|\r")


def text_of(content: bytes) -> str:
    """Decode a file: UTF-8 or UTF-16 by its byte order mark, else UTF-8, else Windows' Latin-1.

    In a file that is mostly UTF-8, other bytes become "\N{REPLACEMENT CHARACTER}".
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
    """Split into lines by the line ends of Windows, Unix or old Macintoshes."""
    return _LINE_END.split(text)


def records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the records, each with the number of its first line; None for a broken record.

    A quoted field may span `MOST_RECORD_LINES` lines, including blank ones. After a broken record,
    reading continues with the next line, so that an unclosed quote costs one line and not the
    whole file. Blank lines between records are skipped.
    """
    position = 0
    looks = _MOST_LOOKS * len(lines)
    while position < len(lines):
        if not lines[position].strip():
            position += 1
            continue
        fields, used, looked = _record(lines, position, delimiter, min(looks, MOST_RECORD_LINES))
        looks -= looked
        yield position + 1, fields
        position += used


def _record(
    lines: Sequence[str], position: int, delimiter: str, most: int
) -> tuple[list[str] | None, int, int]:
    """Return the fields of a record, the number of its lines, and of lines read in vain."""
    first = lines[position]
    if '"' not in first:
        return first.split(delimiter), 1, 0
    fields = split_record(first, delimiter)
    if fields is not None:
        return fields, 1, 0
    quotes = first.count('"')
    last = min(position + most, len(lines))
    for end in range(position + 1, last):
        quotes += lines[end].count('"')
        if quotes % 2 == 0:
            used = end + 1 - position
            fields = split_record("\n".join(lines[position : end + 1]), delimiter)
            return (None, 1, used) if fields is None else (fields, used, 0)
    return None, 1, last - position
