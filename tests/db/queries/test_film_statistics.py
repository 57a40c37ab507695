"""Statistics of one film, checked on a few ratings."""

import pytest
from sqlalchemy import Engine, text

from db.queries import film_statistics

pytestmark = pytest.mark.data_layer


def test_all_numbers_of_stars_are_counted(films: Engine) -> None:
    """Film 1 has five and four stars; film 3 has no ratings, and there is no film 99."""
    with films.connect() as connection:
        for number, given in ((1, {4.0: 1, 5.0: 1}), (3, {}), (99, {})):
            counted = film_statistics.distribution(film_statistics.counted(connection, number))
            assert list(counted.columns) == ["rating", "ratings"]
            assert counted["rating"].tolist() == [step / 2 for step in range(1, 11)]
            assert counted["ratings"].tolist() == [given.get(step / 2, 0) for step in range(1, 11)]


def test_ratings_by_year_in_utc(films: Engine) -> None:
    """A second before 2000 in UTC counts as 1999, although it is already 2000 in Auckland."""
    with films.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO users (id) VALUES (9), (10);"
                "INSERT INTO ratings (user_id, movie_id, rating, rated_at) VALUES "
                "(9, 1, 1.5, '1999-12-31 23:59:59+00'), (10, 1, 3.0, '2003-01-01 00:00:00+00')"
            )
        )
        years = film_statistics.by_year(film_statistics.counted(connection, 1))
        assert years.to_dict("list") == {
            "year": [1999, 2000, 2003],
            "ratings": [1, 2, 1],
            "mean": [1.5, 4.5, 3.0],
        }
        assert film_statistics.by_year(film_statistics.counted(connection, 3)).to_dict("list") == {
            "year": [],
            "ratings": [],
            "mean": [],
        }
