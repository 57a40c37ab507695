"""Putting a data set into temporary tables with COPY, from where SQL takes it over."""

from collections.abc import Iterable

import numpy as np
import psycopg
from sqlalchemy import Connection, text

from db.loading.films import Films
from db.loading.ratings import Block

_TABLES = """
CREATE TEMPORARY TABLE incoming_movies (
    id integer, title text, year smallint, imdb_id integer, tmdb_id integer, genres text[]
) ON COMMIT DROP;
CREATE TEMPORARY TABLE incoming_ratings (
    line bigint, rated_at timestamptz, user_id integer, movie_id integer, rating real
) ON COMMIT DROP;
"""

# PostgreSQL counts microseconds from the year 2000.
_SECONDS_TO_2000 = 946_684_800

# A row of COPY's binary format: the number of fields, then each with its length before it.
_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("line_size", ">i4"),
        ("line", ">i8"),
        ("rated_at_size", ">i4"),
        ("rated_at", ">i8"),
        ("user_id_size", ">i4"),
        ("user_id", ">i4"),
        ("movie_id_size", ">i4"),
        ("movie_id", ">i4"),
        ("rating_size", ">i4"),
        ("rating", ">f4"),
    ]
)
_BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"


def create_tables(connection: Connection) -> None:
    """Make `incoming_movies` and `incoming_ratings`, which last as long as the transaction."""
    connection.execute(text(_TABLES))


def copy_films(connection: Connection, films: Films) -> None:
    """Fill `incoming_movies`."""
    with (
        driver(connection).cursor() as cursor,
        cursor.copy(
            "COPY incoming_movies (id, title, year, imdb_id, tmdb_id, genres) FROM STDIN"
        ) as copy,
    ):
        for film_id, film in films.by_id.items():
            links = films.links.get(film_id, (None, None))
            copy.write_row((film_id, film.title, film.year, *links, list(film.genres)))


def copy_ratings(connection: Connection, blocks: Iterable[Block]) -> int:
    """Fill `incoming_ratings` block by block; returns the number of rows."""
    rows = 0
    with (
        driver(connection).cursor() as cursor,
        cursor.copy(
            "COPY incoming_ratings (line, rated_at, user_id, movie_id, rating) "
            "FROM STDIN (FORMAT binary)"
        ) as copy,
    ):
        copy.write(_BEGIN)
        for block in blocks:
            copy.write(_packed(block))
            rows += len(block.lines)
        copy.write(_END)
    return rows


def driver(connection: Connection) -> psycopg.Connection:
    """The connection of psycopg beneath, inside the same transaction."""
    beneath = connection.connection.driver_connection
    if not isinstance(beneath, psycopg.Connection):
        raise TypeError("loading needs the driver psycopg 3: postgresql+psycopg://…")
    return beneath


def _packed(block: Block) -> bytes:
    rows = np.empty(len(block.lines), _ROW)
    rows["fields"] = 5
    for name in ("line", "rated_at", "user_id", "movie_id", "rating"):
        rows[f"{name}_size"] = _ROW[name].itemsize
    rows["line"] = block.lines
    rows["rated_at"] = (block.seconds - _SECONDS_TO_2000) * 1_000_000
    rows["user_id"] = block.users
    rows["movie_id"] = block.films
    rows["rating"] = block.ratings
    return rows.tobytes()
