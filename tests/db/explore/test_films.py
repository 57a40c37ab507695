"""Films that stand out, and the long tail, on three rated films."""

import pytest
from sqlalchemy import Connection, text

from db.explore import films as film_statistics
from db.explore.slices import EVERYTHING

pytestmark = pytest.mark.data_layer


def test_films_by_bayesian_mean(connection: Connection) -> None:
    frame = film_statistics.outstanding(connection, EVERYTHING, "best", least=1)
    # Three rated films, five ratings: each film gets 5/3 ratings at the overall mean 3.7.
    weight, mean = 5 / 3, 3.7
    assert frame["title"].tolist() == ["Heat", "Fargo", "Solaris"]
    assert frame["bayesian_mean"].tolist() == pytest.approx(
        [
            (9.0 + weight * mean) / (2 + weight),
            (7.5 + weight * mean) / (2 + weight),
            (2.0 + weight * mean) / (1 + weight),
        ]
    )
    in_movie_stats = connection.execute(
        text("SELECT bayesian_mean FROM movie_stats ORDER BY bayesian_mean DESC")
    )
    assert frame["bayesian_mean"].tolist() == pytest.approx(in_movie_stats.scalars().all())


def test_disputed_films_have_the_widest_spread(connection: Connection) -> None:
    frame = film_statistics.outstanding(connection, EVERYTHING, "disputed", least=2)
    assert frame["title"].tolist() == ["Heat", "Fargo"]
    assert frame["deviation"].tolist() == pytest.approx([0.5, 0.25])


def test_underrated_films_are_in_the_quarter_with_the_fewest_ratings(
    connection: Connection,
) -> None:
    frame = film_statistics.outstanding(connection, EVERYTHING, "underrated", least=1)
    assert frame["title"].tolist() == ["Solaris"]


def test_ties_are_broken_by_id(connection: Connection) -> None:
    frame = film_statistics.outstanding(connection, EVERYTHING, "most", least=1, limit=2)
    assert frame["title"].tolist() == ["Heat", "Fargo"]


def test_long_tail_and_gini(connection: Connection) -> None:
    spread = film_statistics.concentration(connection, EVERYTHING)
    # Two films have two ratings each, one has one: a row for each number of ratings.
    assert spread.steps["rank"].tolist() == [2, 3]
    assert spread.steps["films_share"].tolist() == pytest.approx([2 / 3, 1])
    assert spread.steps["ratings_share"].tolist() == pytest.approx([0.8, 1])
    # Mean absolute difference of (2, 2, 1) over all nine pairs: 4/9; twice the mean: 10/3.
    assert spread.gini == pytest.approx(4 / 9 / (10 / 3))
