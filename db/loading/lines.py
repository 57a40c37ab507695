"""Parsing of rating lines: a fast grammar for whole blocks, and a slower parser for the rest."""

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from db.loading.blocks import Ids, Raw, Texts
from db.loading.headers import split_record
from db.loading.report import Reason
from db.loading.sources import MOST_LINE_BYTES, MOST_RECORD_LINES
from db.loading.values import decimal, moment, moments, number

MOST_ID_BYTES = 100


@dataclass(frozen=True, slots=True)
class Layout:
    """The positions of the fields in a line; `film` and `time` may be missing.

    `texts` contains "user" or "film" if these ids are texts.
    """

    separator: bytes
    width: int
    user: int
    film: int | None
    rating: int
    time: int | None
    is_quoted: bool = False
    texts: frozenset[str] = frozenset()

    @property
    def places(self) -> dict[str, int]:
        """The positions of the fields that exist."""
        found = {"user": self.user, "film": self.film, "rating": self.rating, "time": self.time}
        return {name: place for name, place in found.items() if place is not None}


class _Time(Enum):
    """The format of a time; a run of lines has the same one throughout."""

    WHOLE = rb"[0-9]{1,18}+"
    DECIMAL = rb"[0-9]{1,15}+\.[0-9]{0,9}+"
    DATE = (
        rb"[12][0-9]{3}-[01][0-9]-[0-3][0-9](?:[ T][0-2][0-9]:[0-5][0-9]:[0-5][0-9]"
        rb"(?:\.[0-9]{1,9}+)?(?:Z|[+-][01][0-9]:[0-5][0-9])?)?"
    )


_TYPES = {
    _Time.WHOLE: pa.int64(),
    _Time.DECIMAL: pa.float64(),
    _Time.DATE: pa.string(),
}


@dataclass(slots=True)
class _Odd:
    """Lines that were parsed one by one."""

    lines: "array[int]"
    fields: dict[str, list[bytes]]
    rejected: "dict[Reason, array[int]]"


def read_block(block: bytes, first_line: int, layout: Layout, *, is_last: bool = True) -> Raw:
    """Parse a block of whole lines, each ended by a newline; the first has number `first_line`.

    The format of times may change from line to line, and an unused field in quotes may span
    several lines. Unless the block is the last, a record whose quotes are still open at its end
    is left unread.
    """
    patterns = _patterns(layout, layout.is_quoted and b'"' in block)
    runs: dict[_Time, list[bytes]] = {}
    numbers: dict[_Time, list[NDArray[np.int64]]] = {}
    odd = _Odd(array("q"), {name: [] for name in layout.places}, {})
    position, line, unread = 0, first_line, b""
    latest = next(iter(patterns))
    while position < len(block):
        end = position
        for kind in (latest, *patterns):
            found = patterns[kind].match(block, position)
            if found and found.end() > position:
                latest, end = kind, found.end()
                break
        if end > position:
            count = block.count(b"\n", position, end)
            runs.setdefault(latest, []).append(block[position:end])
            numbers.setdefault(latest, []).append(np.arange(line, line + count, dtype=np.int64))
            line += count
        if end < len(block):
            fields, after = _record(block, end, layout)
            if fields is Reason.QUOTES and not is_last and _may_continue(block, end):
                unread = block[end:]
                break
            if isinstance(fields, Reason):
                odd.rejected.setdefault(fields, array("q")).append(line)
            else:
                odd.lines.append(line)
                for name, place in layout.places.items():
                    odd.fields[name].append(fields[place])
            line += block.count(b"\n", end, after)
            end = after
        position = end
    parts = [_parse_run(b"".join(run), numbers[kind], layout, kind) for kind, run in runs.items()]
    parts.append(_parse_odd(odd, layout))
    return Raw(
        np.concatenate([part.lines for part in parts]),
        _joined([part.users for part in parts]),
        _joined([part.films for part in parts]),
        np.concatenate([part.ratings for part in parts]),
        np.concatenate([part.times for part in parts]),
        {reason: np.array(found, np.int64) for reason, found in odd.rejected.items()},
        unread,
    )


def _joined(parts: list[Ids | Texts]) -> Ids | Texts:
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    return pa.concat_arrays(parts)


