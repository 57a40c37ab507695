"""Any pair of tables whose columns are named by --map user=uid,item=movie,rating=score."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import cast

from db.loading.blocks import Block, Raw, Texts, checked
from db.loading.films import SourceFilms, read_year, take
from db.loading.genres import read_genres
from db.loading.headers import SEPARATORS, Columns, Names, header_names, read_header
from db.loading.numbering import Numbers, are_texts, as_texts, imdb_of
from db.loading.parquet import is_parquet, parquet_names
from db.loading.ratings import read_table
from db.loading.records import records
from db.loading.refusals import refusing
from db.loading.report import Reason, Rejections, SourceError
from db.loading.sources import Folders, Member, nearest
from db.loading.tags import GivenTag
from db.loading.titles import Title, read_title
from db.loading.values import MOST_FILM, MOST_USER, Scale
from monitoring.progress import OnRead, ignore_progress

_NEEDED = ("user", "item", "rating")
_KEYS = (*_NEEDED, "time", "film", "title", "genres", "year")
_TITLES = ("title", "name", "movie_title")
_USUAL: Names = {"genres": ("genres", "genre"), "year": ("year", "release_year")}
_SUFFIXES = (".csv", ".tsv", ".txt", ".dat", ".parquet")
_MOST_FILES = 200
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The column names of a table of ratings and a table of films.

    `ratings` has user, film, rating and optionally time; `films` has film, title and optionally
    genres and year.
    """

    ratings: Columns
    films: Columns

    @classmethod
    def read(cls, texts: Sequence[str]) -> "ColumnMap":
        """Parse texts such as "user=uid,item=movie,rating=score".

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        ColumnMap

        Raises
        ------
        SourceError
            If a key is unknown, duplicated or missing.
        """
        names: dict[str, str] = {}
        for pair in ",".join(texts).split(","):
            key, equals, name = (part.strip() for part in pair.partition("="))
            if not equals or not name or key not in _KEYS:
                raise SourceError(
                    f"--map has {pair[:80]!r}, but takes key=column for the keys {', '.join(_KEYS)}"
                )
            if key in names:
                raise SourceError(f"--map has {key} twice")
            names[key] = name
        lacking = [key for key in _NEEDED if key not in names]
        if lacking:
            raise SourceError(f"--map lacks {', '.join(lacking)}, as in user=column")
        time: Names = {"time": (names["time"],)} if "time" in names else {}
        named: Names = {key: (names[key],) for key in ("genres", "year") if key in names}
        guessed = {key: usual for key, usual in _USUAL.items() if key not in names}
        return cls(
            Columns(
                {
                    "user": (names["user"],),
                    "film": (names["item"],),
                    "rating": (names["rating"],),
                    **time,
                }
            ),
            Columns(
                {
                    "film": (names.get("film", names["item"]),),
                    "title": (names["title"],) if "title" in names else _TITLES,
                    **named,
                },
                guessed,
            ),
        )


def find_tables(folders: Folders, columns: ColumnMap) -> tuple[Member, Member]:
    """Find the table of ratings and the table of films by their columns.

    Parameters
    ----------
    folders : Folders
    columns : ColumnMap

    Returns
    -------
    tuple of Member and Member
        The table of ratings and the table of films.

    Raises
    ------
    SourceError
        If no folder has one of each, or one has several of a kind.
    """
    whole: dict[PurePosixPath, tuple[Member, Member]] = {}
    seen: list[str] = []
    for folder, files in folders.items():
        tables = [
            member for name, member in sorted(files.items()) if name.lower().endswith(_SUFFIXES)
        ]
        rated = [member for member in tables[:_MOST_FILES] if _has(member, columns.ratings)]
        listed = [
            member
            for member in tables[:_MOST_FILES]
            if member not in rated and _has(member, columns.films)
        ]
        seen += [f"{member.name} ({_columns_of(member)})" for member in tables[:_MOST_NAMED]]
        for found, wanted in ((rated, columns.ratings), (listed, columns.films)):
            if len(found) > 1:
                names = ", ".join(member.name for member in found[:_MOST_NAMED])
                raise SourceError(f"several tables have the columns {wanted}: {names}")
        if rated and listed:
            whole[folder] = (rated[0], listed[0])
    if not whole:
        raise SourceError(
            f"--map needs a table with the columns {columns.ratings} and another with "
            f"{columns.films}; there is {'; '.join(seen[:_MOST_NAMED]) or 'no table'}"
        )
    return nearest(whole)


def _has(member: Member, columns: Columns) -> bool:
    if is_parquet(member.name):
        return columns.places(parquet_names(member)) is not None
    return read_header(member.first_line(), columns) is not None


