"""Writes IMDb's files, tiny ones, by their lines; and reads what is stored of them."""

import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from db.details.files import LAYOUTS
from tests.db.loading.releases import rows

Lines = Iterable[tuple[str, ...]]

TABLES = ("movie_details", "people", "movie_people", "movie_titles")
COLUMNS = {layout.name: layout.columns for layout in LAYOUTS}

FILMS: Lines = (
    ("tt0113277", "movie", "Heat", "Heat", "0", "1995", r"\N", "170", "Crime,Drama"),
    ("tt0116282", "movie", "Fargo", "Fargo", "0", "1996", r"\N", "98", "Crime"),
    ("tt0069293", "movie", "Solaris", "Solyaris", "0", "1972", r"\N", "167", "Drama"),
    ("tt0069294", "tvEpisode", "Solaris", "Solaris", "0", "1972", r"\N", "25", r"\N"),
)
CREW: Lines = (
    ("tt0113277", "nm0000520", "nm0000520"),
    ("tt0116282", "nm0001053,nm0001054", "nm0001054,nm0001053"),
    ("tt0069293", "nm0001789", r"\N"),
    ("tt0069294", "nm0000001", r"\N"),
)
PRINCIPALS: Lines = (
    ("tt0113277", "2", "nm0000134", "actor", r"\N", '["Neil"]'),
    ("tt0113277", "1", "nm0000199", "actor", r"\N", '["Vincent"]'),
    ("tt0113277", "3", "nm0000520", "director", r"\N", r"\N"),
    ("tt0116282", "1", "nm0000531", "actress", r"\N", r"\N"),
    ("tt0069294", "1", "nm0000001", "actor", r"\N", r"\N"),
)
NAMES: Lines = (
    ("nm0000520", "Michael Mann", "1943", r"\N", "director", "tt0113277"),
    ("nm0000134", "Robert De Niro", "1943", r"\N", "actor", "tt0113277"),
    ("nm0000199", "Al Pacino", "1940", r"\N", "actor", "tt0113277"),
    ("nm0001053", "Ethan Coen", "1957", r"\N", "director", "tt0116282"),
    ("nm0001054", "Joel Coen", "1954", r"\N", "director", "tt0116282"),
    ("nm0000531", "Frances McDormand", "1957", r"\N", "actress", "tt0116282"),
    ("nm0001789", "Andrei Tarkovsky", "1932", "1986", "director", "tt0069293"),
    ("nm0000001", "Nobody Here", r"\N", r"\N", r"\N", r"\N"),
)
AKAS: Lines = (
    ("tt0113277", "1", "Heat", r"\N", r"\N", "original", r"\N", "1"),
    ("tt0113277", "2", "Схватка", "RU", r"\N", "imdbDisplay", r"\N", "0"),
    ("tt0113277", "3", "Жара", "RU", r"\N", r"\N", "literal title", "0"),
    ("tt0113277", "4", "Fuego contra fuego", "ES", r"\N", "imdbDisplay", r"\N", "0"),
    ("tt0113277", "5", "Fuego contra fuego", "MX", "es", "imdbDisplay", r"\N", "0"),
    ("tt0069293", "1", "Солярис", "SUHH", "ru", r"\N", r"\N", "0"),
    ("tt0069294", "1", "Эпизод", "RU", r"\N", r"\N", r"\N", "0"),
)
EVERY: Mapping[str, Lines] = {
    "title.basics": FILMS,
    "title.crew": CREW,
    "title.principals": PRINCIPALS,
    "name.basics": NAMES,
    "title.akas": AKAS,
}


def write_imdb(
    folder: Path, files: Mapping[str, Lines] = EVERY, *, compressed: bool = True
) -> Path:
    """Write the folder with these files, given the lines after the headers."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        rows = ["\t".join(row) for row in (COLUMNS[name], *lines)]
        content = "".join(f"{row}\n" for row in rows).encode()
        if compressed:
            (folder / f"{name}.tsv.gz").write_bytes(gzip.compress(content))
        else:
            (folder / f"{name}.tsv").write_bytes(content)
    return folder


def stored(engine: Engine) -> dict[str, Any]:
    """Return the rows of all tables, each with the transaction that wrote it."""
    return {
        table: rows(engine, f"SELECT xmin::text, * FROM {table} ORDER BY 2, 3") for table in TABLES
    }
