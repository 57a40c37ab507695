"""Tags that users gave films: tags.csv, tags.dat (ML-10M) and Kaggle's tag.csv.

The large releases have millions of lines, so they are read one at a time, and equal tags are merged
in SQL (`merge_tags`). Formats: "Tags Data File Structure" in
https://files.grouplens.org/datasets/movielens/ml-32m-README.html and
https://files.grouplens.org/datasets/movielens/ml-10m-README.html.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from db.loading.films import SourceFilms
from db.loading.forms import Patterns
from db.loading.headers import MARK, Columns, Header, expect_header, split_record
from db.loading.report import Reason, Rejections
from db.loading.sources import Member, whole_lines
from db.loading.values import LEAST_MILLISECONDS, MOST_FILM, MOST_SECONDS, MOST_USER, moment, whole

FILES: Patterns = ("tags.csv", "tag.csv", "tags.dat")
MOST_TAG_LETTERS = 100

COLUMNS = Columns(
    {"user": ("userId", "user"), "film": ("movieId", "movie"), "tag": ("tag",)},
    {"time": ("timestamp", "time", "date")},
)
DAT = Header("::", (), {"user": 0, "film": 1, "tag": 2, "time": 3})
_SPACES = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# Emoji and some scripts need these joiners; no other invisible characters belong in a tag.
_JOINERS = re.compile("[\u200c\u200d]")


class GivenTag(NamedTuple):
    """A tag that a user gave to a film; `folded` is the same for upper and lower case."""

    film: int
    user: int
    tag: str
    folded: str


def read_tags(member: Member, films: SourceFilms, rejections: Rejections) -> Iterator[GivenTag]:
    """Read all tags of listed films; tags.dat has no header.

    Parameters
    ----------
    member : Member
    films : SourceFilms
    rejections : Rejections
        Gets the rejected lines.

    Yields
    ------
    GivenTag

    Raises
    ------
    SourceError
        If the file has other columns or can't be read.
    """
    header = DAT if member.name.endswith(".dat") else None
    number = 0
    for block in whole_lines(member):
        for line in block.split(b"\n")[:-1]:
            number += 1
            if number == 1:
                line = line.removeprefix(MARK)
                if header is None:
                    header = expect_header(member.name, line, COLUMNS)
                    continue
            read = read_line(line, header or DAT)
            if isinstance(read, GivenTag) and read.film not in films.by_id:
                is_untitled = read.film in films.untitled
                read = Reason.NO_TITLE if is_untitled else Reason.UNKNOWN_FILM
            if isinstance(read, Reason):
                rejections.add(member.name, number, read)
            else:
                yield read
    if header is None:
        expect_header(member.name, b"", COLUMNS)


def read_line(line: bytes, header: Header = DAT) -> GivenTag | Reason:
    """Parse a line without its newline, or return what is wrong; the time is only checked."""
    try:
        text = line.removesuffix(b"\r").decode()
    except UnicodeDecodeError:
        return Reason.UNDECODABLE
    if "\0" in text:
        return Reason.NUL
    fields = _fields(text, header)
    if isinstance(fields, Reason):
        return fields
    user = whole(fields[header.places["user"]], MOST_USER)
    film = whole(fields[header.places["film"]], MOST_FILM)
    if user is None:
        return Reason.USER
    if film is None:
        return Reason.FILM
    tag = clean(fields[header.places["tag"]])
    if isinstance(tag, Reason):
        return tag
    if "time" in header.places and not _is_time(fields[header.places["time"]]):
        return Reason.TIME
    return GivenTag(film, user, tag, tag.casefold())


def _is_time(text: str) -> bool:
    when = moment(text)
    return 0 <= (when / 1000 if when >= LEAST_MILLISECONDS else when) <= MOST_SECONDS


def clean(tag: str) -> str | Reason:
    """Return a tag for display, with single spaces between words, or what is wrong with it."""
    tag = unicodedata.normalize("NFC", _SPACES.sub(" ", tag).strip(" "))
    if len(tag) > MOST_TAG_LETTERS:
        return Reason.TAG
    seen = tag if tag.isprintable() else _JOINERS.sub("", tag)
    if not seen:
        return Reason.NO_TAG
    return tag if seen.isprintable() else Reason.TAG_SIGN


def _fields(text: str, header: Header) -> list[str] | Reason:
    if header.separator == "::":  # a tag may contain it, a number can't
        first = text.split("::", 2)
        fields = [*first[:2], *first[-1].rsplit("::", 1)]
        return fields if len(first) == 3 and len(fields) == 4 else Reason.FIELDS
    if '"' not in text:
        found = text.split(header.separator)
    else:
        record = split_record(text, header.separator)
        if record is None:
            return Reason.QUOTES
        found = record
    return found if len(found) == len(header.names) else Reason.FIELDS
