"""Tables out of the bytes of a file: CSV in its many guises, JSON and XML."""

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from typing import Any

import defusedxml.ElementTree

from accounts.imports.errors import ACCEPTED, MOST_ROWS, ImportFileError
from accounts.imports.records import DELIMITERS, MOST_LINES, lines_of, records, text_of
from i18n.language import Text

MOST_COLUMNS = 200
_MOST_COLUMN_NAME = 60
_MOST_DEPTH = 6
# Objects and elements: those of `MOST_ROWS` entries, and not what would fill the memory.
_MOST_MARKS = 1_500_000
_PREFACE = "letterboxd list export"
_SEPARATOR_LINE = "sep="


Records = Sequence[tuple[int, list[str] | None]]
"""The first line of each record and its fields; None for a broken one."""


@dataclass(frozen=True)
class Table:
    """A header and its records.

    Attributes
    ----------
    name : str
        The file it stands in, without folders other than the innermost.
    headers : tuple of str
        The names of the columns as written.
    reading : callable
        Gives the records; asked once, and only for a table that is wanted.
    """

    name: str
    headers: tuple[str, ...]
    reading: Callable[[], Records]

    @cached_property
    def columns(self) -> list[str]:
        """The headers in small letters without signs; of two alike the first counts."""
        names = [folded(header) for header in self.headers]
        return ["" if name in names[:place] else name for place, name in enumerate(names)]

    @cached_property
    def records(self) -> Records:
        """The records.

        Raises
        ------
        ImportFileError
            When there are too many.
        """
        return self.reading()

    def texts(self, column: str | None) -> list[str]:
        """What each record has in a column; empty where it has none, or is broken."""
        if column is None:
            return [""] * len(self.records)
        place = self.columns.index(column)
        return [
            record[place] if record is not None and place < len(record) else ""
            for _, record in self.records
        ]


def folded(header: str) -> str:
    """The name of a column in small letters and digits alone."""
    return "".join(
        sign for sign in header[:_MOST_COLUMN_NAME].casefold().replace("ё", "е") if sign.isalnum()
    )


def tables(name: str, shown: str, content: bytes) -> Iterator[Table]:
    """What a file may be as a table, the likeliest first; of a CSV file one for each delimiter.

    Parameters
    ----------
    name : str
        The file's own name.
    shown : str
        How messages call it.
    content : bytes

    Raises
    ------
    ImportFileError
        When it has too many lines or rows.
    """
    start = content[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")):
        _check_marks(shown, content, b"{", b"[")
        if (table := _of_json(name, shown, content)) is not None:
            yield table
            return
    elif start.startswith(b"<"):
        _check_marks(shown, content, b"<")
        if (table := _of_xml(name, shown, content)) is not None:
            yield table
        return
    if max(content.count(b"\n"), content.count(b"\r")) > MOST_LINES:
        raise too_many(shown)
    yield from _of_csv(name, shown, content)


def _check_marks(shown: str, content: bytes, *marks: bytes) -> None:
    if sum(map(content.count, marks)) > _MOST_MARKS:
        raise too_many(shown)


def too_many(shown: str) -> ImportFileError:
    """What to raise for a file with more rows than one person's ratings have."""
    return ImportFileError(
        Text(
            "{name} has more than {most_rows:,} rows, too many for one person's ratings; "
            "{accepted}.",
            name=shown,
            most_rows=MOST_ROWS,
            accepted=ACCEPTED,
        )
    )


def _of_csv(name: str, shown: str, content: bytes) -> Iterator[Table]:
    lines = lines_of(text_of(content))
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return
    delimiters = list(DELIMITERS)
    head = lines[first].strip().strip('"').casefold()
    if head.startswith(_SEPARATOR_LINE) and len(head) <= len(_SEPARATOR_LINE) + 1:
        said = head.removeprefix(_SEPARATOR_LINE) or "\t"
        delimiters = [said] if said in delimiters else delimiters
        lines[first] = ""
    elif head.startswith(_PREFACE):  # the facts of a list, then a blank line, then its films
        blank = (place for place in range(first, len(lines)) if not lines[place].strip())
        end = next(blank, len(lines))
        lines[first:end] = [""] * (end - first)
    found: list[Table] = []
    for delimiter in delimiters:
        header = next(records(lines, delimiter), (0, None))[1]
        if header is not None and len(header) > 1:
            reading = partial(_rows, shown, lines, delimiter)
            found.append(Table(name, tuple(header[:MOST_COLUMNS]), reading))
    yield from sorted(found, key=lambda table: -len(table.headers))


def _rows(shown: str, lines: Sequence[str], delimiter: str) -> Records:
    """The records below the header."""
    rows = list(islice(records(lines, delimiter), 1, MOST_ROWS + 2))
    if len(rows) > MOST_ROWS:
        raise too_many(shown)
    return rows


def _of_json(name: str, shown: str, content: bytes) -> Table | None:
    try:
        document = json.loads(text_of(content))
    except (ValueError, RecursionError):
        return None
    return _of_entries(name, shown, map(_flat, _entries(document)))


def _flat(entry: tuple[str, Mapping[str, Any]]) -> dict[str, str]:
    kind, values = entry
    flat: dict[str, str] = {}
    _flatten(values, "", flat, 0)
    if kind:
        flat.setdefault("group", kind)
    return flat


def _entries(document: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects of a list, or of the lists by name in an object."""
    groups = document.items() if isinstance(document, dict) else [("", document)]
    for kind, group in groups:
        if isinstance(group, list):
            yield from ((kind, entry) for entry in group if isinstance(entry, dict))


def _flatten(entry: Any, path: str, flat: dict[str, str], depth: int) -> None:
    """Each value by the name of its key and by its path: {"ids": {"imdb": …}} is `idsimdb`."""
    if isinstance(entry, dict) and depth < _MOST_DEPTH:
        for key, value in entry.items():
            _flatten(value, f"{path}{folded(str(key))}", flat, depth + 1)
    elif isinstance(entry, bool):
        flat[path] = str(entry).lower()
    elif isinstance(entry, str | int | float) and len(flat) < MOST_COLUMNS:
        flat[path] = str(entry)


def _of_xml(name: str, shown: str, content: bytes) -> Table | None:
    """The repeated elements of a document, their children as columns."""
    try:
        root = defusedxml.ElementTree.fromstring(content, forbid_dtd=True)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    return _of_entries(
        name,
        shown,
        ({folded(child.tag): (child.text or "").strip() for child in element} for element in root),
    )


def _of_entries(name: str, shown: str, found: Iterable[Mapping[str, str]]) -> Table | None:
    entries = list(islice(found, MOST_ROWS + 1))
    if len(entries) > MOST_ROWS:
        raise too_many(shown)
    headers = tuple(dict.fromkeys(key for entry in entries for key in entry))[:MOST_COLUMNS]
    if len(headers) < 2:
        return None
    rows = [
        (number, [entry.get(header, "") for header in headers])
        for number, entry in enumerate(entries, 1)
    ]
    return Table(name, headers, lambda: rows)
