"""The Ratings page: views through filters that stand in the address, tables, files."""

import csv
import io
import json
from itertools import product

import pandas as pd
import pytest
import streamlit as st_
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from db.explore.slices import EVERYTHING, Slice
from db.queries import views as materialised
from i18n.language import Language
from pages.parts import charts, files
from pages.ratings import cells, figure, slicing
from startup import Application
from tests.pages.conftest import new_visit, opened, press, warnings

VIEWS = {
    "Stars": ["How people rate"],
    "Over time": ["Ratings over time"],
    "Genres": ["Genres"],
    "Liked together": [],  # eight people are too few
    "Release years": ["Genres over the years of release"],
    "Films": ["Best films"],
    "Long tail": ["The long tail", "The Lorenz curve"],
    "People": ["People by activity"],
}
LIGHT, DARK = "#fdfaf5", "#15110f"


def _sentences(visitor: AppTest) -> str:
    return "\n".join(each.value for each in visitor.markdown)


def _tiles(visitor: AppTest) -> dict[str, str]:
    return {each.label: each.value for each in visitor.metric}


@pytest.mark.data_layer
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_through_filters(application: Application, view: str) -> None:
    visitor = opened(
        new_visit(),
        "ratings",
        view=view,
        genre=["Sci-Fi", "Crime"],
        released_from="1975",
        least="1",
    )
    assert not warnings(visitor, "rule")
    assert "Sci-Fi or Crime · released in 1975 or later" in _sentences(visitor)
    assert _tiles(visitor)["Ratings"] == "21"
    figures = [each.value for each in visitor.subheader]
    assert figures == VIEWS[view]
    shown = visitor.get("plotly_chart")
    assert len(shown) == len(visitor.dataframe)
    assert [each.proto.label for each in visitor.get("download_button")] == [
        "Download as CSV",
        "About this file",
    ] * len(shown)
    for chart, title in zip(shown, figures, strict=True):
        assert chart.proto.alt.startswith(f"{title}. ")
        assert any(letter.isdigit() for letter in chart.proto.alt)
    if not figures:
        assert "Use broader filters" in visitor.info[0].value


@pytest.mark.data_layer
def test_totals_and_the_first_view(application: Application) -> None:
    visitor = opened(new_visit(), "ratings")
    assert _tiles(visitor) == {
        "Ratings": "48",
        "People": "8",
        "Films rated": "11",
        "Mean rating": "4.00 ★",
    }
    table = visitor.dataframe[0].value
    assert table["ratings"].tolist() == [0, 0, 0, 8, 0, 0, 0, 16, 16, 8]
    assert visitor.get("plotly_chart")[0].proto.alt == (
        "How people rate. Most often 4 stars: 16 ratings, 33%"
    )


@pytest.mark.data_layer
def test_films_have_pages_and_names_without_markup(application: Application) -> None:
    visitor = opened(new_visit(), "ratings", view="Films", films="Most rated", least="1")
    table = visitor.dataframe[0].value
    assert "The Interview (2014)" in table["film"].tolist()
    assert all(address.startswith("/film?id=") for address in table["page"])
    spec = visitor.get("plotly_chart")[0].proto.spec
    assert "‹script›alert" in json.dumps(json.loads(spec), ensure_ascii=False)
    assert "<script>" not in spec
    assert visitor.select_slider(key="least").options == ["1", "5"], (
        "no film has more than 6 ratings"
    )
    visitor = opened(
        new_visit(), "ratings", view="Films", films="Most rated", genre="Animation", least="5"
    )
    assert "No film has that many matching ratings (5)" in visitor.info[0].value


@pytest.mark.data_layer
def test_nothing_fits_until_the_filters_are_cleared(application: Application) -> None:
    visitor = opened(new_visit(), "ratings", genre="Sci-Fi", activity="1000 and more")
    assert "No ratings match these filters" in visitor.info[0].value
    assert not visitor.get("plotly_chart")
    assert _tiles(visitor) == {
        "Ratings": "0",
        "People": "0",
        "Films rated": "0",
        "Mean rating": "–",
    }
    press(visitor, "Clear filters")
    assert _tiles(visitor)["Ratings"] == "48"
    assert visitor.multiselect(key="genre").value == []


@pytest.mark.data_layer
def test_what_the_address_names_in_vain_is_said(application: Application) -> None:
    visitor = opened(
        new_visit(),
        "ratings",
        genre=["Sci-Fi", "'; DROP TABLE movies; --"],
        released_from="abc",
        rated_to="9" * 30,
        activity="",
        view="nonsense",
        films="x",
    )
    said = warnings(visitor, "rule")
    assert len(said) == 4
    assert "There is no view “nonsense”. Choose from: Stars, " in said[0]
    assert "DROP TABLE movies" in said[1]
    assert "Choose from 19" in said[2]
    assert "Sci-Fi" in [each.value for each in visitor.markdown]


