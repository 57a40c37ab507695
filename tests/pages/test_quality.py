"""The Quality page shows what evaluation runs found, and nothing else."""

import json
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db.queries import evaluations
from pages.quality import tables
from recsys.data.taste_panel import Person
from recsys.evaluation.chosen import in_words
from recsys.evaluation.contenders import OTHER_STYLES, OURS, POPULARITY
from recsys.evaluation.run import evaluate
from recsys.evaluation.summary import Evaluation
from startup import Application
from tests.recsys.frames import checkerboard

pytestmark = pytest.mark.data_layer


@pytest.fixture(scope="module")
def found() -> list[Evaluation]:
    """A real run: people of a checkerboard, whose taste popularity can't tell."""
    return evaluate(
        *checkerboard(24),
        split_names=["random", "cold-start", "panel"],
        contenders=[OURS, *OTHER_STYLES, POPULARITY, "Item-kNN"],
        panel=[
            Person(name="odd", likes=(1, 3), films=(5, 7, 9)),
            Person(name="even", likes=(2, 90), films=(4, 6)),
        ],
    )


@pytest.fixture
def kept(application: Application, found: list[Evaluation]) -> Application:
    _keep(application.services.engine, found)
    return application


def _keep(engine: Engine, found: list[Evaluation], source: str = "demo") -> None:
    with engine.begin() as connection:
        for each in found:
            evaluations.keep(
                connection,
                source=source,
                model_version=None,
                split=each.split,
                results=each.as_json(),
            )


