"""Reading the lists of films of each format."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from db.loading.report import Reason, Rejections, SourceError
from db.loading.sources import Member, check_columns, no_good_line
from db.loading.titles import read_title

MOST_FILM = 2_147_483_647
MOST_GENRE_LETTERS = 100
MOST_GENRES = 1000
MOST_TITLE_LINES = 20

_WHOLE = re.compile("[0-9]{1,18}")
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_NO_GENRE = ("", "(no genres listed)", "unknown")


@dataclass(frozen=True, slots=True)
class Film:
    """A film as it is stored: title as people read it, genres without repetition."""

    title: str
    year: int | None
    genres: tuple[str, ...]


@dataclass(slots=True)
class Films:
    """The films of a data set by id; `links` are (IMDb id, TMDB id)."""

    by_id: dict[int, Film] = field(default_factory=dict)
    untitled: set[int] = field(default_factory=set)
    links: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def ids(self) -> NDArray[np.int32]:
        """The films there are."""
        return np.fromiter(self.by_id, np.int32, len(self.by_id))

    @property
    def untitled_ids(self) -> NDArray[np.int32]:
        """Films that are left out because they lack a title."""
        lacking = self.untitled - self.by_id.keys()
        return np.fromiter(lacking, np.int32, len(lacking))

    def add(self, film: str, raw_title: str, genres: Sequence[str]) -> Reason | None:
        """Take a film over from its texts, or say what is wrong with it."""
        texts = (film, raw_title, *genres)
        if any(_NOT_UTF8.search(text) for text in texts):
            return Reason.UNDECODABLE
        if any("\0" in text for text in texts):
            return Reason.NUL
        film_id = whole(film)
        if film_id is None:
            return Reason.FILM
        if film_id in self.by_id:
            return Reason.SECOND_FILM
        title, year = read_title(raw_title)
        if not title:
            self.untitled.add(film_id)
            return Reason.NO_TITLE
        named = tuple(dict.fromkeys(name.strip() for name in genres))
        if any(len(name) > MOST_GENRE_LETTERS for name in named):
            return Reason.GENRE
        self.by_id[film_id] = Film(
            title, year, tuple(name for name in named if name not in _NO_GENRE)
        )
        return None

    def check(self, file: str) -> None:
        """Raise `SourceError` when this can't be a list of films."""
        if not self.by_id:
            raise no_good_line(file)
        genres = {name for film in self.by_id.values() for name in film.genres}
        if len(genres) > MOST_GENRES:
            raise SourceError(f"{file} has {len(genres):,} genres, which is no MovieLens list")


def whole(text: str) -> int | None:
    """An id from 1 to 2,147,483,647, or None."""
    text = text.strip()
    number = int(text) if _WHOLE.fullmatch(text) else 0
    return number if 1 <= number <= MOST_FILM else None


def read_csv_films(member: Member, films: Films, rejections: Rejections) -> None:
    """movies.csv: id, title with year, genres with | between them."""
    lines = text_lines(member, films.notes)
    check_columns(member.name, "".join(lines[:1]), "movieId,title,genres")
    for number, fields in csv_records(lines, 3):
        if isinstance(fields, Reason):
            rejections.add(member.name, number, fields)
            continue
        reason = films.add(fields[0], fields[1], fields[2].split("|"))
        if reason:
            rejections.add(member.name, number, reason)
    films.check(member.name)


def read_links(member: Member, films: Films, rejections: Rejections) -> None:
    """links.csv: film id, IMDb id, TMDB id; either may be empty."""
    lines = text_lines(member, films.notes)
    check_columns(member.name, "".join(lines[:1]), "movieId,imdbId,tmdbId")
    for number, fields in csv_records(lines, 3):
        reason = fields if isinstance(fields, Reason) else _add_link(films, fields)
        if reason:
            rejections.add(member.name, number, reason)


def _add_link(films: Films, fields: Sequence[str]) -> Reason | None:
    film_id = whole(fields[0])
    ids = [whole(text) for text in fields[1:]]
    if film_id is None:
        return Reason.FILM
    if film_id not in films.by_id:
        return Reason.NO_TITLE if film_id in films.untitled else Reason.UNKNOWN_FILM
    if film_id in films.links:
        return Reason.SECOND_FILM
    if any(found is None and text.strip() for found, text in zip(ids, fields[1:], strict=True)):
        return Reason.LINK
    films.links[film_id] = (ids[0], ids[1])
    return None


def read_dat_films(member: Member, films: Films, rejections: Rejections) -> None:
    """movies.dat: id::title with year::genres with | between them."""
    for number, line in enumerate(text_lines(member, films.notes), 1):
        fields = line.split("::")
        reason = (
            films.add(fields[0], fields[1], fields[2].split("|"))
            if len(fields) == 3
            else Reason.FIELDS
        )
        if reason:
            rejections.add(member.name, number, reason)
    films.check(member.name)


def read_flag_films(
    genre_list: Member, member: Member, films: Films, rejections: Rejections
) -> None:
    """u.genre (name|position) and u.item (id|title|three more|a 0 or 1 for each genre)."""
    names: list[str] = []
    for number, line in enumerate(text_lines(genre_list, films.notes), 1):
        name, bar, position = line.partition("|")
        if bar and position.strip() == str(len(names)):
            names.append(name)
        elif line.strip():
            rejections.add(genre_list.name, number, Reason.FIELDS)
    if not names:
        raise no_good_line(genre_list.name)
    for number, line in enumerate(text_lines(member, films.notes), 1):
        fields = line.split("|")
        flags = fields[5:]
        if len(flags) != len(names) or not {*flags} <= {"0", "1"}:
            rejections.add(member.name, number, Reason.FIELDS)
            continue
        genres = [name for name, flag in zip(names, flags, strict=True) if flag == "1"]
        reason = films.add(fields[0], fields[1], genres)
        if reason:
            rejections.add(member.name, number, reason)
    films.check(member.name)


def text_lines(member: Member, notes: list[str]) -> list[str]:
    """The lines as text: UTF-8, or Latin-1 when no line with accents is UTF-8 (and a note on it).

    In a file that is UTF-8 elsewhere, bytes that are not become lone surrogates.
    """
    content = member.content().removeprefix(b"\xef\xbb\xbf")
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


def csv_records(lines: Sequence[str], width: int) -> Iterator[tuple[int, list[str] | Reason]]:
    """The records after the header, each with the number of its first line.

    A quoted title may go over several lines. After a broken record reading goes on with the
    very next line, so that a quote that does not close costs one line and not the file.
    """
    position = 1
    while position < len(lines):
        fields, used = _record(lines, position, width)
        yield position + 1, fields
        position += used


def _record(lines: Sequence[str], position: int, width: int) -> tuple[list[str] | Reason, int]:
    if '"' not in lines[position]:
        fields = lines[position].split(",")
        return (fields if len(fields) == width else Reason.FIELDS), 1
    for used in range(1, min(MOST_TITLE_LINES, len(lines) - position) + 1):
        record = [f"{line}\n" for line in lines[position : position + used]]
        try:
            [fields] = csv.reader(record, strict=True)
        except (csv.Error, ValueError):
            continue
        if len(fields) == width:
            return fields, used
        return (Reason.FIELDS if used == 1 else Reason.QUOTES), 1
    return Reason.QUOTES, 1
