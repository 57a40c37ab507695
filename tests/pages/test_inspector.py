"""The Inspector: who sees it, whom it takes, what it shows, what can be taken away."""

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from db.queries import histories, movies, users
from db.queries.users import Role
from pages.inspector import charts, made_up
from pages.inspector import files as inspector_files
from pages.inspector.compared import compare
from pages.inspector.subject import Subject
from pages.parts.files import as_csv
from recsys.models.comparison import ranks
from recsys.models.results import Recommendation
from startup import Application
from tests.pages.conftest import log_in, opened, warnings

MODELS = ["Five Films", "LightFM", "Popularity", "Item-kNN", "EASE"]


@pytest.fixture
def analyst(visitor: AppTest) -> AppTest:
    """Demo account 1, which is an analyst's."""
    return log_in(visitor)


def _list(visitor: AppTest, name: str) -> list[str]:
    """The films of the list under this name."""
    words = [each.value for each in visitor.markdown]
    listed = words[words.index(f"**{name}**") + 1]
    return [re.sub(r"\\(.)", r"\1", title) for title in re.findall(r"\d+\. \[(.*?)\]\(", listed)]


def _metrics(visitor: AppTest) -> list[tuple[str, str]]:
    return [(each.label, each.value) for each in visitor.metric]


@pytest.mark.data_layer
def test_only_analysts_see_it(visitor: AppTest, application: Application) -> None:
    visitor.switch_page("inspector").run()
    assert visitor.title[0].value == "This page needs an analyst's account"
    log_in(visitor)
    roles: dict[Role, str] = {
        "user": "This page needs an analyst's account",
        "analyst": "Inspector",
        "admin": "Inspector",
    }
    for role, title in roles.items():
        with application.services.engine.begin() as connection:
            users.set_role(connection, 1, role)
        assert opened(visitor, "inspector").title[0].value == title
    assert visitor.info[0].value.startswith("Whose lists do you want to see?")


@pytest.mark.data_layer
def test_a_person_beside_what_each_model_gives(analyst: AppTest, application: Application) -> None:
    page = opened(analyst, "inspector", user="2")
    assert page.header[0].value == "Person 2"
    assert _metrics(page) == [
        ("Ratings", "6"),
        ("Likes", "5"),
        ("Dislikes", "1"),
        ("Mean", "4.00 ★"),
    ]
    history = page.dataframe[0].value
    assert history.columns.tolist() == ["film", "stars", "rated", "genres", "page"]
    assert history[["film", "stars"]].values.tolist() == [
        ["Unforgiven (1992)", 2.0],
        ["Blade Runner (1982)", 4.5],
        ["Aliens (1986)", 4.0],
        ["Alien (1979)", 5.0],
        ["Fargo (1996)", 4.5],
        ["Heat (1995)", 4.0],
    ]
    with application.services.engine.connect() as connection:
        user = users.by_id(connection, 2)
    served = application.services.recommender.recommend(user).items
    with application.services.engine.connect() as connection:
        films = movies.by_ids(connection, [item.movie_id for item in served])
    assert _list(page, "Five Films") == [film.label for film in films]
    popular = _list(page, "Popularity")
    assert popular[:2] == ["The Interview (2014)", "<script>alert('x')</script> & *Sons* (2001)"]
    lists = {name: _list(page, name) for name in MODELS}
    reasons = " ".join(each.value for each in page.markdown)
    assert re.search(r"because of [^\n]*Blade Runner \(1982\) \d+%", reasons)
    shared = page.table[0].value
    assert shared.index.tolist() == shared.columns.tolist() == MODELS
    both = len({*lists["EASE"]} & {*lists["LightFM"]})
    assert str(shared.loc["EASE", "LightFM"]).startswith(f"{both} (")
    alt = page.get("plotly_chart")[0].proto.alt
    assert f"Five Films: {lists['Five Films'][0]}" in alt

    page.segmented_control(key="k").set_value(10).run()
    assert len(_list(page, "Popularity")) == 6, "all that Person 2 hasn't rated"

    page.button(key="random").click().run()
    number = page.text_input(key="user").value
    assert number in set("12345678")
    assert page.header[0].value == f"Person {number}"


@pytest.mark.data_layer
def test_whom_there_is_not(analyst: AppTest) -> None:
    page = opened(analyst, "inspector", user="bob")
    there_are = "The data set's people are 1 to 8. Or pick someone at random."
    assert warnings(page, "rule") == [f"“bob” is not a number. {there_are}"]
    for typed, number in (("99", "99"), ("9" * 30, "9" * 30), (" #1,234 ", "1234")):
        page.text_input(key="user").set_value(typed).run()
        assert warnings(page, "rule") == [f"There is no person {number}. {there_are}"]
    page.text_input(key="user").set_value("Person 3").run()
    assert not warnings(page, "rule")
    assert page.header[0].value == "Person 3"
    page.text_input(key="other").set_value("3").run()
    assert warnings(page, "rule") == ["Choose two different people to compare."]


