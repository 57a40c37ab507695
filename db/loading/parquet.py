"""Parquet tables, read some thousand rows at a time: https://parquet.apache.org/docs/."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from db.loading.blocks import Ids, Raw, Texts
from db.loading.headers import Columns, missing_columns
from db.loading.lines import id_text
from db.loading.report import SourceError
from db.loading.sources import (
    MOST_LIST_BYTES,
    MOST_RATIO,
    RATIO_MATTERS_FROM_BYTES,
    Member,
    no_good_line,
)
from db.loading.values import MOST_SECONDS, decimal, moment, number
from monitoring.errors import first_line
from monitoring.progress import OnRead

SUFFIX = ".parquet"
ROWS = 2**17
MOST_LIST_ROWS = 10_000_000
# A rating takes more than a byte with any compression; equal rows take almost nothing.
MOST_ROWS_A_BYTE = 8
ROWS_MATTER_FROM = 2**20


def is_parquet(name: str) -> bool:
    """Return whether a file of this name is a Parquet file."""
    return name.lower().endswith(SUFFIX)


def parquet_names(member: Member) -> tuple[str, ...]:
    """Return the names of the columns.

    Parameters
    ----------
    member : Member

    Returns
    -------
    tuple of str

    Raises
    ------
    SourceError
        If the file can't be read.
    """
    with _opened(member) as file:
        return tuple(file.schema_arrow.names)


def parquet_records(member: Member, columns: Columns) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Read the rows of a list of films or links as texts.

    Parameters
    ----------
    member : Member
    columns : Columns

    Yields
    ------
    tuple of int and mapping of str to str
        The row's number from 1, and its texts by column.

    Raises
    ------
    SourceError
        If the file can't be read, lacks a column or is too long for a list of films.
    """
    if member.size > MOST_LIST_BYTES:
        raise SourceError(f"{member.name} is too long for a list of films; nothing was changed")
    with _opened(member) as file:
        names = _names(member, file, columns)
        if file.metadata.num_rows > MOST_LIST_ROWS:
            raise SourceError(f"{member.name} is too long for a list of films; nothing was changed")
        row = 0
        for batch in _batches(member, file, set(names.values())):
            values = [batch.column(name).to_pylist() for name in names.values()]
            for fields in zip(*values, strict=True):
                row += 1
                yield row, dict(zip(names, map(_text, fields), strict=True))