def _columns_of(member: Member) -> str:
    if is_parquet(member.name):
        names: Sequence[str] = parquet_names(member)
    else:
        text = member.first_line().decode("utf-8", "replace").strip()
        names = max((header_names(text, separator) for separator in SEPARATORS), key=len)
    return ",".join(names)[:120]


@dataclass(slots=True)
class Mapped:
    """A pair of tables; text ids are numbered in their sorted order."""

    name: str
    rated: Member
    listed: Member
    columns: ColumnMap
    scale: Scale | None
    notes: list[str] = field(default_factory=list)
    _users: Numbers | None = None
    _films: Numbers | None = None

    @property
    def size(self) -> int:
        """The size of the table of ratings in bytes."""
        return self.rated.size

    def films(self, rejections: Rejections) -> SourceFilms:
        """Read all films, and if user ids are texts, collect these from the ratings.

        Parameters
        ----------
        rejections : Rejections
            Gets the rejected lines.

        Returns
        -------
        SourceFilms

        Raises
        ------
        SourceError
            If a table can't be read, most lines are broken, or there are too many text ids.
        """
        films = SourceFilms(notes=self.notes)
        listed = [*records(self.listed, self.columns.films, films.notes)]
        texts = [record["film"] for _, record in listed if not isinstance(record, Reason)]
        if are_texts(texts, MOST_FILM):
            self._films = Numbers()
            self._films.add(as_texts(texts))
            self._films.sort()
            self.notes.append(_numbered("film", "films", len(self._films)))
        take(self.listed.name, self._add(films, listed), rejections)
        films.check(self.listed.name)
        self._number_users()
        if "time" not in self.columns.ratings.needed:
            self.notes.append("The ratings have no times: all are dated 1970-01-01.")
        return films

    def _add(
        self, films: SourceFilms, listed: Sequence[tuple[int, Mapping[str, str] | Reason]]
    ) -> Iterator[tuple[int, Reason | None]]:
        numbers = self._film_numbers([record for _, record in listed])
        for (line, record), film in zip(listed, numbers, strict=True):
            if isinstance(record, Reason):
                yield line, record
                continue
            genres = read_genres(record.get("genres", ""))
            if genres is None:
                yield line, Reason.GENRES
                continue
            title, year = read_title(record["title"])
            year = read_year(record.get("year", "")) or year
            reason = films.add(film, Title(title, year), genres)
            imdb = imdb_of(record["film"])
            if reason is None and imdb is not None:
                films.links[int(film)] = (imdb, None)
            yield line, reason

    def _film_numbers(self, listed: Sequence[Mapping[str, str] | Reason]) -> list[str]:
        texts = ["" if isinstance(record, Reason) else record["film"] for record in listed]
        if self._films is None:
            return texts
        return [str(number) for number in self._films.of(as_texts(texts))]

    def _number_users(self) -> None:
        texts = frozenset({"user"})
        users: Numbers | None = None
        # The progress is that of the second time, when the table is read for its ratings.
        ratings = self.columns.ratings
        for raw in read_table(self.rated, ratings, ignore_progress, texts | self._texts):
            if users is None:
                first = [text.decode("latin-1") for text in cast(Texts, raw.users).to_pylist()]
                if not are_texts(first, MOST_USER):
                    return
                users = Numbers()
            users.add(raw.users)
        if users is not None:
            users.sort()
            self._users = users
            self.notes.append(_numbered("user", "users", len(users)))

    @property
    def _texts(self) -> frozenset[str]:
        found = {"user": self._users, "film": self._films}
        return frozenset(name for name, numbers in found.items() if numbers is not None)

    def ratings(self, advance: OnRead) -> Iterator[Block]:
        """Read all ratings.

        Parameters
        ----------
        advance : callable
            Called with the number of bytes read since its last call.

        Returns
        -------
        iterator of Block

        Raises
        ------
        SourceError
            If the table can't be read, most lines are broken or the scale is wrong.
        """
        parts = read_table(self.rated, self.columns.ratings, advance, self._texts)
        return refusing(map(self._checked, parts), self.scale, self.notes)

    def tags(self, _films: SourceFilms, _rejections: Rejections) -> Iterator[GivenTag]:
        """Return nothing: a pair of tables has no tags."""
        return iter(())

    def _checked(self, raw: Raw) -> Block:
        users = raw.users if self._users is None else self._users.of(raw.users)
        films = raw.films if self._films is None else self._films.of(raw.films, MOST_FILM)
        return checked(self.rated.name, raw, users, films, self.scale)


def _numbered(id_of: str, whose: str, count: int) -> str:
    return (
        f"Most {id_of} ids can't be stored as numbers, so {whose} are numbered from 1 to "
        f"{count:,} in the order of their ids."
    )
