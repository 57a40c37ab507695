"""A tiny catalogue: four films, two raters, six ratings."""

import pytest
from sqlalchemy import Engine, text

from db.queries import views


@pytest.fixture
def films(engine: Engine) -> Engine:
    """Return the engine of a database with the tiny catalogue and its views up to date."""
    with engine.begin() as connection:
        connection.execute(
            text(
                """
                INSERT INTO movies (id, title, year) VALUES
                    (1, 'Heat', 1995), (2, 'Fargo', 1996),
                    (3, 'Untimely', NULL), (4, 'Solaris', 1972);
                INSERT INTO genres (name) VALUES ('Crime'), ('Drama'), ('Sci-Fi');
                INSERT INTO movie_genres SELECT m, id FROM genres
                    JOIN (VALUES (1, 'Crime'), (2, 'Crime'), (2, 'Drama'), (4, 'Sci-Fi'))
                    AS v (m, g)
                    ON name = g;
                INSERT INTO users (id) VALUES (7), (8);
                INSERT INTO ratings (user_id, movie_id, rating, rated_at, is_own) VALUES
                    (7, 1, 5.0, '2000-01-31 23:59:59+00', false),
                    (7, 2, 4.0, '2000-02-01 00:00:00+00', false),
                    (7, 4, 2.0, '2000-02-02 00:00:00+00', false),
                    (8, 1, 4.0, '2000-02-03 00:00:00+00', false),
                    (8, 2, 3.5, '2000-02-03 00:00:00+00', false);
                """
            )
        )
        views.refresh(connection, concurrently=False)
    return engine
