"""Reading lines of ratings: a grammar for whole blocks, and a slower look at what it refuses."""

import io
import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from db.loading.films import MOST_FILM
from db.loading.report import Reason, Rejections, SourceError
from db.loading.sources import ACCEPTED, Member, check_columns, no_good_line

MOST_USER = 999_999_999
MOST_SECONDS = 7_289_654_399  # the last of the year 2200
MOST_LINE_BYTES = 2**20

_WHOLE = re.compile(rb"[0-9]{1,18}")
_DECIMAL = re.compile(rb"[0-9]{1,3}(?:\.[0-9]{0,15})?|\.[0-9]{1,15}")

Line: TypeAlias = tuple[int, int, float, int]


@dataclass(frozen=True, slots=True)
class Block:
    """Some thousand ratings of one file, as arrays of one length, and the lines left out.

    `lines` are line numbers from 1, `seconds` are since 1970 UTC, `ratings` are half-stars
    from 0.5 to 5.
    """

    file: str
    lines: NDArray[np.int64]
    users: NDArray[np.int32]
    films: NDArray[np.int32]
    ratings: NDArray[np.float32]
    seconds: NDArray[np.int64]
    rejected: dict[Reason, NDArray[np.int64]]

    def of_listed(
        self,
        listed: NDArray[np.int32],
        untitled_films: NDArray[np.int32],
        rejections: Rejections,
    ) -> "Block":
        """Only the ratings of `listed` films; notes the others and the broken lines."""
        known = np.isin(self.films, listed)
        untitled = ~known & np.isin(self.films, untitled_films)
        rejections.add_all(
            self.file,
            [
                *self.rejected.items(),
                (Reason.NO_TITLE, self.lines[untitled]),
                (Reason.UNKNOWN_FILM, self.lines[~known & ~untitled]),
            ],
        )
        if known.all():
            return self
        return Block(
            self.file,
            self.lines[known],
            self.users[known],
            self.films[known],
            self.ratings[known],
            self.seconds[known],
            {},
        )


def read_line(line: bytes, separator: bytes) -> Line | Reason:
    """One line without its newline: (user, film, rating, seconds since 1970), or what is wrong."""
    fields = [field.strip(b" ") for field in line.removesuffix(b"\r").split(separator)]
    if len(fields) != 4:
        return Reason.FIELDS
    user, film, rating, time = fields
    if not _WHOLE.fullmatch(user) or not 1 <= int(user) <= MOST_USER:
        return Reason.USER
    if not _WHOLE.fullmatch(film) or not 1 <= int(film) <= MOST_FILM:
        return Reason.FILM
    if not _DECIMAL.fullmatch(rating):
        return Reason.RATING
    stars = float(rating)
    if not 0.5 <= stars <= 5 or stars * 2 != int(stars * 2):
        return Reason.RATING
    if not _WHOLE.fullmatch(time) or int(time) > MOST_SECONDS:
        return Reason.TIME
    return int(user), int(film), stars, int(time)


def read_block(file: str, block: bytes, first_line: int, separator: bytes) -> Block:
    """Whole lines, each ended by a newline; the first has the number `first_line`."""
    clean = _CLEAN[separator]
    runs: list[bytes] = []
    numbers: list[NDArray[np.int64]] = []
    odd: list[tuple[int, Line]] = []
    rejected: dict[Reason, array[int]] = {}
    position, line = 0, first_line
    while position < len(block):
        found = clean.match(block, position)
        end = found.end() if found else position
        if end > position:
            count = block.count(b"\n", position, end)
            runs.append(block[position:end])
            numbers.append(np.arange(line, line + count, dtype=np.int64))
            line += count
        if end < len(block):
            newline = block.index(b"\n", end)
            read = read_line(block[end:newline], separator)
            if isinstance(read, Reason):
                rejected.setdefault(read, array("q")).append(line)
            else:
                odd.append((line, read))
            line += 1
            end = newline + 1
        position = end

    frame = _frame(b"".join(runs), separator)
    extra = list(zip(*(fields for _, fields in odd), strict=True)) or [(), (), (), ()]
    return Block(
        file,
        np.concatenate([*numbers, np.array([number for number, _ in odd], np.int64)]),
        np.concatenate([frame["user"].to_numpy(), np.array(extra[0], np.int32)]),
        np.concatenate([frame["film"].to_numpy(), np.array(extra[1], np.int32)]),
        np.concatenate([frame["rating"].to_numpy(), np.array(extra[2], np.float32)]),
        np.concatenate([frame["time"].to_numpy(), np.array(extra[3], np.int64)]),
        {reason: np.array(lines, np.int64) for reason, lines in rejected.items()},
    )


def read_ratings(
    member: Member, separator: bytes, header: str | None, advance: Callable[[int], None]
) -> Iterator[Block]:
    """All blocks of a file; `advance` is told the bytes read.

    Raises
    ------
    SourceError
        When the file has another header, or its first block has no good line at all.
    """
    line, is_first = 1, True
    for piece in _to_last_newline(member):
        block = piece
        if is_first and header is not None:
            first_line, _, block = piece.removeprefix(b"\xef\xbb\xbf").partition(b"\n")
            check_columns(member.name, first_line.decode("utf-8", "replace"), header)
            line = 2
        read = read_block(member.name, block, line, separator)
        if is_first and not len(read.lines):
            raise no_good_line(member.name)
        line += block.count(b"\n")
        is_first = False
        advance(len(piece))
        yield read
    if is_first:
        raise no_good_line(member.name)


def _to_last_newline(member: Member) -> Iterator[bytes]:
    rest = b""
    for block in member.blocks():
        whole, newline, tail = block.rpartition(b"\n")
        if newline:
            yield rest + whole + newline
            rest = tail
        else:
            rest += block
        if len(rest) > MOST_LINE_BYTES:
            raise SourceError(f"{member.name} has a line of more than a megabyte; {ACCEPTED}")
    if rest:
        yield rest + b"\n"


def _frame(lines: bytes, separator: bytes) -> pd.DataFrame:
    """Lines of the grammar below, which need no more checks."""
    return pd.read_csv(
        io.BytesIO(b"user,film,rating,time\n" + lines.replace(separator, b",")),
        dtype={"user": "int32", "film": "int32", "rating": "float32", "time": "int64"},
        na_filter=False,
        quoting=3,
    )


def _clean_lines(separator: bytes) -> re.Pattern[bytes]:
    # Possessive (*+), so that a match over megabytes keeps no way back in memory.
    fields = (
        rb"[1-9][0-9]{0,8}",
        rb"[1-9][0-9]{0,8}",
        rb"(?:[1-4](?:\.[05])?|5(?:\.0)?|0\.5)",
        rb"[0-9]{1,9}(?:(?<=[1-6][0-9]{8})[0-9])?",
    )
    return re.compile(rb"(?:" + re.escape(separator).join(fields) + rb"\r?\n)*+")


_CLEAN = {separator: _clean_lines(separator) for separator in (b",", b"::", b"\t")}
