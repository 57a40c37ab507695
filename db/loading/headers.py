"""Columns, found by the names in the first line of a table."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from db.loading.report import SourceError

SEPARATORS = (",", ";", "\t", "|")
"""Possible separators of fields, likeliest first."""

MARK = b"\xef\xbb\xbf"
"""The byte order mark that some programs write before UTF-8."""

MOST_HEADER_BYTES = 2**16

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a kind of table, each with its possible names, the usual one first."""

    needed: Names
    optional: Names = field(default_factory=dict)

    def places(self, header: Sequence[str]) -> dict[str, int] | None:
        """Return the position of each column; None if a required one is not in the header."""
        places: dict[str, int] = {}
        known = [_folded(name) for name in header]
        for column, names in {**self.needed, **self.optional}.items():
            found = next((name for name in map(_folded, names) if name in known), None)
            if found is not None:
                places[column] = known.index(found)
            elif column in self.needed:
                return None
        return places

    def __str__(self) -> str:
        """Return the usual names of the required columns, separated by commas."""
        return ",".join(names[0] for names in self.needed.values())


@dataclass(frozen=True, slots=True)
class Header:
    """The parsed first line of a text table."""

    separator: str
    names: tuple[str, ...]
    places: Mapping[str, int]


def read_header(line: bytes, columns: Columns) -> Header | None:
    """Parse a first line with the separator that gives all required columns, if there is one."""
    text = line.removeprefix(MARK).decode("utf-8", "replace").strip("\r\n")
    for separator in SEPARATORS:
        names = header_names(text, separator)
        places = columns.places(names)
        if places is not None:
            return Header(separator, names, places)
    return None


def header_names(text: str, separator: str) -> tuple[str, ...]:
    """Return the names in a first line; none if it is too long or its quotes are wrong."""
    if len(text) > MOST_HEADER_BYTES:
        return ()
    return tuple(split_record(text, separator) or ())


def expect_header(file: str, line: bytes, columns: Columns) -> Header:
    """Parse a first line.

    Parameters
    ----------
    file : str
    line : bytes
    columns : Columns

    Returns
    -------
    Header

    Raises
    ------
    SourceError
        If a column is missing.
    """
    header = read_header(line, columns)
    if header is None:
        text = line[:320].removeprefix(MARK).decode("utf-8", "replace").strip("\r\n")
        raise missing_columns(file, text, columns)
    return header


def missing_columns(file: str, found: str, columns: Columns) -> SourceError:
    """Return the error for a file without the required columns."""
    return SourceError(
        f"{file} begins with {found[:80]!r}, but its columns have to be {columns}, in any order; "
        "nothing was changed"
    )


def split_record(text: str, separator: str) -> list[str] | None:
    """Split a record of one or more lines into fields; return None if its quotes are wrong."""
    try:
        [fields] = csv.reader(
            [f"{line}\n" for line in text.split("\n")], delimiter=separator, strict=True
        )
    except (csv.Error, ValueError):
        return None
    return fields


def _folded(name: str) -> str:
    return "".join(name.split()).replace("_", "").replace("-", "").casefold()
