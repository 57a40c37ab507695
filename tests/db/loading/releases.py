"""Helpers to write small releases to disk and to read a database."""

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from db.queries.views import VIEWS

MOVIES_HEADER = "movieId,title,genres"
RATINGS_HEADER = "userId,movieId,rating,timestamp"
TAGS_HEADER = "userId,movieId,tag,timestamp"

Rows = list[tuple[Any, ...]]

TABLES = (
    *("users", "sessions", "movies", "genres", "movie_genres", "tags", "movie_tags", "ratings"),
    *("events", "loads"),
)

FEW_MOVIES = ("1,Toy Story (1995),Adventure|Comedy", '2,"Interview, The (2014)",Comedy')
FEW_RATINGS = ("7,1,4.0,964982703", "7,2,0.5,964982704", "8,1,5.0,1")


def write_csv(
    folder: Path,
    movies: Iterable[str] = FEW_MOVIES,
    ratings: Iterable[str] = FEW_RATINGS,
    links: Iterable[str] | None = None,
    tags: Iterable[str] | None = None,
) -> Path:
    """Write a release with CSV files, given the lines after the headers."""
    folder.mkdir(parents=True, exist_ok=True)
    write_lines(folder / "movies.csv", MOVIES_HEADER, *movies)
    write_lines(folder / "ratings.csv", RATINGS_HEADER, *ratings)
    if links is not None:
        write_lines(folder / "links.csv", "movieId,imdbId,tmdbId", *links)
    if tags is not None:
        write_lines(folder / "tags.csv", TAGS_HEADER, *tags)
    return folder


def write_lines(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """Write a file of lines, each ended by a newline."""
    path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
    return path


def write_zip(path: Path, folder: Path, inside: str = "") -> Path:
    """Write a compressed zip of the files in a folder, inside a folder of the zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, inside + file.name)
    return path


def rows(engine: Engine, query: str) -> Rows:
    """Return the rows of a query."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def dump(engine: Engine) -> dict[str, Rows]:
    """Return every row of every table and view with its place on disk, to detect rewrites."""
    content = {
        table: rows(engine, f"SELECT ctid::text, xmin::text, {table}::text FROM {table} ORDER BY 1")
        for table in TABLES
    }
    for view in set(VIEWS) - {"figures_state"}:  # it has the time of the refresh
        content[view] = rows(engine, f"SELECT {view}::text FROM {view} ORDER BY 1")
    content["keys"] = keys(engine)
    return content


def keys(engine: Engine) -> Rows:
    """Return the constraints and indexes of the table ratings as SQL."""
    return rows(
        engine,
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'ratings'::regclass UNION ALL"
        " SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'ratings' ORDER BY 1, 2",
    )


def stored_movies(engine: Engine) -> Rows:
    """Return (id, title, year, genres by name) of every film."""
    return rows(
        engine,
        "SELECT id, title, year, array(SELECT name FROM movie_genres JOIN genres"
        " ON genres.id = genre_id WHERE movie_id = movies.id ORDER BY name)"
        " FROM movies ORDER BY id",
    )


def stored_ratings(engine: Engine) -> Rows:
    """Return (user, film, rating, seconds since 1970 UTC, is_own) of every rating."""
    return rows(
        engine,
        "SELECT user_id, movie_id, rating, extract(epoch FROM rated_at)::bigint, is_own"
        " FROM ratings ORDER BY 1, 2",
    )


def stored_tags(engine: Engine) -> Rows:
    """Return (film, tag, people) of every tag of a film."""
    return rows(
        engine,
        "SELECT movie_id, name, people FROM movie_tags JOIN tags ON tags.id = tag_id"
        " ORDER BY movie_id, people DESC, folded",
    )


def revisions(engine: Engine) -> dict[int, int]:
    """Return the revision of every user's ratings."""
    found = rows(engine, "SELECT id, ratings_revision FROM users")
    return {row[0]: row[1] for row in found}


def execute(engine: Engine, *statements: str) -> None:
    """Run statements in one transaction."""
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
