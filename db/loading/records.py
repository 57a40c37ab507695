"""Lists of films and links, read as texts, one record at a time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from db.loading.headers import MARK, Columns, expect_header, split_record
from db.loading.parquet import is_parquet, parquet_records
from db.loading.report import Reason
from db.loading.sources import MOST_RECORD_LINES, Member, no_good_line

Record: TypeAlias = Mapping[str, str] | Reason
"""The text of each column, or what is wrong with the line."""


def records(member: Member, columns: Columns, notes: list[str]) -> Iterator[tuple[int, Record]]:
    """Read the records of a table, CSV or Parquet.

    Parameters
    ----------
    member : Member
    columns : Columns
        Missing optional ones are left out of the records.
    notes : list of str
        Gets a note if the file is not UTF-8.

    Yields
    ------
    tuple of int and Record
        The number of the first line or the row, and the record.

    Raises
    ------
    SourceError
        If a column is missing.
    """
    if is_parquet(member.name):
        yield from parquet_records(member, columns)
        return
    lines = text_lines(member, notes)
    if not lines:
        raise no_good_line(member.name)
    header = expect_header(member.name, lines[0].encode("utf-8", "replace"), columns)
    for number, fields in csv_records(lines, len(header.names), header.separator):
        if isinstance(fields, Reason):
            yield number, fields
        else:
            yield number, {column: fields[place] for column, place in header.places.items()}


def text_lines(member: Member, notes: list[str]) -> list[str]:
    """Return the lines as text: UTF-8, or Latin-1 (with a note) if most non-ASCII lines aren't.

    In a file that is mostly UTF-8, other bytes become lone surrogates.
    """
    content = member.content().removeprefix(MARK)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        if _is_mostly_utf8(content):
            text = content.decode("utf-8", "surrogateescape")
        else:
            text = content.decode("latin-1")
            notes.append(f"{member.name} is not UTF-8 and was read as Latin-1.")
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _is_mostly_utf8(content: bytes) -> bool:
    good = bad = 0
    for line in content.split(b"\n"):
        if not line.isascii():
            try:
                line.decode()
            except UnicodeDecodeError:
                bad += 1
            else:
                good += 1
    return good >= bad


def csv_records(
    lines: Sequence[str], width: int, separator: str = ","
) -> Iterator[tuple[int, list[str] | Reason]]:
    """Yield the records after the header, each with the number of its first line.

    A quoted field may span several lines. After a broken record, reading continues with the next
    line, so that an unclosed quote costs one line and not the whole file.
    """
    position = 1
    while position < len(lines):
        fields, used = _record(lines, position, width, separator)
        yield position + 1, fields
        position += used


def _record(
    lines: Sequence[str], position: int, width: int, separator: str
) -> tuple[list[str] | Reason, int]:
    if '"' not in lines[position]:
        fields = lines[position].split(separator)
        return (fields if len(fields) == width else Reason.FIELDS), 1
    quotes = 0
    for used in range(1, min(MOST_RECORD_LINES, len(lines) - position) + 1):
        quotes += lines[position + used - 1].count('"')
        if quotes % 2 and used > 1:
            continue
        found = split_record("\n".join(lines[position : position + used]), separator)
        if found is not None and len(found) == width:
            return found, used
        if found is not None or used > 1:
            return (Reason.FIELDS if used == 1 else Reason.QUOTES), 1
    return Reason.QUOTES, 1
