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


def test_every_chart_says_what_it_shows_and_has_its_table(ratings_page: AppTest) -> None:
    charts = ratings_page.get("plotly_chart")
    assert [each.value for each in ratings_page.subheader] == [
        "How people rate",
        "Ratings over time",
        "Genres",
        "Most rated films",
        "Best rated films",
        "The long tail",
    ]
    assert len(charts) == len(ratings_page.dataframe) == 6
    for chart, title in zip(charts, ratings_page.subheader, strict=True):
        assert chart.proto.alt.startswith(title.value)


def test_a_chart_and_its_table_have_the_same_figures(ratings_page: AppTest) -> None:
    table = ratings_page.dataframe[0].value
    assert table["rating"].tolist() == [2.0, 4.0, 4.5, 5.0]
    assert table["ratings"].tolist() == [8, 16, 16, 8]
    bars = json.loads(ratings_page.get("plotly_chart")[0].proto.spec)["data"][0]
    assert bars["type"] == "bar"


def test_titles_are_as_people_read_them(ratings_page: AppTest) -> None:
    assert "The Interview (2014)" in ratings_page.dataframe[3].value["film"].tolist()


def test_titles_are_no_markup_in_charts(ratings_page: AppTest) -> None:
    spec = ratings_page.get("plotly_chart")[3].proto.spec
    assert "‹script›alert" in json.dumps(json.loads(spec), ensure_ascii=False)
    assert "<script>" not in spec
    assert "\\u003cscript" not in spec


def test_no_ratings_yet(ratings_page: AppTest, application: Application) -> None:
    from db import views

    with application.engine.begin() as connection:
        connection.execute(text("DELETE FROM ratings"))
        views.refresh(connection)
    ratings_page.run()
    assert not ratings_page.exception
    assert "recsys load demo" in ratings_page.info[0].value