@pytest.mark.data_layer
def test_years_the_wrong_way_round(application: Application) -> None:
    visitor = opened(new_visit(), "ratings", released_from="1980", released_to="1979")
    assert "“Released from 1980” is later than “to 1979”" in warnings(visitor, "rule")[0]
    assert _tiles(visitor)["Ratings"] == "48"


@pytest.mark.data_layer
def test_no_ratings_yet(visitor: AppTest, application: Application) -> None:
    with application.services.engine.begin() as connection:
        connection.execute(text("DELETE FROM ratings"))
        materialised.refresh(connection)
    visitor.switch_page("ratings").run()
    assert not visitor.exception
    assert "recsys load demo" in visitor.info[0].value


@pytest.mark.data_layer
def test_figures_that_are_still_computed(visitor: AppTest, application: Application) -> None:
    with application.services.engine.begin() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE kept AS SELECT * FROM ratings"))
        connection.execute(text("DELETE FROM ratings"))
        materialised.refresh(connection)
        connection.execute(text("INSERT INTO ratings SELECT * FROM kept"))
        materialised.refresh(connection, views=materialised.OF_FILMS)
    visitor.switch_page("ratings").run()
    assert not visitor.exception
    assert [each.value for each in visitor.info] == [
        "The statistics are being computed, once after the first load."
    ]
    with application.services.engine.begin() as connection:
        assert materialised.complete(connection)
    visitor.run()
    assert not visitor.info
    assert visitor.metric[0].value != "0"


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (EVERYTHING, ""),
        (
            Slice(("Comedy", "Drama"), 1990, 1999, 2005, 2010, (3,)),
            "Comedy or Drama · released 1990-1999 · rated 2005-2010 · "
            "people with 100-299 ratings",
        ),
        (Slice(rated_from=2005, rated_to=2005), "rated in 2005"),
        (Slice(released_to=1979, bands=(0, 5)),
         "released in 1979 or earlier · people with under 20 or 1000 and more ratings"),
    ],
)  # fmt: skip
def test_filters_in_words(chosen: Slice, words: str) -> None:
    assert slicing.in_words(chosen) == words


def test_a_file_has_the_names_and_numbers_of_the_page() -> None:
    config = st_.column_config
    table = pd.DataFrame(
        {
            "movie_id": [7, 8],
            "film": ["=1+1", "Amélie"],
            "page": ["/film?id=7", "/film?id=8"],
            "mean": [4.456, None],
            "liked": [0.66667, 0.5],
            "period": pd.to_datetime(["2000-01-01", "2000-02-01"]),
            "unseen": [1, 2],
        }
    )
    columns = {
        "film": config.TextColumn("Film"),
        "page": config.LinkColumn("Page"),
        "liked": config.NumberColumn("4 ★ or more", format="percent"),
        "mean": config.NumberColumn("Mean", format="%.2f"),
        "period": config.DateColumn("Month"),
    }
    shown = figure.as_shown(table, columns)
    assert files.as_csv(shown, "en").decode("utf-8-sig").split("\r\n") == [
        'movie_id,Film,"4 ★ or more, %",Mean,Month',
        "7,'=1+1,66.67,4.46,2000-01-01",
        "8,Amélie,50.0,,2000-02-01",
        "",
    ]
    assert files.as_csv(shown, "ru").decode("utf-8-sig").split("\r\n")[:2] == [
        "movie_id;Film;4 ★ or more, %;Mean;Month",
        "7;'=1+1;66,67;4,46;2000-01-01",
    ], "as a Russian spreadsheet reads it"


@given(title=st.text(min_size=1, max_size=20))
def test_no_cell_of_a_file_is_a_formula(title: str) -> None:
    table = pd.DataFrame({"film": [title], "mean": [-1.5]})
    dialects: tuple[tuple[Language, str], ...] = (("en", ","), ("ru", ";"))
    for language, separator in dialects:
        written = files.as_csv(table, language).decode("utf-8-sig")
        for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
            for cell in row[: 1 if row[-1] in ("-1.5", "-1,5") else None]:
                assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def _contrast(one: str, other: str) -> float:
    """Of WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                  for part in parts]  # fmt: skip
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("colour", "behind"), list(product((charts.ACCENT, charts.SECOND), (LIGHT, DARK)))
)
def test_marks_can_be_seen_in_light_and_dark(colour: str, behind: str) -> None:
    assert _contrast(colour, behind) >= 3  # AA for graphics


def test_each_cell_is_a_bar_at_its_place() -> None:
    pairs = pd.DataFrame(
        {
            "genre": ["Crime", "Crime", "Drama"],
            "other": ["Crime", "Drama", "Crime"],
            "lift": [1.0, 2.0, None],
            "people": [30, 25, 19],
        }
    )
    bars = cells.liked_together(pairs).data[0]
    assert bars.y.tolist() == [0, 0, 1]
    assert bars.base.tolist() == pytest.approx([-0.48, 0.52, -0.48])
    assert bars.x.tolist() == pytest.approx([0.96, 0.96, 0])
    assert bars.marker.color[:2].tolist() == [0, 1]
