"""Films found as people type their titles."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text

from db.loading import load
from db.queries import views
from db.queries.search import PAGE, search
from tests.catalogue import add_tags

pytestmark = pytest.mark.data_layer

RELEASE = Path(__file__).parents[3] / os.environ.get(
    "MOVIELENS_DIR", "../shared/data/ml-latest-small"
)

FILMS = {
    1: ("The Matrix", 1999, 3),
    2: ("Amélie (Fabuleux destin d'Amélie Poulain, Le)", 2001, 1),
    3: ("The Godfather", 1972, 4),
    4: ("Blade Runner", 1982, 2),
    5: ("Forrest Gump", 1994, 0),
    6: ("Oh, God!", 1977, 0),
    7: ("Godzilla", 1954, 1),
    8: ("Alien", 1979, 0),
    9: ("Aliens", 1986, 4),
    10: ("Сталкер", 1979, 0),
    11: ("$", 1971, 0),
    12: ("¡Three Amigos!", 1986, 0),
    13: ("Beauty & the Beast", 1991, 0),
    14: ("Beauty and the Beast", 2017, 1),
    15: ("100% Wolf", 2020, 0),
    16: ("<script>alert('x')</script>", None, 0),
    17: ("Up", 2009, 0),
    18: ("M", 1931, 0),
    19: ("Chungking Express", 1994, 0),
    20: ("Knocked Up", 2007, 2),
}


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection to a database with these films, each rated so often; odd ones are dramas."""
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO users (id) SELECT generate_series(1, 4)"))
        _add(connection, FILMS)
        connection.execute(
            text(
                "INSERT INTO genres (name) VALUES ('Drama'), ('Western');"
                "INSERT INTO movie_genres SELECT movies.id, genres.id FROM movies, genres "
                "WHERE name = 'Drama' AND movies.id % 2 = 1"
            )
        )
    with engine.connect() as connection:
        yield connection


def _add(connection: Connection, films: dict[int, tuple[str, int | None, int]]) -> None:
    """Films by their numbers: title, year, how often rated."""
    for film, (title, year, often) in films.items():
        connection.execute(
            text("INSERT INTO movies (id, title, year) VALUES (:id, :title, :year)"),
            {"id": film, "title": title, "year": year},
        )
        connection.execute(
            text(
                "INSERT INTO ratings (user_id, movie_id, rated_at, rating) "
                "SELECT id, :film, now(), 4 FROM users WHERE id <= :often"
            ),
            {"film": film, "often": often},
        )
    views.refresh(connection, concurrently=False)


def _found(connection: Connection, query: str, **narrowed: Any) -> list[int]:
    films, total = search(connection, query=query, **narrowed)
    assert total == len(films)
    return [film.id for film in films]


def _check(connection: Connection, expected: dict[str, Sequence[int]]) -> None:
    assert {typed: _found(connection, typed) for typed in expected} == {
        typed: list(films) for typed, films in expected.items()
    }


def test_in_any_case_without_accents_and_articles(connection: Connection) -> None:
    _check(
        connection,
        {
            "amelie": [2],
            "AMÉLIE": [2],
            "le fabuleux DESTIN": [2],
            "the matrix": [1],
            "Matrix, The": [1],
            "matrix": [1],
            "a matrix": [1],
            "  blade \t  runner ": [4],
            "three amigos": [12],
            "сталкер": [10],
            "СТАЛК": [10],
            "beauty and the beast": [14, 13],
            "BEAUTY & THE BEAST": [14, 13],
        },
    )


def test_with_typing_errors(connection: Connection) -> None:
    _check(
        connection,
        {
            "godfahter": [3],
            "blade runer": [4],
            "bladerunner": [4],
            "forest gump": [5],
            "chunking expres": [19],
            "xylophone": [],
        },
    )


def test_as_one_types(connection: Connection) -> None:
    """Each letter narrows it; up to two letters, words begin with them."""
    _check(
        connection,
        {
            "g": [3, 7, 5, 6],
            "go": [3, 7, 6],
            "god": [6, 3, 7],
            "godf": [3, 7, 6],
            "godfather": [3],
            "m": [18, 1],
            "up": [17, 20],
            "zz": [],
        },
    )


