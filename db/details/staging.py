"""Copying of what belongs to films of the database into temporary tables."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, text

from db.connection.copying import driver
from db.details.files import ImdbFile, number_of, small
from db.details.matching import ImdbTitle
from db.loading.report import Reason
from monitoring.progress import OnRead

_MOST_LETTERS = 500
_MOST_PEOPLE = 1000
_CAST = {"actor", "actress", "self"}

_TABLES = """
CREATE TEMPORARY TABLE wanted_details (
    movie_id integer PRIMARY KEY, imdb_number integer, minutes smallint, original_title text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE incoming_titles (
    imdb_number integer, place smallint, title text COLLATE "C", region text COLLATE "C",
    language text COLLATE "C", types text, attributes text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE incoming_people (
    imdb_number integer, role text COLLATE "C", place smallint, person_id integer
) ON COMMIT DROP;
CREATE TEMPORARY TABLE incoming_names (id integer, name text) ON COMMIT DROP;
"""

Fields = tuple[Any, ...]


def create_tables(connection: Connection) -> None:
    """Create the temporary tables, which exist until the transaction ends."""
    connection.execute(text(_TABLES))


def copy_films(connection: Connection, found: Mapping[int, ImdbTitle]) -> None:
    """Fill `wanted_details` with the matched films."""
    _copy(
        connection,
        "wanted_details (movie_id, imdb_number, minutes, original_title)",
        (
            (movie_id, title.number, title.minutes, title.original_title)
            for movie_id, title in found.items()
        ),
    )


def copy_titles(connection: Connection, file: ImdbFile, ids: set[bytes], advance: OnRead) -> None:
    """Fill `incoming_titles` with the titles of films with these ids."""
    _copy(
        connection,
        "incoming_titles (imdb_number, place, title, region, language, types, attributes)",
        _read(file, ids, advance, _title),
    )


def copy_crew(connection: Connection, file: ImdbFile, ids: set[bytes], advance: OnRead) -> None:
    """Add the directors and writers of films with these ids to `incoming_people`."""
    _copy(connection, _PEOPLE, _read(file, ids, advance, _crew))


def copy_cast(connection: Connection, file: ImdbFile, ids: set[bytes], advance: OnRead) -> None:
    """Add the cast of films with these ids to `incoming_people`."""
    _copy(connection, _PEOPLE, _read(file, ids, advance, _cast))


def copy_names(connection: Connection, file: ImdbFile, advance: OnRead) -> None:
    """Fill `incoming_names` with the names of the people in `incoming_people`."""
    people = connection.scalars(text("SELECT DISTINCT person_id FROM incoming_people"))
    ids = {b"nm%07d" % number for number in people}
    _copy(connection, "incoming_names (id, name)", _read(file, ids, advance, _name))


_PEOPLE = "incoming_people (imdb_number, role, place, person_id)"


def read_title(fields: list[str | None]) -> ImdbTitle | Reason:
    """Read a line of title.basics; a length of 0 is no length."""
    number = number_of(fields[0], "tt")
    if number is None:
        return Reason.TITLE_NUMBER
    title, original = _named(fields[2]), _named(fields[3])
    if not title:
        return Reason.NO_TITLE
    if max(len(title), len(original)) > _MOST_LETTERS:
        return Reason.LONG_NAME
    minutes = 0 if fields[7] is None else small(fields[7])
    if minutes is None:
        return Reason.MINUTES
    kind = fields[1] or ""
    return ImdbTitle(number, kind, title, original or None, small(fields[5]), minutes or None)


def _title(fields: list[str | None]) -> Iterable[Fields] | Reason:
    number, place = number_of(fields[0], "tt"), small(fields[1])
    if number is None:
        return Reason.TITLE_NUMBER
    if place is None:
        return Reason.ORDER
    title = _named(fields[2])
    if not title:
        return Reason.NO_TITLE
    if len(title) > _MOST_LETTERS:
        return Reason.LONG_NAME
    return [(number, place, title, *fields[3:7])]


def _crew(fields: list[str | None]) -> Iterable[Fields] | Reason:
    number = number_of(fields[0], "tt")
    if number is None:
        return Reason.TITLE_NUMBER
    rows: list[Fields] = []
    for role, listed in (("director", fields[1]), ("writer", fields[2])):
        ids = listed.split(",", _MOST_PEOPLE)[:_MOST_PEOPLE] if listed else []
        for place, each in enumerate(ids, 1):
            person = number_of(each, "nm")
            if person is None:
                return Reason.PERSON_NUMBER
            rows.append((number, role, place, person))
    return rows


def _cast(fields: list[str | None]) -> Iterable[Fields] | Reason:
    number, place, person = number_of(fields[0], "tt"), small(fields[1]), number_of(fields[2], "nm")
    if number is None:
        return Reason.TITLE_NUMBER
    if place is None:
        return Reason.ORDER
    if person is None:
        return Reason.PERSON_NUMBER
    return [(number, "cast", place, person)] if fields[3] in _CAST else []


def _name(fields: list[str | None]) -> Iterable[Fields] | Reason:
    number, name = number_of(fields[0], "nm"), _named(fields[1])
    if number is None:
        return Reason.PERSON_NUMBER
    if not name:
        return Reason.NO_NAME
    return Reason.LONG_NAME if len(name) > _MOST_LETTERS else [(number, name)]


def _named(field: str | None) -> str:
    return " ".join((field or "").split())


def _read(
    file: ImdbFile,
    ids: set[bytes],
    advance: OnRead,
    read: Callable[[list[str | None]], Iterable[Fields] | Reason],
) -> Iterator[Fields]:
    """Yield what `read` makes of the lines that begin with these ids; reject the others."""
    for row in file.rows(lambda key, _line: key in ids, advance):
        rows = read(row.fields)
        if isinstance(rows, Reason):
            file.reject(row, rows)
        else:
            yield from rows


def _copy(connection: Connection, into: str, rows: Iterable[Fields]) -> None:
    with driver(connection).cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
