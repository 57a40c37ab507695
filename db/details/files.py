r"""Reading of IMDb's files, a few megabytes at a time.

https://developer.imdb.com/non-commercial-datasets/ describes them: tab-separated UTF-8 without
quoting, in which `\N` is no value.
"""

import gzip
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, cast

import numpy as np

from db.loading.refusals import FIRST_LINES, MOST_BROKEN_AT_FIRST, Lines
from db.loading.report import Reason, Rejections, SourceError
from db.loading.sources import Member, whole_lines
from monitoring.progress import OnRead

ADDRESS = "https://datasets.imdbws.com"
_ACCEPTED = f"accepted are IMDb's files from {ADDRESS}, as .tsv.gz or unpacked as .tsv"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Wanted = Callable[[bytes, bytes], bool]
"""Whether to keep a line, given its first field and the line."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of file: its name, its columns, and why an id in its first column is invalid."""

    name: str
    columns: tuple[str, ...]
    wrong_id: Reason = Reason.TITLE_NUMBER

    @property
    def prefix(self) -> bytes:
        """What the ids in the first column begin with."""
        return b"nm" if self.wrong_id is Reason.PERSON_NUMBER else b"tt"


BASICS = Layout(
    "title.basics",
    (
        *("tconst", "titleType", "primaryTitle", "originalTitle", "isAdult"),
        *("startYear", "endYear", "runtimeMinutes", "genres"),
    ),
)
CREW = Layout("title.crew", ("tconst", "directors", "writers"))
PRINCIPALS = Layout(
    "title.principals", ("tconst", "ordering", "nconst", "category", "job", "characters")
)
AKAS = Layout(
    "title.akas",
    (
        *("titleId", "ordering", "title", "region", "language"),
        *("types", "attributes", "isOriginalTitle"),
    ),
)
NAMES = Layout(
    "name.basics",
    ("nconst", "primaryName", "birthYear", "deathYear", "primaryProfession", "knownForTitles"),
    wrong_id=Reason.PERSON_NUMBER,
)
LAYOUTS = (BASICS, AKAS, CREW, PRINCIPALS, NAMES)


class Row(NamedTuple):
    """The number of a line, from 1, and its fields."""

    line: int
    fields: list[str | None]


class _Unpacked(gzip.GzipFile):
    """The content of a compressed file, which is closed with it."""

    def __init__(self, raw: IO[bytes]) -> None:
        super().__init__(fileobj=raw)
        self._raw = raw

    def close(self) -> None:
        super().close()
        self._raw.close()


