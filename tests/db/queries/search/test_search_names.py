"""Search finds films by their titles in other regions, in any script, and by their people."""

import pytest
from sqlalchemy import Connection, text

from db.queries import names
from db.queries.search import search
from tests.catalogue import add_person
from tests.db.queries.search.titles import add, check, found

pytestmark = pytest.mark.data_layer

TITLES = {
    1: ("Матрица", "Матрикс", "黑客帝國"),
    3: ("Крёстный отец", "El padrino", "Ο Νονός"),
    8: ("Чужой", "The 8th Passenger"),
    9: ("Чужие",),
    4: ("Бегущий по лезвию", "The Matrix of Blades"),
}
PEOPLE = {
    101: ("Akira Kurosawa", {5: "director"}),
    102: ("Kiyoshi Kurosawa", {7: "director"}),
    103: ("Sigourney Weaver", {8: "cast", 9: "cast"}),
    104: ("Ridley Scott", {8: "director", 4: "director"}),
    105: ("Alien Smith", {1: "cast"}),
}


@pytest.fixture
def named(connection: Connection) -> Connection:
    """Return the connection to a database whose films have other titles and people."""
    films = dict.fromkeys(TITLES) | {film: None for _, roles in PEOPLE.values() for film in roles}
    connection.execute(
        text("INSERT INTO movie_details (movie_id, imdb_number) VALUES (:film, :film)"),
        [{"film": film} for film in films],
    )
    connection.execute(
        text(
            "INSERT INTO movie_titles (movie_id, title, regions, languages)"
            " VALUES (:film, :title, '{}', '{}')"
        ),
        [{"film": film, "title": each} for film, titles in TITLES.items() for each in titles],
    )
    for person, (name, roles) in PEOPLE.items():
        connection.execute(
            text("INSERT INTO people (id, name) VALUES (:id, :name)"), {"id": person, "name": name}
        )
        for film, role in roles.items():
            connection.execute(
                text("INSERT INTO movie_people VALUES (:film, :role, :place, :person)"),
                {"film": film, "role": role, "place": person, "person": person},
            )
    return connection


def test_titles_in_other_regions(named: Connection) -> None:
    check(
        named,
        {
            "Матрица": [1],
            "матри": [1],
            "КРЕСТНЫЙ ОТЕЦ": [3],
            "крёстный": [3],
            "отец крёст": [3],
            "padrino": [3],
            "ο νονος": [3],
            "黑客帝國": [1],
            "чуж": [9, 8],  # the best known first
            "чужой": [8],
            "Чужой (1979)": [8],
            "чужой 1979": [8],
            "чужой 1980": [],
            "лезвию по": [4],
            "лез по": [],
        },
    )
    assert found(named, "чуж", year_from=1980) == [9]
    assert found(named, "крёстный", genre="Western") == []


def test_own_titles_come_before_those_of_other_regions(named: Connection) -> None:
    check(named, {"matrix": [1, 4], "the matrix": [1, 4]})


def test_exact_titles_come_first(named: Connection) -> None:
    add(named, {31: ("Aliens: the Return", 1990, 4), 32: ("A Short", 1990, 0)})
    for film, title in ((31, "Чужой вернулся"), (32, "Чужой")):
        named.execute(text("INSERT INTO movie_details (movie_id) VALUES (:film)"), {"film": film})
        named.execute(
            text("INSERT INTO movie_titles VALUES (:film, :title, '{}', '{}')"),
            {"film": film, "title": title},
        )
    assert found(named, "чужой") == [8, 32, 31]


def test_films_of_people(named: Connection) -> None:
    check(
        named,
        {
            "kurosawa": [7, 5],
            "kuros": [7, 5],
            "akira kurosawa": [5],
            "kurosawa akira": [5],
            "sigourney weaver": [9, 8],
            "scott": [4, 8],
            "scott 1979": [8],
        },
    )


def test_films_of_people_come_after_titles_and_before_similar_ones(named: Connection) -> None:
    films, _ = search(named, query="alien")
    assert [film.id for film in films] == [8, 9, 1]


def test_a_word_of_few_letters_is_no_beginning(named: Connection) -> None:
    assert names.films(named, "чу") == []
    assert names.films(named, "чуж") == [9, 8]
    assert names.films(named, "kur") == []
    assert names.films(named, "kuro") == [7, 5]
    assert names.films(named, "") == []


def test_long_words(named: Connection) -> None:
    long = "ж" * 3000
    named.execute(
        text("INSERT INTO movie_titles VALUES (1, :title, '{}', '{}')"), {"title": long[:500]}
    )
    add(named, {33: (long, 2000, 0), 34: ("a" * 3000, 2000, 0)})
    check(named, {long: [33, 1], long[:150]: [33, 1], "ж" * 99: [33, 1], "a" * 3000: [34]})


def test_pages_of_what_is_found_in_several_ways(named: Connection) -> None:
    films, total = search(named, query="matrix", page=2, size=1)
    assert ([film.id for film in films], total) == ([4], 2)


def test_people_by_name(named: Connection) -> None:
    """The exact name first, then the best known."""
    add(named, {31: ("Unknown", 1990, 0)})
    add_person(named, 106, "Ridley Scott", {31: ["cast"]})
    add_person(named, 107, "Ridley", {31: ["cast"]})
    for query, expected in {
        "Kurosawa": [("Kiyoshi Kurosawa", 1), ("Akira Kurosawa", 1)],
        "akira KURO": [("Akira Kurosawa", 1)],
        "weaver": [("Sigourney Weaver", 2)],
        "ridley": [("Ridley", 1), ("Ridley Scott", 2), ("Ridley Scott", 1)],
        "kur": [],
        "scott 1979": [],
        "": [],
        "!?": [],
        "x" * 3000: [],
    }.items():
        assert [each[1:] for each in names.people(named, query, 3)] == expected
    assert names.people(named, "ridley", 1) == [(107, "Ridley", 1)]