def test_signs_are_nothing_but_signs(connection: Connection) -> None:
    _check(
        connection,
        {
            "$": [11],
            "!": [6, 12],
            "!!!": [],
            "%": [15],
            "_": [],
            "\\": [],
            "'": [2, 16],
            '"': [],
            "%%": [],
            "100%": [15],
            "<script>": [16],
            "<script>alert('x')</script>": [16],
            "'; DROP TABLE movies; --": [],
            "' OR 1=1 --": [],
            "😀": [],
            "x" * 200: [],
            "🎬 alien": [8, 9],
        },
    )
    assert connection.scalar(text("SELECT count(*) FROM movies")) == len(FILMS)


def test_the_very_title_comes_first_then_whole_words_then_the_better_known(
    connection: Connection,
) -> None:
    """Aliens is rated 4 times and Alien never; Knocked Up is better known than Up."""
    _check(connection, {"alien": [8, 9], "aliens": [9, 8], "up": [17, 20], "beast": [14, 13]})


def test_as_films_are_named_everywhere(connection: Connection) -> None:
    _check(
        connection,
        {
            "Up (2009)": [17],
            "the matrix (1999)": [1],
            "Beauty & the Beast (2017)": [14],
            "Up (1999)": [],
        },
    )


def test_of_a_series_the_best_known_comes_first(connection: Connection) -> None:
    _add(
        connection,
        {
            31: ("The Lord of the Rings", 1978, 1),
            32: ("The Lord of the Rings: The Fellowship of the Ring", 2001, 4),
            33: ("The Lord of the Rings: The Two Towers", 2002, 3),
            34: ("Ringers: Lord of the Fans", 2005, 4),
        },
    )
    found = [32, 33, 31, 34]
    _check(connection, {"lord of the rings": found, "The Lord of the Rings": found})


def test_a_year_alone_and_after_a_title(connection: Connection) -> None:
    _add(
        connection,
        {
            31: ("2001: A Space Odyssey", 1968, 2),
            32: ("Death Race 2000", 1975, 1),
            33: ("Death Race", 2008, 4),
            34: ("Gladiator", 2000, 3),
        },
    )
    _check(
        connection,
        {
            "1979": [8, 10],  # nobody has rated them
            "1986": [9, 12],
            "2001": [31, 2],
            "2000": [34, 32],
            "1887": [],
            "alien 1979": [8],
            "blade runer 1982": [4],
            "aliens 1986": [9],
            "up 2009": [17],
            "death race 2000": [32],
            "death race 2008": [33],
            "dead race 2000": [32, 33],  # there is none of that year
            "space odyssey 2001": [31],
            "2001 a space odyssey": [31],
            "matrix 1066": [1],
        },
    )


def test_narrowed_by_genre_and_years(connection: Connection) -> None:
    assert _found(connection, "beauty", genre="Drama") == [13]
    assert _found(connection, "beauty", genre="Western") == []
    assert _found(connection, "beauty", year_from=2000) == [14]
    assert _found(connection, "", genre="Drama", year_from=1991, year_to=1999) == [1, 5, 13, 19]
    assert _found(connection, "", year_from=1986, year_to=1986) == [9, 12]
    assert _found(connection, "", year_from=1987, year_to=1986) == []
    assert _found(connection, "script", year_to=2100) == [], "its year is not known"


def test_without_a_title_the_most_rated_first_page_by_page(connection: Connection) -> None:
    order = [3, 9, 1, 4, 20, 2, 7, 14, 5, 6, 8, 10, 11, 12, 13, 15, 16, 17, 18, 19]
    for blank in ("", "   ", "\t\n"):
        assert _found(connection, blank) == order
    pages = [search(connection, page=page, size=9) for page in (1, 2, 3, 4)]
    assert [[film.id for film in films] for films, _ in pages] == [
        order[:9],
        order[9:18],
        order[18:],
        [],
    ]
    assert [total for _, total in pages] == [20] * 4
    films, total = search(connection, query="god", page=2, size=2)
    assert ([film.id for film in films], total) == ([7], 3)
    assert PAGE == 20