def parquet_ratings(
    member: Member,
    columns: Columns,
    advance: OnRead,
    texts: frozenset[str] = frozenset(),
) -> Iterator[Raw]:
    """Read the rows of a table of ratings.

    Parameters
    ----------
    member : Member
    columns : Columns
    advance : callable
        Called with the number of bytes read since its last call.
    texts : frozenset of str
        Contains "user" or "film" if these ids are texts.

    Yields
    ------
    Raw

    Raises
    ------
    SourceError
        If the file can't be read or lacks a column.
    """
    with _opened(member) as file:
        names = _names(member, file, columns)
        every = max(file.metadata.num_rows, 1)
        row = advanced = 0
        for batch in _batches(member, file, set(names.values())):
            lines = np.arange(row + 1, row + 1 + len(batch), dtype=np.int64)
            row += len(batch)
            time = names.get("time")
            yield Raw(
                lines,
                _ids(batch.column(names["user"]), "user" in texts),
                _ids(batch.column(names["film"]), "film" in texts),
                _ratings(batch.column(names["rating"])),
                np.zeros(len(batch), np.int64) if time is None else _times(batch.column(time)),
            )
            advance(member.size * row // every - advanced)
            advanced = member.size * row // every
        if not row:
            raise no_good_line(member.name)


@contextmanager
def _opened(member: Member) -> Iterator[Any]:
    import pyarrow.parquet  # takes a quarter of a second, which a start shouldn't pay for

    with _translating_errors(member), member.seekable() as content:
        file = pyarrow.parquet.ParquetFile(content, pre_buffer=False)
        yield file


@contextmanager
def _translating_errors(member: Member) -> Iterator[None]:
    try:
        yield
    except SourceError:
        raise
    except (pa.ArrowException, ValueError, OSError, MemoryError, OverflowError) as error:
        what = first_line(error)[:200]
        raise SourceError(f"{member.name} can't be read as Parquet: {what}") from error


def _names(member: Member, file: Any, columns: Columns) -> dict[str, str]:
    header = file.schema_arrow.names
    places = columns.places(header)
    if places is None:
        raise missing_columns(member.name, ",".join(header), columns)
    return {column: header[place] for column, place in places.items()}


def _batches(member: Member, file: Any, names: set[str]) -> Iterator[pa.RecordBatch]:
    """Yield batches of rows; raise `SourceError` if the file claims more than it can contain."""
    groups = [file.metadata.row_group(place) for place in range(file.num_row_groups)]
    unpacked = sum(group.total_byte_size for group in groups)
    rows = file.metadata.num_rows
    if unpacked > max(member.size * MOST_RATIO, RATIO_MATTERS_FROM_BYTES) or rows > max(
        member.size * MOST_ROWS_A_BYTE, ROWS_MATTER_FROM
    ):
        raise SourceError(
            f"{member.name} has {member.size:,} bytes and grows to {unpacked:,} with "
            f"{rows:,} rows when unpacked, which no data set does; "
            "nothing was changed"
        )
    yield from file.iter_batches(batch_size=ROWS, columns=sorted(names), use_threads=False)


def _plain(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.float64())
    return column


def _strings(column: pa.Array) -> list[str]:
    values = column.to_pylist()
    return ["" if value is None else _text(value) for value in values]


def _ids(column: pa.Array, as_texts: bool) -> Ids | Texts:
    column = _plain(column)
    kind = column.type
    if as_texts:
        texts = (id_text(text.encode("utf-8", "surrogateescape")) for text in _strings(column))
        return pa.array(texts, pa.binary(), size=len(column))
    if pa.types.is_integer(kind):
        return _numpy(column.cast(pa.int64(), safe=False).fill_null(0))
    if pa.types.is_floating(kind):
        values = _numpy(column.cast(pa.float64()).fill_null(0))
        good = (values >= 0) & (values < 2**53) & (values == np.floor(values))
        return np.where(good, values, 0).astype(np.int64)
    return np.array([number(text) for text in _strings(column)], np.int64)


def _ratings(column: pa.Array) -> NDArray[np.float64]:
    column = _plain(column)
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        found = _numpy(column.cast(pa.float64(), safe=False).fill_null(np.nan))
        return np.asarray(found, np.float64)
    return np.array([decimal(text) for text in _strings(column)], np.float64)


def _times(column: pa.Array) -> NDArray[np.int64] | NDArray[np.float64]:
    column = _plain(column)
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        zone = kind.tz if pa.types.is_timestamp(kind) else None
        exact = column.cast(pa.timestamp("s", zone), safe=False).cast(pa.int64())
        found = _numpy(exact.fill_null(-1))
        return np.where(found > MOST_SECONDS, -1, found)
    if pa.types.is_integer(kind):
        return _numpy(column.cast(pa.int64(), safe=False).fill_null(-1))
    if pa.types.is_floating(kind):
        return _numpy(column.cast(pa.float64()).fill_null(-1))
    return np.array([moment(text) for text in _strings(column)], np.float64)


def _numpy(column: pa.Array) -> NDArray[Any]:
    found: NDArray[Any] = column.to_numpy(zero_copy_only=False)
    return found


def _text(value: Any) -> str:
    """Return a value as a CSV file would have it; several are separated by |."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bytes():
            return value.decode("utf-8", "surrogateescape")
        case float() if value.is_integer():
            return str(int(value))
        case date():
            return value.isoformat()
        case list():
            return "|".join(_text(each) for each in value)
        case {"name": str(name)}:
            return name
    return str(value)