@pytest.mark.data_layer
def test_a_made_up_history(analyst: AppTest) -> None:
    page = opened(analyst, "inspector", user="2", history="4:5,2:9,77:3,4:1,<b>,5:4.5")
    assert warnings(page, "rule") == [
        "Ignored in the address's history: “2:9” has an invalid number of stars; use 0.5, 1, 1.5 … "
        "5; “4:1” is a second rating of film 4; “<b>” is not a film with stars; write it like "
        "50:4.5; and 1 more.",
        "The address has a person and a history: what follows is the made-up history.",
    ]
    assert page.header[0].value == "The made-up history"
    assert page.dataframe[0].value["film"].tolist() == ["Aliens (1986)", "Alien (1979)"]
    assert "rated" not in page.dataframe[0].value, "it was on no day"

    page.text_input(key="made_up_title").set_value("blade runer").run()
    page.button(key="add-6").click().run()
    assert page.query_params["history"] == "4:5,5:4.5,6:5"
    assert page.text_input(key="user").value == ""
    assert not warnings(page, "rule")
    page.selectbox(key="made_up_stars-4").set_value(0.5).run()
    page.button(key="take_out-5").click().run()
    assert page.query_params["history"] == "4:0.5,6:5"
    assert _metrics(page)[:2] == [("Ratings", "2"), ("Likes", "1")]
    assert "Alien (1979)" not in _list(page, "Item-kNN")

    page.text_input(key="user").set_value("1").run()
    assert page.header[0].value == "Person 1"
    assert "history" not in page.query_params


@pytest.mark.data_layer
def test_two_people_against_each_other(analyst: AppTest) -> None:
    page = opened(analyst, "inspector", user="1", other="2")
    assert page.header[0].value == "Person 1 and Person 2"
    facts, shared = (each.value for each in page.table)
    assert facts[["Ratings", "Likes", "Mean"]].values.tolist() == [["6", "5", "4.00 ★"]] * 2
    metrics = dict(_metrics(page))
    assert (metrics["Both have rated"], metrics["Both like"]) == ("5", "4")
    table: pd.DataFrame = page.dataframe[0].value.set_index("film")
    aliens = table.loc["Aliens (1986)"]
    assert [aliens["first"], aliens["second"], aliens["apart"]] == [4.5, 4.0, 0.5]
    assert metrics["Correlation"] == f"{np.corrcoef(table['first'], table['second'])[0, 1]:.2f}"
    assert metrics["Mean difference"] == f"{(table['first'] - table['second']).abs().mean():.2f} ★"
    assert "Based on 5 films: too few to say much." in [each.value for each in page.caption]
    assert "Person 2 has rated it: 2 ★" in " ".join(each.value for each in page.markdown)
    one, other = _list(page, "Person 1"), _list(page, "Person 2")
    assert shared.index.tolist() == MODELS
    assert shared.iloc[0, 0] == len({*one} & {*other})

    page.text_input(key="other").set_value("7").run()
    assert dict(_metrics(page))["Both have rated"] == "1"
    assert dict(_metrics(page))["Correlation"] == "-"


@pytest.mark.data_layer
@pytest.mark.parametrize("kept", [None, b"of another format"])
def test_a_model_without_peers_says_what_to_do(
    analyst: AppTest, application: Application, kept: bytes | None
) -> None:
    with application.services.engine.begin() as connection:
        connection.execute(text("UPDATE model_versions SET peers = :kept"), {"kept": kept})
    page = opened(analyst, "inspector", user="2")
    assert "Item-kNN and EASE are missing" in page.info[0].value
    assert page.code[0].value == "python -m recsys train"
    assert page.table[0].value.columns.tolist() == MODELS[:3]


@pytest.mark.data_layer
def test_files_of_lists_and_ratings(application: Application) -> None:
    with application.services.engine.begin() as connection:
        connection.execute(text("UPDATE movies SET title = '=1+1' WHERE id = 5"))
        history = histories.frame(connection, 2)
    subjects = [
        Subject("Person 2", history),
        Subject("The made-up history", made_up.history([(4, 5.0)]), is_made_up=True),
    ]
    compared = compare(application.services, subjects)
    head = inspector_files.about(compared, None)
    assert "Model: 1" in head
    assert any("GroupLens" in line for line in head)
    rows = _read(inspector_files.lists(subjects, compared))
    assert list(rows[0]) == ["user", "model", "rank", "movie_id", "title", "score", "reasons"]
    assert {row["user"] for row in rows} == {"Person 2", "The made-up history"}
    assert list(dict.fromkeys(row["model"] for row in rows)) == MODELS
    mine = [row for row in rows if (row["user"], row["model"]) == ("Person 2", "EASE")]
    expected = compared.lists[0]["EASE"]
    assert [int(row["movie_id"]) for row in mine] == [item.movie_id for item in expected]
    assert [int(row["rank"]) for row in mine] == list(range(1, len(mine) + 1))
    assert float(mine[0]["score"]) == pytest.approx(expected[0].score)
    assert re.fullmatch(r"(.+ (\d+|<1)%, )*.+ (\d+|<1)%", mine[0]["reasons"])
    assert {row["title"] for row in rows if row["movie_id"] == "5"} == {"'=1+1 (1986)"}

    rows = _read(inspector_files.ratings(subjects, compared))
    assert len(rows) == 7
    assert rows[3] == {
        "user": "Person 2",
        "movie_id": "5",
        "title": "'=1+1 (1986)",
        "rating": "4.0",
        "rated_at": "2001-09-12 01:46:42+00:00",
    }
    assert rows[6]["rated_at"] == ""


def _read(table: pd.DataFrame) -> list[dict[str, str]]:
    written = as_csv(table, "en").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(written, newline="")))


def test_the_matrix_of_ranks_is_darkest_for_the_first() -> None:
    lists = {
        name: [Recommendation(film, 1.0, []) for film in films]
        for name, films in {"A": [1, 2], "B": [2]}.items()
    }
    (cells,) = charts.rank_matrix(ranks(lists, 2), pd.Series(["Heat", "<b>"])).data
    assert [list(row) for row in cells.text] == [["1", "–"], ["2", "1"]]
    assert cells.z[0][0] == cells.z[1][1] == 1
    assert 0 < cells.z[1][0] < 1
    assert pd.isna(cells.z[0][1])