def _parse_run(run: bytes, numbers: list[NDArray[np.int64]], layout: Layout, kind: _Time) -> Raw:
    """Parse lines that match the grammar."""
    types = {layout.user: pa.int64(), layout.rating: pa.float64()}
    if layout.film is not None:
        types[layout.film] = pa.int64()
    if layout.time is not None:
        types[layout.time] = _TYPES[kind]
    for name in layout.texts:
        types[layout.places[name]] = pa.binary()
    separator = layout.separator
    if len(separator) > 1:  # never quoted: the fields are digits only
        run, separator = run.replace(separator, b","), b","
    table = pyarrow.csv.read_csv(
        pa.BufferReader(run),
        read_options=pyarrow.csv.ReadOptions(
            use_threads=False,
            block_size=len(run) + 1,
            column_names=[str(place) for place in range(layout.width)],
        ),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=separator.decode(), quote_char='"' if layout.is_quoted else False
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            include_columns=[str(place) for place in types],
            column_types={str(place): kind for place, kind in types.items()},
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )
    lines = np.concatenate(numbers)

    def column(place: int | None) -> NDArray[Any] | Texts:
        if place is None:
            return np.zeros(len(lines), np.int64)
        found = table[str(place)].combine_chunks()
        return found if found.type == pa.binary() else found.to_numpy(zero_copy_only=False)

    times = column(layout.time)
    if kind is _Time.DATE:
        times = moments(pd.Series(times, dtype="str"))
    return Raw(lines, column(layout.user), column(layout.film), column(layout.rating), times)


def _parse_odd(odd: _Odd, layout: Layout) -> Raw:
    lines = np.array(odd.lines, np.int64)

    def ids(name: str) -> Ids | Texts:
        texts = odd.fields.get(name, [b""] * len(lines))
        if name in layout.texts:
            return pa.array((id_text(text) for text in texts), pa.binary(), size=len(texts))
        return np.array([number(text.decode("latin-1")) for text in texts], np.int64)

    times = (moment(text.decode("latin-1")) for text in odd.fields.get("time", [b"0"] * len(lines)))
    ratings = (decimal(text.decode("latin-1")) for text in odd.fields["rating"])
    return Raw(
        lines,
        ids("user"),
        ids("film"),
        np.fromiter(ratings, np.float64, len(lines)),
        np.fromiter(times, np.float64, len(lines)),
    )


def id_text(text: bytes) -> bytes:
    """Return a text id; empty if it is too long."""
    return text if len(text) <= MOST_ID_BYTES else b""


def _record(block: bytes, start: int, layout: Layout) -> tuple[list[bytes] | Reason, int]:
    """Return the fields of the record at `start`, or what is wrong, and where the next begins.

    After a broken record, parsing continues with the next line.
    """
    newline = block.index(b"\n", start)
    end, quotes = newline, block.count(b'"', start, newline)
    if not layout.is_quoted or not quotes:
        fields = block[start:newline].removesuffix(b"\r").split(layout.separator)
        return (fields if len(fields) == layout.width else Reason.FIELDS), newline + 1
    separator = layout.separator.decode()
    texts = split_record(block[start:newline].decode("latin-1"), separator)
    lines = 1
    while texts is None and (quotes % 2 or lines == 1):
        after = block.find(b"\n", end + 1)
        if after < 0 or lines == MOST_RECORD_LINES:
            return Reason.QUOTES, newline + 1
        quotes += block.count(b'"', end, after)
        end, lines = after, lines + 1
        if quotes % 2 == 0:
            texts = split_record(block[start:end].decode("latin-1"), separator)
    if texts is None:
        return Reason.QUOTES, newline + 1
    if len(texts) != layout.width:
        return Reason.FIELDS if lines == 1 else Reason.QUOTES, newline + 1
    return [field.encode("latin-1") for field in texts], end + 1


def _may_continue(block: bytes, start: int) -> bool:
    """Return whether a record with an open quote may continue in the next block."""
    return (
        len(block) - start <= MOST_LINE_BYTES
        and block.count(b"\n", start) <= MOST_RECORD_LINES
        and block.count(b'"', start) % 2 == 1
    )


@lru_cache(maxsize=64)
def _patterns(layout: Layout, has_quotes: bool) -> Mapping[_Time, re.Pattern[bytes]]:
    """Return a pattern of the lines that match the grammar, for each format of times.

    Possessive (*+), so that a match over megabytes stores no backtracking positions.
    """
    separator = re.escape(layout.separator)
    text = rb'[^"\r\n' + separator + rb"]"
    names = {place: name for name, place in layout.places.items()}
    patterns = {}
    for kind in _Time if layout.time is not None else (_Time.WHOLE,):
        fields = []
        for place in range(layout.width):
            name = names.get(place)
            if name is None:
                plain, quoted = text + rb"*+", rb'[^"\n]*+(?:""[^"\n]*+)*+'
            elif name in layout.texts:
                plain, quoted = text + rb"{1,100}+", rb'[^"\r\n]{1,100}+'
            else:
                plain = quoted = {
                    "rating": rb"[0-9]{1,3}+(?:\.[0-9]{0,15}+)?+",
                    "time": kind.value,
                }.get(name, rb"[0-9]{1,18}+")
            fields.append(rb"(?:%b|\"%b\")" % (plain, quoted) if has_quotes else plain)
        patterns[kind] = re.compile(rb"(?:%b\r?\n)*+" % separator.join(fields))
    return patterns
