"""Reading lines of ratings: a grammar for whole blocks, and a slower look at what it refuses."""

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
    """Which field of a line is what, by position; `film` and `time` may be lacking.

    `texts` has "user" and "film" where these ids are texts.
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
        """The positions that there are."""
        found = {"user": self.user, "film": self.film, "rating": self.rating, "time": self.time}
        return {name: place for name, place in found.items() if place is not None}


class _Time(Enum):
    """How a time is written: a run of lines has them all alike."""

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
    """Lines that were looked at one by one."""

    lines: "array[int]"
    fields: dict[str, list[bytes]]
    rejected: "dict[Reason, array[int]]"


def read_block(block: bytes, first_line: int, layout: Layout, *, is_last: bool = True) -> Raw:
    """Whole lines, each ended by a newline; the first has the number `first_line`.

    The time may change its form from line to line, and a field that is not asked for may go over
    several lines when it is in quotes. Unless the block is the last, a record whose quotes are
    open at its end is left unread.
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
            if fields is Reason.QUOTES and not is_last and _goes_on(block, end):
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
    parts = [_clean(b"".join(run), numbers[kind], layout, kind) for kind, run in runs.items()]
    parts.append(_odd_ones(odd, layout))
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


def _clean(run: bytes, numbers: list[NDArray[np.int64]], layout: Layout, kind: _Time) -> Raw:
    """Lines of the grammar."""
    types = {layout.user: pa.int64(), layout.rating: pa.float64()}
    if layout.film is not None:
        types[layout.film] = pa.int64()
    if layout.time is not None:
        types[layout.time] = _TYPES[kind]
    for name in layout.texts:
        types[layout.places[name]] = pa.binary()
    separator = layout.separator
    if len(separator) > 1:  # never quoted: only digits stand between
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


def _odd_ones(odd: _Odd, layout: Layout) -> Raw:
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
    """An id that is a text; empty when it is too long for one."""
    return text if len(text) <= MOST_ID_BYTES else b""


def _record(block: bytes, start: int, layout: Layout) -> tuple[list[bytes] | Reason, int]:
    """The fields of the record that begins here, or what is wrong; and where the next begins.

    After a broken one reading goes on with the very next line.
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


def _goes_on(block: bytes, start: int) -> bool:
    """Whether a record with a quote that does not close may do so in the next block."""
    return (
        len(block) - start <= MOST_LINE_BYTES
        and block.count(b"\n", start) <= MOST_RECORD_LINES
        and block.count(b'"', start) % 2 == 1
    )


@lru_cache(maxsize=64)
def _patterns(layout: Layout, has_quotes: bool) -> Mapping[_Time, re.Pattern[bytes]]:
    """For each way of writing the time, a pattern of lines that need no closer look.

    Possessive (*+), so that a match over megabytes keeps no way back in memory.
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
