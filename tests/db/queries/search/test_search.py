"""Search for films as users type their titles."""

from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from db.queries.search import PAGE, search
from tests.catalogue import add_tags
from tests.db.queries.search.titles import FILMS, add, check, found

pytestmark = pytest.mark.data_layer


def test_case_accents_and_articles_are_ignored(connection: Connection) -> None:
    check(
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


def test_typos(connection: Connection) -> None:
    check(
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


def test_search_while_typing(connection: Connection) -> None:
    """Each letter narrows the result; up to two letters must begin a word."""
    check(
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


def test_special_characters_are_literal(connection: Connection) -> None:
    check(
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


def test_exact_title_comes_first_then_whole_words_then_popularity(
    connection: Connection,
) -> None:
    """Aliens has 4 ratings and Alien none; Knocked Up is more popular than Up."""
    check(connection, {"alien": [8, 9], "aliens": [9, 8], "up": [17, 20], "beast": [14, 13]})


def test_labels_of_films_are_found(connection: Connection) -> None:
    check(
        connection,
        {
            "Up (2009)": [17],
            "the matrix (1999)": [1],
            "Beauty & the Beast (2017)": [14],
            "Up (1999)": [],
        },
    )


def test_most_popular_film_of_a_series_comes_first(connection: Connection) -> None:
    add(
        connection,
        {
            31: ("The Lord of the Rings", 1978, 1),
            32: ("The Lord of the Rings: The Fellowship of the Ring", 2001, 4),
            33: ("The Lord of the Rings: The Two Towers", 2002, 3),
            34: ("Ringers: Lord of the Fans", 2005, 4),
        },
    )
    order = [32, 33, 31, 34]
    check(connection, {"lord of the rings": order, "The Lord of the Rings": order})


def test_year_alone_and_after_a_title(connection: Connection) -> None:
    add(
        connection,
        {
            31: ("2001: A Space Odyssey", 1968, 2),
            32: ("Death Race 2000", 1975, 1),
            33: ("Death Race", 2008, 4),
            34: ("Gladiator", 2000, 3),
        },
    )
    check(
        connection,
        {
            "1979": [8, 10],  # they have no ratings
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


def test_filters_by_genre_and_years(connection: Connection) -> None:
    assert found(connection, "beauty", genre="Drama") == [13]
    assert found(connection, "beauty", genre="Western") == []
    assert found(connection, "beauty", year_from=2000) == [14]
    assert found(connection, "", genre="Drama", year_from=1991, year_to=1999) == [1, 5, 13, 19]
    assert found(connection, "", year_from=1986, year_to=1986) == [9, 12]
    assert found(connection, "", year_from=1987, year_to=1986) == []
    assert found(connection, "script", year_to=2100) == [], "its year is unknown"


def test_without_a_title_pages_of_the_most_rated_films(connection: Connection) -> None:
    order = [3, 9, 1, 4, 20, 2, 7, 14, 5, 6, 8, 10, 11, 12, 13, 15, 16, 17, 18, 19]
    for blank in ("", "   ", "\t\n"):
        assert found(connection, blank) == order
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


def test_search_can_use_the_index(connection: Connection) -> None:
    """PostgreSQL does so with many films; here it is prevented from reading them all."""
    asked: list[tuple[str, Any]] = []
    event.listen(
        connection,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, values, *_: asked.append((statement, values)),
    )
    add_tags(connection, {"time travel": {1: 1}})
    for typed in ("godfahter", "go", "godfather 1972", "time travel", "сталкер"):
        search(connection, query=typed)
    of_films = [each for each in asked if "FROM movies" in each[0]]
    by_index = {
        "movies_by_title": [each for each in of_films if "plain_words" not in each[0]],
        "movies_by_word": [each for each in of_films if "CAST(%(words)s" in each[0]],
        "movie_titles_by_word": [each for each in of_films if "WITH titled" in each[0]],
    }
    assert [len(statements) for statements in by_index.values()] == [8, 2, 5]
    for other in ("seqscan", "indexscan"):  # trigrams are looked up in bitmap scans
        connection.exec_driver_sql(f"SET LOCAL enable_{other} = off")
    for index, statements in by_index.items():
        for statement, values in statements:
            plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())
            assert f"Index Scan on {index}" in plan
            assert "Seq Scan on movie" not in plan.replace("Seq Scan on movie_tags", "")
