"""Search finds films by their tags, after those with the words in their title."""

import pytest
from sqlalchemy import Connection

from db.queries.search import search
from tests.catalogue import add_tags
from tests.db.queries.search.titles import add, check, found

pytestmark = pytest.mark.data_layer


def test_films_with_a_tag_come_after_films_with_the_words_in_their_title(
    connection: Connection,
) -> None:
    """By the users who gave it, then by popularity; titles that are only similar come last."""
    add(
        connection,
        {
            31: ("Time Travel for Beginners", 2001, 0),
            32: ("Time Travels", 2005, 1),
            33: ("The Time Traveler", 2009, 0),
            34: ("Tim Travel", 2009, 0),
        },
    )
    untagged = found(connection, "time travel")
    assert untagged == [31, 32, 33, 34]
    add_tags(connection, {"Time Travel": {19: 9, 1: 2, 3: 2, 31: 1}})
    for typed in ("time travel", "TIME  Travel", "time-travel"):
        assert found(connection, typed) == [31, 32, 33, 19, 3, 1, 34]
    check(connection, {"time trave": [32, 31, 33, 34], "time": [32, 31, 33, 34]})


def test_tag_alone_with_a_year_as_punctuation_and_in_two_spellings(connection: Connection) -> None:
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
    check(
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
    assert found(connection, "sci-fi", genre="Drama") == [1, 9]
    assert found(connection, "sci-fi", year_from=1990) == [1]
    films, total = search(connection, query="sci fi", page=2, size=2)
    assert ([film.id for film in films], total) == ([9], 3)
