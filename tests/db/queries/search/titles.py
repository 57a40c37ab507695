"""Films with titles that are hard to search for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, text

from db.queries import views
from db.queries.search import search

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


def fill(engine: Engine) -> None:
    """Store these films and ratings; odd IDs are dramas."""
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO users (id) SELECT generate_series(1, 4)"))
        add(connection, FILMS)
        connection.execute(
            text(
                "INSERT INTO genres (name) VALUES ('Drama'), ('Western');"
                "INSERT INTO movie_genres SELECT movies.id, genres.id FROM movies, genres "
                "WHERE name = 'Drama' AND movies.id % 2 = 1"
            )
        )


def add(connection: Connection, films: dict[int, tuple[str, int | None, int]]) -> None:
    """Add films by ID: title, year, number of ratings."""
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


def found(connection: Connection, query: str, **narrowed: Any) -> list[int]:
    """Return the films that a search finds, all of them on its first page."""
    films, total = search(connection, query=query, **narrowed)
    assert total == len(films)
    return [film.id for film in films]


def check(connection: Connection, expected: dict[str, Sequence[int]]) -> None:
    """Check what a search finds for each of these texts."""
    assert {typed: found(connection, typed) for typed in expected} == {
        typed: list(films) for typed, films in expected.items()
    }