def test_films_with_a_tag_come_after_those_with_the_words_in_their_title(
    connection: Connection,
) -> None:
    """By the people who gave it, then the better known; what is only spelt alike comes last."""
    _add(
        connection,
        {
            31: ("Time Travel for Beginners", 2001, 0),
            32: ("Time Travels", 2005, 1),
            33: ("The Time Traveler", 2009, 0),
            34: ("Tim Travel", 2009, 0),
        },
    )
    untagged = _found(connection, "time travel")
    assert untagged == [31, 32, 33, 34]
    add_tags(connection, {"Time Travel": {19: 9, 1: 2, 3: 2, 31: 1}})
    for typed in ("time travel", "TIME  Travel", "time-travel"):
        assert _found(connection, typed) == [31, 32, 33, 19, 3, 1, 34]
    _check(connection, {"time trave": [32, 31, 33, 34], "time": [32, 31, 33, 34]})


def test_a_tag_alone_with_a_year_as_signs_and_in_two_spellings(connection: Connection) -> None:
    add_tags(
        connection,
        {
            "sci-fi": {4: 2, 1: 5},
            "sci fi": {4: 8, 9: 1},
            "Amélie": {19: 1},
            "1979": {3: 1},
            "oscar 1972": {3: 1},
            ":-)": {20: 1},
            "up": {5: 1},
        },
    )
    _check(
        connection,
        {
            "sci-fi": [4, 1, 9],
            "sci fi": [4, 1, 9],
            "amelie": [2, 19],
            "1979": [8, 10, 3],
            "oscar 1972": [3],
            ":-)": [20],
            "up": [17, 20, 5],
        },
    )
    assert _found(connection, "sci-fi", genre="Drama") == [1, 9]
    assert _found(connection, "sci-fi", year_from=1990) == [1]
    films, total = search(connection, query="sci fi", page=2, size=2)
    assert ([film.id for film in films], total) == ([9], 3)


def test_a_typed_title_can_be_looked_up_in_the_index(connection: Connection) -> None:
    """Which PostgreSQL does once there are many films; here it is kept from reading them all."""
    asked: list[tuple[str, Any]] = []
    event.listen(
        connection,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, values, *_: asked.append((statement, values)),
    )
    add_tags(connection, {"time travel": {1: 1}})
    for typed in ("godfahter", "go", "godfather 1972", "time travel"):
        search(connection, query=typed)
    of_films = [each for each in asked if "FROM movies" in each[0]]
    assert len(of_films) == 8
    for other in ("seqscan", "indexscan"):  # trigrams are looked up in bitmap scans
        connection.exec_driver_sql(f"SET LOCAL enable_{other} = off")
    for statement, values in of_films:
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())
        assert "Index Scan on movies_by_title" in plan
        assert "Seq Scan on movies " not in plan


def test_what_people_type_finds_the_film_they_mean(engine: Engine) -> None:
    if not (RELEASE / "ratings.csv").is_file():
        pytest.skip("ml-latest-small is not here: name its folder in MOVIELENS_DIR")
    load(engine, RELEASE)
    expected = {
        "matrix": "The Matrix",
        "amelie": "Amelie (Le Fabuleux destin d'Amélie Poulain)",
        "godfahter": "The Godfather",
        "god": "The Godfather",
        "blade runer": "Blade Runner",
        "forest gump": "Forrest Gump",
        "starwars": "Star Wars: Episode IV - A New Hope",
        "empire strikes back": "Star Wars: Episode V - The Empire Strikes Back",
        "ghostbusters": "Ghostbusters (a.k.a. Ghost Busters)",
        "silence lambs": "The Silence of the Lambs",
        "jurrasic": "Jurassic Park",
        "xmen": "X-Men",
        "wall-e": "WALL·E",
        "harry potter": "Harry Potter and the Sorcerer's Stone (a.k.a. Harry Potter and the "
        "Philosopher's Stone)",
    }
    with engine.connect() as connection:
        found = {typed: search(connection, query=typed, size=3)[0] for typed in expected}
    missed = {
        typed: [film.title for film in films]
        for typed, films in found.items()
        if expected[typed] not in [film.title for film in films]
    }
    assert missed == {}