def _text(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(each.value for each in page.markdown)


def test_before_an_evaluation_it_says_how_to_make_one(visitor: AppTest) -> None:
    visitor.switch_page("quality").run()
    assert not visitor.exception
    assert "Nothing has been measured yet" in visitor.info[0].value
    assert "python -m recsys evaluate" in visitor.code[1].value


def test_models_against_each_other_with_the_split_explained(
    kept: Application, visitor: AppTest, found: list[Evaluation]
) -> None:
    visitor.switch_page("quality").run()
    text = _text(visitor)
    assert "A random fifth of each person's ratings is kept back. People: 24." in text
    assert "Measured on demo on" in text
    table = visitor.dataframe[0].value.set_index("model")
    expected = found[0].models[OURS]["ndcg@5"]["mean"]
    assert table.loc[OURS, "ndcg@5"] == expected
    alts = [each.proto.alt for each in visitor.get("plotly_chart")]
    assert alts[0].startswith("ndcg@5 against novelty@5: ")
    assert len(alts) == 5
    assert all(alts)

    visitor.selectbox(key="up").select("ips-ndcg@5").run()
    visitor.selectbox(key="across").select("disliked@5").run()
    alts = [each.proto.alt for each in visitor.get("plotly_chart")]
    assert alts[0].startswith("ips-ndcg@5 against disliked@5: ")
    assert "IPS-NDCG@5: NDCG@5 in which a hit counts for more" in _text(visitor)


def test_a_line_joins_the_three_styles(kept: Application, visitor: AppTest) -> None:
    visitor.switch_page("quality").run()
    points = json.loads(visitor.get("plotly_chart")[0].proto.spec)["data"]
    named = [point["text"][0] for point in points if "text" in point]
    assert sorted(named) == ["Five Films", "Item-kNN", "Popularity", "adventurous", "well-known"]
    (line,) = [point for point in points if point["mode"] == "lines"]
    assert len(line["x"]) == 3
    assert {*tables.STYLED} == {OURS, *OTHER_STYLES}


def test_ours_is_ahead_by_the_figure_that_is_chosen(
    kept: Application, visitor: AppTest, found: list[Evaluation]
) -> None:
    visitor.switch_page("quality").run()
    assert "How much more ndcg@5 Five Films has" in _text(visitor)
    visitor.button_group(key="ahead_by").set_value("ips-ndcg@5").run()
    assert "How much more ips-ndcg@5 Five Films has" in _text(visitor)


def _of_none(table: pd.DataFrame, model: str) -> float:
    """A model's figure for people who have told nothing."""
    (mean,) = table[(table["likes"] == 0) & (table["model"] == model)]["mean"]
    return float(mean)


def test_cold_start_by_their_first_likes(
    kept: Application, visitor: AppTest, found: list[Evaluation]
) -> None:
    visitor.query_params["split"] = "Cold start"
    visitor.switch_page("quality").run()
    assert "see only their first likes" in _text(visitor)
    table = visitor.dataframe[0].value
    assert sorted(set(table["likes"])) == [0, 1, 3, 5, 10]
    assert "NDCG@5 is shown here but is not a goal" in _text(visitor)
    expected = found[1].models[POPULARITY]["ips-ndcg@5"]["mean"]
    assert _of_none(table, POPULARITY) == expected

    visitor.button_group(key="cold_start_by").set_value("ndcg@5").run()
    table = visitor.dataframe[0].value
    at_none = table[(table["likes"] == 0) & table["model"].isin([OURS, POPULARITY])]
    assert at_none["mean"].nunique() == 1, "a stranger is served the popular films"


def test_the_panel_and_what_each_of_it_is_listed(
    kept: Application, visitor: AppTest, found: list[Evaluation]
) -> None:
    visitor.query_params["split"] = "Taste panel"
    visitor.switch_page("quality").run()
    assert "Taste panel: made-up people" in _text(visitor)
    table = visitor.dataframe[0].value.set_index("model")
    figures = found[-1].models[OURS]
    assert table.loc[OURS, "mean"] == figures["fits@5"]["mean"]
    assert table.loc[OURS, "likes"] == figures["median likes@5"]["mean"]
    assert table.loc[POPULARITY, "nobody"] == 2 * found[-1].models[POPULARITY]["no fit@5"]["mean"]
    assert visitor.get("plotly_chart")[0].proto.alt.startswith("fits@5 by model: ")
    assert "Loves Film 1, Film 3. What fits is marked ✓." in _text(visitor)
    assert "**Popularity** · 0.40  \nFilm 2 · Film 4 · **✓\u00a0Film 5**" in _text(visitor)
    assert not [each for each in visitor.caption if "not in the data set" in each.value]

    visitor.selectbox(key="person").select("even").run()
    assert "Loves Film 2. " in _text(visitor)
    assert "1 of this person's films is not in the data set." in [
        each.value for each in visitor.caption
    ]


NEW = ("ips-ndcg@5", "ips-ndcg@10", "disliked@5", "median likes@5")


def _as_it_was(results: dict[str, Any]) -> dict[str, Any]:
    """What was kept before these figures and the panel were measured."""
    old = {name: each for name, each in results.items() if name != "panel"}
    for kind in ("models", "ahead"):
        old[kind] = {
            model: {figure: value for figure, value in figures.items() if figure not in NEW}
            for model, figures in results[kind].items()
            if model not in OTHER_STYLES
        }
    return old


@pytest.mark.parametrize("view", ["At random", "Cold start"])
def test_an_older_evaluation_still_shows(
    application: Application, visitor: AppTest, found: list[Evaluation], view: str
) -> None:
    with application.services.engine.begin() as connection:
        for each in found[:-1]:
            evaluations.keep(
                connection,
                source="demo",
                model_version=None,
                split=each.split,
                results=_as_it_was(each.as_json()),
            )
    visitor.query_params["split"] = view
    visitor.query_params["up"] = "ips-ndcg@5"
    visitor.switch_page("quality").run()
    assert "ips" not in _text(visitor).lower().replace("clips", "")
    assert OURS in visitor.dataframe[0].value["model"].tolist()


def test_evaluations_under_former_names_show_under_the_current_ones(
    application: Application, visitor: AppTest, found: list[Evaluation]
) -> None:
    cold_start, random = found[1].as_json(), found[0].as_json()
    with application.services.engine.begin() as connection:
        for split, results in (
            ("known", random),
            ("time", random),
            ("newcomers-0", cold_start),
            ("cold-start-1", cold_start),
        ):
            evaluations.keep(
                connection, source="demo", model_version=None, split=split, results=results
            )
    visitor.switch_page("quality").run()
    assert not visitor.exception
    views = [each.content for each in visitor.button_group(key="split").proto.options]
    assert views == ["Per-user temporal", "Global temporal", "Cold start"]
    visitor.button_group(key="split").set_value("Cold start").run()
    assert not visitor.exception
    assert sorted(set(visitor.dataframe[0].value["likes"])) == [0, 1]


def test_another_data_set_can_be_chosen(
    kept: Application, visitor: AppTest, found: list[Evaluation]
) -> None:
    _keep(kept.services.engine, found[:1], source="ml-latest-small")
    visitor.switch_page("quality").run()
    assert "Measured on ml-latest-small" in _text(visitor)
    visitor.selectbox(key="source").select("demo").run()
    assert "Measured on demo" in _text(visitor)


def test_groups_of_few_people_are_shown_with_their_intervals(
    kept: Application, visitor: AppTest, found: list[Evaluation]
) -> None:
    """In the checkerboard nobody has a genre; three people come to like horror, one animation."""
    results = found[0].as_json()
    of_all = results["groups"]["genre"]["none yet"]
    results["groups"]["genre"] |= {
        "Horror": {**of_all, "people": 3},
        "Animation": {**of_all, "people": 1},
    }
    with kept.services.engine.begin() as connection:
        evaluations.keep(
            connection, source="demo", model_version=None, split="random", results=results
        )
    visitor.switch_page("quality").run()
    assert not visitor.exception
    (table,) = (
        each.value
        for each in visitor.dataframe
        if "group" in each.value and "Horror" in each.value["group"].tolist()
    )
    ours = table[table["model"] == OURS].set_index("group")
    assert dict(ours["people"]) == {"None yet": 24, "Horror": 3, "Animation": 1}
    interval = of_all["ndcg@5"][OURS]
    assert ours.loc["Horror", "low"] == interval["low"]
    assert ours.loc["Horror", "high"] == interval["high"]
    assert ours[["low", "high"]].isna().sum(axis=1).tolist() == [0, 0, 2]
    charts = [json.loads(each.proto.spec)["data"] for each in visitor.get("plotly_chart")]
    of_genres = [chart for chart in charts if "Horror (3)" in chart[0].get("y", [])]
    assert of_genres[0][0]["y"] == ["None yet (24)", "Horror (3)", "Animation (1)"]


def test_models_that_are_left_out_are_named_with_the_reason(
    kept: Application, visitor: AppTest, found: list[Evaluation]
) -> None:
    why = {"text": "not installed: {libraries}", "values": {"libraries": "torch"}}
    with kept.services.engine.begin() as connection:
        for each in found:
            results = {**each.as_json(), "left_out": {"SASRec": why, "EASE": why}}
            evaluations.keep(
                connection, source="demo", model_version=None, split=each.split, results=results
            )
    says = "Left out: EASE (not installed: torch); SASRec (not installed: torch)."
    visitor.switch_page("quality").run()
    for view in ("At random", "Cold start", "Taste panel"):
        visitor.button_group(key="split").set_value(view).run()
        assert says in [each.value for each in visitor.caption], view


def test_the_table_has_the_chosen_parameters(
    kept: Application, visitor: AppTest, found: list[Evaluation]
) -> None:
    visitor.switch_page("quality").run()
    table = visitor.dataframe[0].value.set_index("model")
    assert table.loc["Item-kNN", "chosen"] == in_words(found[0].chosen["Item-kNN"]) != ""
    assert table.loc[OURS, "chosen"] == ""
