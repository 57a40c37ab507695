"""The Quality page shows what evaluation runs found, and nothing else."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db import evaluations
from pages.parts.quality import tables
from recsys.evaluation.contenders import OURS, POPULARITY
from recsys.evaluation.run import Evaluation, evaluate
from startup import Application
from tests.recsys.frames import checkerboard

pytestmark = pytest.mark.data_layer


@pytest.fixture(scope="module")
def found() -> list[Evaluation]:
    """A real run: people of a checkerboard, whose taste popularity can't tell."""
    return evaluate(
        *checkerboard(24),
        split_names=["random", "newcomers"],
        contenders=[OURS, POPULARITY, "Item-kNN"],
    )


@pytest.fixture
def kept(application: Application, found: list[Evaluation]) -> Application:
    _keep(application.engine, found)
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
    visitor.switch_page("quality.py").run()
    assert not visitor.exception
    assert "Nothing has been measured yet" in visitor.info[0].value
    assert "python -m recsys evaluate" in visitor.code[1].value


def test_models_against_each_other_with_the_split_explained(
    kept: Application, visitor: AppTest, found: list[Evaluation]
) -> None:
    visitor.switch_page("quality.py").run()
    text = _text(visitor)
    assert "A random fifth of each person's ratings is kept back. People: 24." in text
    assert "Measured on demo on" in text
    table = visitor.dataframe[0].value.set_index("model")
    expected = found[0].models[OURS]["ndcg@5"]["mean"]
    assert table.loc[OURS, "ndcg@5"] == expected
    alts = [each.proto.alt for each in visitor.get("plotly_chart")]
    assert alts[0].startswith("ndcg@5 against coverage@5: ")
    assert len(alts) == 5
    assert all(alts)

    visitor.selectbox(key="across").select("recall@10").run()
    assert visitor.get("plotly_chart")[0].proto.alt.startswith("ndcg@5 against recall@10: ")


def test_newcomers_by_their_first_likes(kept: Application, visitor: AppTest) -> None:
    visitor.query_params["split"] = "Newcomers"
    visitor.switch_page("quality.py").run()
    assert "known by their first likes alone" in _text(visitor)
    table = visitor.dataframe[0].value
    assert sorted(set(table["likes"])) == [0, 1, 3, 5, 10]
    at_none = table[(table["likes"] == 0) & table["model"].isin([OURS, POPULARITY])]
    assert at_none["mean"].nunique() == 1, "a stranger is served the popular films"


def test_another_data_set_can_be_chosen(
    kept: Application, visitor: AppTest, found: list[Evaluation]
) -> None:
    _keep(kept.engine, found[:1], source="ml-latest-small")
    visitor.switch_page("quality.py").run()
    assert "Measured on ml-latest-small" in _text(visitor)
    visitor.selectbox(key="source").select("demo").run()
    assert "Measured on demo" in _text(visitor)


def test_where_another_model_is_better_is_said() -> None:
    def interval(mean: float) -> dict[str, float]:
        return {"mean": mean, "low": mean - 0.01, "high": mean + 0.01}

    kept = evaluations.KeptEvaluation(
        id=1,
        evaluated_at=None,  # type: ignore[arg-type]
        source="demo",
        model_version=None,
        split="known",
        results={
            "models": {
                name: {f"recall@10 of {part}": interval(0.1) for part in tables.PARTS}
                for name in (OURS, "EASE")
            },
            "groups": {
                "activity": {
                    "20 to 49": {"ndcg@5": {OURS: interval(0.2), "EASE": interval(0.1)}},
                    "50 to 99": {"ndcg@5": {OURS: interval(0.1), "EASE": interval(0.2)}},
                },
                "genre": {"War": {"ndcg@5": {OURS: interval(0.1), "EASE": interval(0.105)}}},
            },
        },
    )
    for kind in ("activity", "genre"):
        for group in kept.results["groups"][kind].values():
            group["people"] = tables.LEAST_PEOPLE
    assert tables.losses(kept) == [
        "people with 50 to 99: EASE has NDCG@5 0.200, ours 0.100 (certainly)",
        "people who mostly like War: EASE has NDCG@5 0.105, ours 0.100 (maybe by chance)",
    ]
    kept.results["groups"]["genre"]["War"]["people"] -= 1
    assert len(tables.losses(kept)) == 1, "too few people to say anything"