class ImdbFile:
    """A file of a layout.

    Parameters
    ----------
    path : Path
        `.tsv`, or `.gz` of one.
    layout : Layout
    rejections : Rejections
        Gets the lines that can't be used.
    """

    def __init__(self, path: Path, layout: Layout, rejections: Rejections) -> None:
        self.name = path.name
        self.size = path.stat().st_size
        self._layout = layout
        self._rejections = rejections
        self._lines = Lines()
        self._path = path
        self._opened: IO[bytes]

    def rows(self, wanted: Wanted, advance: OnRead) -> Iterator[Row]:
        """Read the wanted lines.

        All lines must have a field for each column and begin with an id; the other fields are read
        in wanted lines alone.

        Parameters
        ----------
        wanted : callable
        advance : callable
            Called with the number of bytes of the file read since its last call.

        Yields
        ------
        Row

        Raises
        ------
        SourceError
            If the file can't be read, has other columns, or most of its lines are invalid.
        """
        tabs = len(self._layout.columns) - 1
        prefix = self._layout.prefix
        blocks = whole_lines(Member(self.name, self.size, self._open, _ACCEPTED))
        number = position = 0
        for block in blocks:
            lines = block.split(b"\n")
            lines.pop()  # each ends with a newline
            if not number:
                tabs = self._check_header(lines.pop(0))
                number = 1
            rejected: dict[Reason, list[int]] = {}
            good = 0
            for line in lines:
                number += 1
                key = line[: line.find(b"\t")]
                fields: list[str | None] | Reason
                if line.count(b"\t") != tabs:
                    fields = Reason.FIELDS
                elif wanted(key, line):
                    fields = parse(line)
                else:
                    if key.startswith(prefix):
                        good += 1
                    else:
                        rejected.setdefault(self._layout.wrong_id, []).append(number)
                    continue
                if isinstance(fields, Reason):
                    rejected.setdefault(fields, []).append(number)
                else:
                    good += 1
                    yield Row(number, fields)
            found = {reason: np.array(at, np.int64) for reason, at in rejected.items()}
            self._lines.add(self.name, good, found)
            self._rejections.add_all(self.name, found.items())
            if number > FIRST_LINES:
                self._lines.check(MOST_BROKEN_AT_FIRST)
            advance(self._position() - position)
            position = self._position()
        if not number:
            self._check_header(b"")
        self._lines.check()

    def reject(self, row: Row, reason: Reason) -> None:
        """Count a line that `rows` has returned as one that can't be used."""
        self._lines.good -= 1
        self._lines.add_line(self.name, row.line, reason)
        self._rejections.add(self.name, row.line, reason)

    def _open(self) -> IO[bytes]:
        raw = self._path.open("rb")
        self._opened = raw
        if self._path.suffix != ".gz":
            return raw
        return cast(IO[bytes], _Unpacked(raw))

    def _position(self) -> int:
        return self.size if self._opened.closed else self._opened.tell()

    def _check_header(self, line: bytes) -> int:
        """Return the number of tabs in a line, or raise `SourceError`."""
        header = line.removeprefix(_BYTE_ORDER_MARK).rstrip(b"\r").decode(errors="replace")
        columns = header.split("\t")
        expected = self._layout.columns
        if tuple(columns[: len(expected)]) != expected:
            raise SourceError(
                f"{self.name} begins with the columns {', '.join(columns)[:200]!r}; expected are "
                f"{', '.join(expected)}, with tabs between them; {_ACCEPTED}"
            )
        return len(columns) - 1


def find(folder: Path, rejections: Rejections) -> dict[str, ImdbFile]:
    """Return those of IMDb's files that a folder has, by the names of their layouts.

    Parameters
    ----------
    folder : Path
    rejections : Rejections
        Gets the lines that can't be used.

    Returns
    -------
    dict of str to ImdbFile

    Raises
    ------
    SourceError
        If it is no folder, can't be read, or lacks title.basics, which is required.
    """
    found: dict[str, ImdbFile] = {}
    try:
        if not folder.is_dir():
            raise SourceError(f"{str(folder)[:200]!r} is not a folder; {_ACCEPTED}")
        for layout in LAYOUTS:
            for name in (f"{layout.name}.tsv.gz", f"{layout.name}.tsv"):
                if (path := folder / name).is_file():
                    found[layout.name] = ImdbFile(path, layout, rejections)
                    break
    except (OSError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"the folder can't be read: {error}; {_ACCEPTED}") from error
    if BASICS.name not in found:
        raise SourceError(
            f"{str(folder)[:200]!r} has no title.basics.tsv.gz or title.basics.tsv, which is "
            f"required; {_ACCEPTED}"
        )
    return found


def missing(found: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the layouts that weren't found."""
    return tuple(layout.name for layout in LAYOUTS if layout.name not in found)


def parse(line: bytes) -> list[str | None] | Reason:
    r"""Return the fields of a line, or why it can't be used; `\N` is None, quotes are literal."""
    if b"\0" in line:
        return Reason.NUL
    try:
        text = line.removesuffix(b"\r").decode()
    except UnicodeDecodeError:
        return Reason.UNDECODABLE
    return [None if field == "\\N" else field for field in text.split("\t")]


def number_of(text: str | None, prefix: str) -> int | None:
    """Return the number in one of IMDb's ids, such as tt0113277; None if it is not one."""
    digits = (text or "").removeprefix(prefix)
    if not text or digits == text or not (digits.isascii() and digits.isdigit()):
        return None
    number = int(digits) if len(digits) <= 10 else 0
    return number if 0 < number < 2**31 else None


def small(text: str | None) -> int | None:
    """Return a whole number from 0 to 32767; None if it is not one."""
    if not text or not (text.isascii() and text.isdigit() and len(text) <= 5):
        return None
    number = int(text)
    return number if number < 2**15 else None
