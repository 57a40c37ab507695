"""The Ratings page: charts, each with its figures beside it."""

import json

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from startup import Application

pytestmark = pytest.mark.data_layer


@pytest.fixture
def ratings_page(visitor: AppTest) -> AppTest:
    return visitor.switch_page("ratings.py").run()


def test_totals(ratings_page: AppTest) -> None:
    assert not ratings_page.exception
    assert {each.label: each.value for each in ratings_page.metric} == {
        "Ratings": "48",
        "People": "8",
        "Films rated": "11",
        "Mean rating": "4.00 ★",
    }


def test_no_ratings_yet(ratings_page: AppTest, application: Application) -> None:
    from db import views

    with application.engine.begin() as connection:
        connection.execute(text("DELETE FROM ratings"))
        views.refresh(connection)
    ratings_page.run()
    assert not ratings_page.exception
    assert "recsys load demo" in ratings_page.info[0].value
