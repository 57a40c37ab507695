"""Copying a data set into temporary tables, from which SQL merges it."""

from collections.abc import Iterable

import numpy as np
from sqlalchemy import Connection, text

from db.connection.copying import BEGIN, END, driver, row_of
from db.loading.blocks import Block
from db.loading.films import SourceFilms
from db.loading.tags import GivenTag

_TABLES = """
CREATE TEMPORARY TABLE incoming_movies (
    id integer, title text, year smallint, imdb_id integer, tmdb_id integer, genres text[]
) ON COMMIT DROP;
CREATE TEMPORARY TABLE incoming_ratings (
    line bigint, rated_at timestamptz, user_id integer, movie_id integer, rating real
) ON COMMIT DROP;
CREATE TEMPORARY TABLE incoming_tags (
    movie_id integer, user_id integer, tag text COLLATE "C", folded text COLLATE "C"
) ON COMMIT DROP;
"""

# PostgreSQL counts microseconds from the year 2000.
_SECONDS_TO_2000 = 946_684_800

_COLUMNS = {"line": ">i8", "rated_at": ">i8", "user_id": ">i4", "movie_id": ">i4", "rating": ">f4"}
_ROW = row_of(**_COLUMNS)


def create_tables(connection: Connection) -> None:
    """Create the tables `incoming_…`, which exist until the transaction ends."""
    connection.execute(text(_TABLES))


def copy_films(connection: Connection, films: SourceFilms) -> None:
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
    """Fill `incoming_ratings` block by block and return the number of rows."""
    rows = 0
    with (
        driver(connection).cursor() as cursor,
        cursor.copy(
            "COPY incoming_ratings (line, rated_at, user_id, movie_id, rating) "
            "FROM STDIN (FORMAT binary)"
        ) as copy,
    ):
        copy.write(BEGIN)
        for block in blocks:
            copy.write(_packed(block))
            rows += len(block.lines)
        copy.write(END)
    return rows


def copy_tags(connection: Connection, tags: Iterable[GivenTag]) -> None:
    """Fill `incoming_tags`, one line of the file at a time."""
    with (
        driver(connection).cursor() as cursor,
        cursor.copy("COPY incoming_tags (movie_id, user_id, tag, folded) FROM STDIN") as copy,
    ):
        for given in tags:
            copy.write_row(given)


def _packed(block: Block) -> bytes:
    rows = np.empty(len(block.lines), _ROW)
    rows["fields"] = len(_COLUMNS)
    for name in _COLUMNS:
        rows[f"{name}_size"] = _ROW[name].itemsize
    rows["line"] = block.lines
    rows["rated_at"] = (block.seconds - _SECONDS_TO_2000) * 1_000_000
    rows["user_id"] = block.users
    rows["movie_id"] = block.films
    rows["rating"] = block.ratings
    return rows.tobytes()
