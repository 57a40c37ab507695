"""Memory for reading doesn't grow with the number of lines."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet
import pytest

from db.loading.forms import Form
from db.loading.movielens import CSV
from db.loading.netflix import NETFLIX
from db.loading.sources import Member
from tests.measurements import tell

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]

MEGABYTES = 2**20
MOST_GROWTH = 60 * MEGABYTES
LINES = 6_000_000
PART = 50_000


class _Lines(io.RawIOBase):
    """A file that is generated while it is read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._rest = parts, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        self._rest = self._rest or next(self._parts, b"")
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def _quoted(lines: int) -> Iterator[bytes]:
    yield b'"timestamp","comment","movieId","rating","userId"\n'
    for first in range(1, lines, PART):
        yield "".join(
            f'"2000-07-30 18:45:03","so ""it"" is","{line % 5_000 + 1}","4.5","{line // 200 + 1}"\n'
            for line in range(first, first + PART)
        ).encode()


def _netflix(lines: int) -> Iterator[bytes]:
    for first in range(1, lines, PART):
        yield f"{first // PART + 1}:\n".encode()
        yield "".join(f"{line},4,2005-09-06\n" for line in range(first, first + PART)).encode()


def _opener(parts: Callable[[int], Iterator[bytes]], lines: int) -> Callable[[], IO[bytes]]:
    return lambda: io.BufferedReader(_Lines(parts(lines)))


def _read(form: Form, member: Member) -> tuple[int, int]:
    """Read a file and return the number of ratings and the peak memory in bytes."""
    process, peak, ratings = psutil.Process(), 0, 0
    for block in form.read_ratings([member], None, lambda _read: None):
        ratings += len(block.lines)
        peak = max(peak, process.memory_info().rss)
    return ratings, peak


@pytest.mark.parametrize(("form", "parts"), [(CSV, _quoted), (NETFLIX, _netflix)])
def test_text(form: Form, parts: Callable[[int], Iterator[bytes]]) -> None:
    few, before = _read(form, Member("ratings.csv", 1, _opener(parts, LINES // 10)))
    many, after = _read(form, Member("ratings.csv", 1, _opener(parts, LINES)))
    assert (few, many) == (LINES // 10, LINES)
    assert after - before < MOST_GROWTH
    tell(f"reading {LINES:,} lines ({parts.__name__}): {(after - before) / MEGABYTES:.0f} MB more")


def test_parquet(tmp_path: Path) -> None:
    def write(name: str, groups: int) -> Member:
        path = tmp_path / name
        schema = pa.schema(
            {
                "userId": pa.int64(),
                "movieId": pa.int64(),
                "rating": pa.float64(),
                "timestamp": pa.int64(),
            }
        )
        with pyarrow.parquet.ParquetWriter(path, schema) as writer:
            for group in range(groups):
                ids = np.arange(500_000) + group * 500_000 + 1
                columns = (ids // 100 + 1, ids % 5_000 + 1, np.full(500_000, 4.5), ids)
                writer.write_table(pa.table([*columns], schema=schema))
        return Member(name, path.stat().st_size, lambda: path.open("rb"))

    few, before = _read(CSV, write("few.parquet", 2))
    many, after = _read(CSV, write("ratings.parquet", LINES // 500_000))
    assert (few, many) == (1_000_000, LINES)
    assert after - before < MOST_GROWTH
    tell(f"reading {LINES:,} rows of Parquet: {(after - before) / MEGABYTES:.0f} MB more")
