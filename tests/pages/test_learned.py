"""What a training learned, in rows that Operations and Quality share."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.queries import users
from db.queries.model_versions import ModelVersion
from i18n.language import Language
from pages.parts import learned
from pages.parts.learned import Choice
from pages.parts.wording import in_language
from recsys.data.learned import Learned
from recsys.training.fit import fit
from startup import Application
from tests.pages.conftest import log_in, press, serve_changed
from tests.pages.reading import not_russian
from tests.recsys.frames import TINY, checkerboard

NEWER = ("next_ridge", "short_term_ridge", "near_share", "dislikes")
LEARNED: dict[str, Any] = asdict(
    Learned(oldest=0.6, ridge=1600.0, dropout=0.2, activity=-0.25, shares=(0.4, 0.15, 0.37, 0.08))
)
GAINS = {
    "ease": 0.1123,
    "next": 0.021,
    "short-term": 0.0,
    "oldest": 0.0004,
    "shares": 0.012,
    "discount": 0.0,
    "dislikes": 0.0,
}
NOT_CLEAR = "no clear gain: default kept"
NOT_CHOSEN = "not chosen: these likes have no order"
KEPT = "no significant gain: default kept"


def _rows(**changes: Any) -> list[Choice]:
    """The rows of `LEARNED` and `GAINS` with changes, in English."""
    gains = {**GAINS, **changes.pop("gains", {})}
    with in_language("en"):
        return learned.choices({"learned": {**LEARNED, **changes}, "gains": gains})


def test_each_choice_with_its_value_and_gain() -> None:
    assert _rows() == [
        Choice("EASE: ridge", "1,600", "+11.2% together"),
        Choice("EASE: dropout", "0.2", "+11.2% together"),
        Choice("EASE: weight of people with many likes", "exponent -0.25", "+11.2% together"),
        Choice("Next likes: ridge", "200", "+2.1%"),
        Choice("Short-term: ridge", "100", NOT_CLEAR),
        Choice("Short-term: share of co-occurrence", "70%", NOT_CLEAR),
        Choice("Weight of the oldest likes", "0.6", "+0.04%"),
        Choice(
            "Shares: LightFM / genres / item-item / short-term",
            "40\u00a0/\u00a015\u00a0/\u00a037\u00a0/\u00a08%",
            "+1.2% together",
        ),
        Choice(
            "Within item-item: EASE / next likes / co-occurrence in order",
            "30\u00a0/\u00a022\u00a0/\u00a048%",
            "+1.2% together",
        ),
        Choice("Popularity discount", "0.12", KEPT),
        Choice("Weight of dislikes", "0.2", KEPT),
    ]


def test_in_russian() -> None:
    with in_language("ru"):
        rows = learned.choices({"learned": LEARNED, "gains": GAINS})
    assert rows[0] == Choice("EASE: гребневая регуляризация", "1\u00a0600", "+11,2\u00a0% вместе")
    assert rows[-2:] == [
        Choice("Вычет за популярность", "0,12", "значимого выигрыша нет: как по умолчанию"),
        Choice("Вес нелюбимых фильмов", "0,2", "значимого выигрыша нет: как по умолчанию"),
    ]


def test_defaults_that_nothing_was_better_than() -> None:
    rows = _rows(oldest=0.3, gains=dict.fromkeys(GAINS, 0.0))
    assert [each.gain for each in rows] == [*[NOT_CLEAR] * 6, *[KEPT] * 5]


def test_gains_of_the_short_term_stage() -> None:
    rows = _rows(short_term_ridge=1600.0, near_share=0.5, gains={"short-term": 0.03})
    assert [(each.value, each.gain) for each in rows[4:6]] == [
        ("1,600", "+3.0% together"),
        ("50%", "+3.0% together"),
    ]


def test_an_older_version_has_no_rows_for_what_it_did_not_choose() -> None:
    older = {
        name: gain for name, gain in GAINS.items() if name not in ("next", "short-term", "dislikes")
    }
    kept = {name: value for name, value in LEARNED.items() if name not in NEWER}
    with in_language("en"):
        rows = learned.choices({"learned": kept, "gains": older})
    assert rows == [*_rows()[:3], *_rows()[6:-1]]


def test_the_smallest_gain_is_not_shown_as_none() -> None:
    assert [_rows(gains={"discount": gain})[-2].gain for gain in (0.0001, 0.0009, 0.001, 1.5)] == [
        "+0.01%",
        "+0.09%",
        "+0.1%",
        "+150.0%",
    ]


def test_likes_without_order_leave_nothing_to_choose_about_it() -> None:
    rows = _rows(
        oldest=1.0,
        shares=[0.5, 0.15, 0.35, 0.0],
        next_share=0.0,
        after_share=0.0,
        gains={"next": 0.0, "oldest": 0.0},
    )
    assert [(each.value, each.gain) for each in rows[3:9]] == [
        ("200", NOT_CHOSEN),
        ("100", NOT_CHOSEN),
        ("70%", NOT_CHOSEN),
        ("1", NOT_CHOSEN),
        ("50\u00a0/\u00a015\u00a0/\u00a035\u00a0/\u00a00%", "+1.2%"),
        ("100\u00a0/\u00a00\u00a0/\u00a00%", NOT_CHOSEN),
    ]


def test_the_oldest_likes_can_be_found_to_count_alike() -> None:
    row = _rows(oldest=1.0)[6]
    assert (row.value, row.gain) == ("1", "+0.04%")


@pytest.mark.parametrize(
    ("parameters", "metrics", "why"),
    [
        ({}, {}, "there were too few people to choose on."),
        ({"learned": LEARNED, "gains": {}}, {}, "there were too few people to choose on."),
        (
            {"learned": LEARNED, "gains": {}},
            {"ips_gain": 1.2},
            "there were too few people to choose on.",
        ),
        ({"quick": True}, {}, "only a full training chooses."),
        ({"little_memory": True}, {"ips_gain": 1.2}, "there was too little memory to choose."),
        (
            {},
            {"people": 134, "ips_gain": 1.2},
            "it was trained by an older version of the app, which did not choose. "
            "The next training will.",
        ),
    ],
)
def test_why_a_model_uses_the_defaults(
    parameters: dict[str, Any], metrics: dict[str, Any], why: str
) -> None:
    assert learned.choices(parameters) == []
    now = datetime.now(UTC)
    version = ModelVersion(1, now, parameters, metrics, "", True, now, 1)
    with in_language("en"):
        words = learned.why_defaults(version)
    assert words.startswith("This ")
    assert words.endswith(f"model uses the defaults: {why}")


@pytest.fixture(scope="module")
def trained() -> dict[str, Any]:
    """The parameters of a model of enough people to choose on."""
    return fit(*checkerboard(50), **TINY).parameters


@pytest.fixture
def served(application: Application, trained: dict[str, Any]) -> Application:
    """A model with those parameters is served; account 1 is an administrator."""
    serve_changed(application, lambda model: model, **trained)
    with application.services.engine.begin() as connection:
        users.set_role(connection, 1, "admin")
    return application


def _table(page: AppTest) -> list[list[str]]:
    assert not page.exception
    (table,) = page.table
    return [list(row) for row in table.value.to_numpy()]


def _expected(parameters: dict[str, Any], language: Language = "en") -> list[list[str]]:
    with in_language(language):
        return [[each.name, each.value, each.gain] for each in learned.choices(parameters)]


@pytest.mark.data_layer
def test_quality_shows_what_the_active_model_learned(
    served: Application, visitor: AppTest, trained: dict[str, Any]
) -> None:
    visitor.switch_page("quality").run()
    rows = _table(visitor)
    assert rows == _expected(trained)
    assert len(rows) == 11
    assert "What the training of model 2 learned" in [each.value for each in visitor.subheader]
    assert visitor.table[0].proto.alt == "What the training of model 2 chose"


@pytest.mark.data_layer
def test_quality_says_why_the_active_model_uses_the_defaults(visitor: AppTest) -> None:
    visitor.switch_page("quality").run()
    assert not visitor.exception
    assert "This model uses the defaults: there were too few people to choose on." in [
        each.value for each in visitor.markdown
    ]
    assert not visitor.table


@pytest.mark.data_layer
def test_operations_shows_it_for_the_version_looked_at(
    served: Application, visitor: AppTest, trained: dict[str, Any]
) -> None:
    log_in(visitor).switch_page("operations").run()
    visitor.segmented_control(key="show").set_value("Models").run()
    assert _table(visitor) == _expected(trained)
    names = {name for each in visitor.dataframe for name in each.value.get("name", [])}
    assert "epochs" in names
    assert not [name for name in names if name.startswith(learned.NAMES)]

    visitor.selectbox(key="version").set_value(1).run()
    assert not visitor.table
    assert "there were too few people to choose on." in visitor.markdown[-1].value


@pytest.mark.data_layer
def test_both_pages_in_russian(
    served: Application, visitor: AppTest, trained: dict[str, Any]
) -> None:
    press(log_in(visitor), "Русский")
    expected = _expected(trained, "ru")
    assert not_russian(visitor.switch_page("quality").run()) == set()
    assert _table(visitor) == expected
    visitor.switch_page("operations").run()
    visitor.button_group(key="show").set_value("Модели").run()
    # The stored name of the data is English: "12 films, 8 people".
    assert not_russian(visitor) == {"films", "people"}
    assert _table(visitor) == expected


def test_a_training_of_few_people_learns_nothing() -> None:
    assert learned.choices(fit(*checkerboard(24), **TINY).parameters) == []
