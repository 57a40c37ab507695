"""A catalogue of films that are hard to distinguish."""

import pytest
from sqlalchemy import Engine, text

from db.queries import views

FILMS: list[tuple[int, str, int | None, int | None, int | None]] = [
    # id, title, year, imdb_id, tmdb_id
    (1, "Heat", 1995, 113277, 949),
    (2, "The Matrix", 1999, 133093, 603),
    (3, "Amélie (Le Fabuleux destin d'Amélie Poulain)", 2001, 211915, 194),
    (4, "Emma", 1996, 116191, 3573),
    (5, "Emma", 1996, 118308, 12254),
    (6, "Untimely", None, None, None),
    (7, "Solaris (Solyaris)", 1972, 69293, 593),
    (8, "Solaris", 2002, 307479, 2103),
    (9, "Star Wars: Episode IV - A New Hope", 1977, 76759, 11),
    (10, "Lilo & Stitch", 2002, 275847, 11544),
    (11, "Die Hard", 1988, 95016, 562),
    (12, "Seven (a.k.a. Se7en)", 1995, 114369, 807),
    (13, "Heat", 1986, 93164, None),
    (14, "Twin of Twelve", 1995, None, 807),
    (15, "<script>alert('x')</script>", 2001, None, None),
]


@pytest.fixture
def films(engine: Engine) -> Engine:
    """Return the engine of a database with the films, and users 7 (who rated two) and 8."""
    with engine.begin() as connection:
        for film in FILMS:
            connection.execute(
                text(
                    "INSERT INTO movies (id, title, year, imdb_id, tmdb_id) VALUES (:a,:b,:c,:d,:e)"
                ),
                dict(zip("abcde", film, strict=True)),
            )
        connection.execute(
            text(
                """
                INSERT INTO users (id) VALUES (7), (8);
                INSERT INTO ratings (user_id, movie_id, rating, rated_at, is_own) VALUES
                    (7, 1, 5.0, '2000-01-31 23:59:59+00', false),
                    (7, 5, 4.0, '2000-02-01 00:00:00+00', true);
                """
            )
        )
        views.refresh(connection, concurrently=False)
    return engine
