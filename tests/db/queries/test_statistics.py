"""Totals of the data, and where it came from."""

import pytest
from sqlalchemy import Engine

from db.queries import statistics

pytestmark = pytest.mark.data_layer


def test_totals(films: Engine) -> None:
    with films.connect() as connection:
        totals = statistics.totals(connection)
    assert (totals.films, totals.rated_films, totals.ratings, totals.people) == (4, 3, 5, 2)
    assert totals.mean == pytest.approx(3.7)
    assert str(totals.first_at) == "2000-01-31 23:59:59+00:00"


def test_nothing_loaded(engine: Engine) -> None:
    with engine.connect() as connection:
        totals = statistics.totals(connection)
        assert (totals.films, totals.ratings, totals.first_at) == (0, 0, None)
        assert statistics.last_load(connection) is None


def test_installation_stays_the_same(engine: Engine) -> None:
    with engine.connect() as connection:
        assert statistics.installation(connection) == statistics.installation(connection)
