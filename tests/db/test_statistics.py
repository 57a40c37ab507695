"""The figures of the Ratings page, checked by hand on five ratings."""

import pytest
from sqlalchemy import Engine

from db import statistics

pytestmark = pytest.mark.data_layer


def test_totals(films: Engine) -> None:
    with films.connect() as connection:
        totals = statistics.totals(connection)
    assert (totals.films, totals.rated_films, totals.ratings, totals.people) == (4, 3, 5, 2)
    assert totals.mean == pytest.approx(3.7)
    assert str(totals.first_at) == "2000-01-31 23:59:59+00:00"


def test_distribution(films: Engine) -> None:
    with films.connect() as connection:
        frame = statistics.rating_distribution(connection)
    assert dict(zip(frame["rating"], frame["ratings"], strict=True)) == {
        2.0: 1,
        3.5: 1,
        4.0: 2,
        5.0: 1,
    }


def test_months_are_those_of_utc(films: Engine) -> None:
    with films.connect() as connection:
        frame = statistics.ratings_by_month(connection)
    assert frame["month"].astype(str).tolist() == ["2000-01-01", "2000-02-01"]
    assert frame["ratings"].tolist() == [1, 4]
    assert frame["people"].tolist() == [1, 2]
    assert frame["mean"].tolist() == pytest.approx([5.0, 3.375])


def test_genres(films: Engine) -> None:
    with films.connect() as connection:
        frame = statistics.genres(connection)
    assert frame["genre"].tolist() == ["Crime", "Drama", "Sci-Fi"]
    assert frame["films"].tolist() == [2, 1, 1]
    assert frame["ratings"].tolist() == [4, 2, 1]
    assert frame["mean"].tolist() == pytest.approx([4.125, 3.75, 2.0])


def test_best_rated_by_bayesian_mean(films: Engine) -> None:
    with films.connect() as connection:
        frame = statistics.best_rated(connection)
    # Three rated films, five ratings: each film is given 5/3 ratings of the overall mean 3.7.
    weight, mean = 5 / 3, 3.7
    assert frame["movie_id"].tolist() == [1, 2, 4]
    assert frame["bayesian_mean"].tolist() == pytest.approx(
        [
            (9.0 + weight * mean) / (2 + weight),
            (7.5 + weight * mean) / (2 + weight),
            (2.0 + weight * mean) / (1 + weight),
        ]
    )


def test_most_rated_breaks_ties_by_number(films: Engine) -> None:
    with films.connect() as connection:
        frame = statistics.most_rated(connection, limit=2)
    assert frame["title"].tolist() == ["Heat", "Fargo"]


def test_long_tail(films: Engine) -> None:
    with films.connect() as connection:
        frame = statistics.long_tail(connection)
    assert frame["films_share"].tolist() == pytest.approx([1 / 3, 2 / 3, 1])
    assert frame["ratings_share"].tolist() == pytest.approx([0.4, 0.8, 1])


def test_nothing_loaded(engine: Engine) -> None:
    with engine.connect() as connection:
        totals = statistics.totals(connection)
        assert (totals.films, totals.ratings, totals.first_at) == (0, 0, None)
        assert statistics.last_load(connection) is None
        for read in (
            statistics.rating_distribution,
            statistics.ratings_by_month,
            statistics.genres,
            statistics.most_rated,
            statistics.long_tail,
        ):
            assert read(connection).empty


def test_installation_stays_the_same(engine: Engine) -> None:
    with engine.connect() as connection:
        assert statistics.installation(connection) == statistics.installation(connection)
