"""Files of a thousand rows about real films, written as other services write them.

No row may be taken for another film without a question, and of those that mean a film of the
catalogue at least 97 % are found without one.
"""

import csv
import io
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from accounts.imports import Preview, match, read
from db.loading import load
from db.loading.names import key, without_article
from db.queries import matching
from db.queries.matching import Candidate

pytestmark = pytest.mark.data_layer

ROWS = 1000
LEAST_CERTAIN = 0.97
TYPES_OF_OTHERS = ("TV Series", "TV Special", "Video Game", "Сериал", "Fernsehserie", "Jeu vidéo")


@pytest.fixture
def films(engine: Engine, release: Path) -> list[Candidate]:
    """Return the catalogue of ml-latest-small: the films with a year."""
    load(engine, release)
    with engine.connect() as connection:
        return [film for film in matching.all_films(connection) if film.year is not None]


def _plain(title: str) -> str:
    return re.sub(r"(?<=\S)\s*\([^()]*\)", "", title)


def _without_accents(title: str) -> str:
    apart = unicodedata.normalize("NFKD", _plain(title))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).upper()


def _article(title: str) -> str:
    found = re.match(r"(The|A|An|La|Le|Les|El|Il) (.+)", _plain(title))
    return f"{found[2]}, {found[1]}" if found else _plain(title)


def _translated(title: str) -> str:
    found = re.search(r"\((?!a\.k\.a)([^()]+)\)$", title)
    return found[1] if found else _plain(title)


def _without_subtitle(title: str) -> str:
    return re.split(r":\s|\s[-–—]\s", _plain(title))[0]


def _with_dash(title: str) -> str:
    return _plain(title).replace(": ", " - ")


VARIANTS: Sequence[Callable[[str], str]] = (
    *(_plain, str, _without_accents, _article, _translated, _without_subtitle, _with_dash),
)


class Writer:
    """Writes films as services do, and records which film each row means."""

    def __init__(self, films: Sequence[Candidate], seed: int) -> None:
        self._films = films
        self._chance = random.Random(seed)
        self._named: defaultdict[str, list[Candidate]] = defaultdict(list)
        for film in films:
            for title in (film.title, _plain(film.title), _without_subtitle(film.title)):
                named = self._named[without_article(key(title))]
                if film not in named:
                    named.append(film)

    def sample(self) -> list[Candidate]:
        return self._chance.sample(self._films, ROWS)

    def one_of(self, texts: Sequence[str]) -> str:
        return self._chance.choice(texts)

    def title_and_year(self, film: Candidate) -> tuple[str, int]:
        """Vary the title, and sometimes the year by one, but never use another film's own title."""
        assert film.year is not None
        title = self._chance.choice(VARIANTS)(film.title)
        year = film.year + self._chance.choice((0, 0, 0, 1, -1))
        others = [other for other in self._named[without_article(key(title))] if other != film]
        if any(abs((other.year or 0) - year) <= 2 for other in others):
            return film.title, film.year
        return title, year


def _csv(header: str, rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header.split(","), *rows])
    return text.getvalue().encode()


def _wrong(preview: Preview, meant: dict[int, Candidate | None]) -> list[tuple[str, str]]:
    return [
        (f"{found.row.title} {found.row.year}", found.movie.label)
        for found in preview.matched
        if (film := meant[found.row.line]) is None or film.id != found.movie.id
    ]


def _certain(preview: Preview, meant: dict[int, Candidate | None]) -> float:
    right = [film for film in meant.values() if film is not None]
    return len(preview.matched) / len(right)


def _without_numbers(connection: Connection, writer: Writer) -> None:
    """Write rows like Letterboxd: title and year only."""
    meant: dict[int, Candidate | None] = {}
    rows = []
    for line, film in enumerate(writer.sample(), 2):
        title, year = writer.title_and_year(film)
        meant[line] = film
        rows.append(("2023-04-01", title, year, f"https://boxd.it/{film.id}", 4))
    parsed = read("ratings.csv", _csv("Date,Name,Year,Letterboxd URI,Rating", rows))
    preview = match(connection, parsed.rows, {})
    assert _wrong(preview, meant) == []
    assert _certain(preview, meant) >= LEAST_CERTAIN


def _with_numbers(connection: Connection, writer: Writer) -> None:
    """Write rows like IMDb: ids, titles in another language, same titles with different ids."""
    meant: dict[int, Candidate | None] = {}
    rows: list[tuple[object, ...]] = []
    for film in writer.sample():
        meant[len(rows) + 2] = film
        rows.append(
            (f"tt{film.imdb_id:07}", 8, "2023-04-01", f"Фильм {film.id}", "Film", film.year)
        )
        if film.id % 10 == 0:
            kind = writer.one_of(("Movie", "Movie", *TYPES_OF_OTHERS))
            meant[len(rows) + 2] = None
            rows.append((f"tt9{film.id:07}", 2, "2024-04-01", _plain(film.title), kind, film.year))
    parsed = read("ratings.csv", _csv("Const,Your Rating,Date Rated,Title,Title Type,Year", rows))
    preview = match(connection, parsed.rows, {})
    assert _wrong(preview, meant) == []
    assert _certain(preview, meant) >= LEAST_CERTAIN


def test_certain_matches_are_never_wrong(engine: Engine, films: list[Candidate]) -> None:
    with engine.connect() as connection:

        @settings(max_examples=5)
        @given(st.integers(0, 10_000))
        def for_any_file(seed: int) -> None:
            _without_numbers(connection, Writer(films, seed))
            _with_numbers(connection, Writer(films, seed))

        for_any_file()
