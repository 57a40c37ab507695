"""Every page in Russian, read word by word; the switch, and what it is kept for."""

import json
import re

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from accounts import account
from db.queries import demo_accounts, users
from db.queries.evaluations import keep
from pages.parts import search, wording
from pages.quality import tables
from pages.walkthrough.steps import STEPS
from startup import Application
from tests.pages.conftest import log_in, new_visit, press
from tests.pages.reading import not_russian


def _in_russian(page: AppTest) -> AppTest:
    return press(page, "Русский")


def _reloaded(page: AppTest) -> AppTest:
    """A new visit of the same browser."""
    again = new_visit()
    for key in ("session_token", "visitor"):
        if key in page.session_state:
            again.session_state[key] = page.session_state[key]
    return again.run()


PAGES = (
    *("for_you", "by_genre", "my_films", "film", "person"),
    *("ratings", "map", "quality", "walkthrough"),
)


def test_english_would_be_found(visitor: AppTest) -> None:
    assert {"Find", "Filters", "Nobody"} & not_russian(visitor) == {"Find", "Filters"}
    assert {"stars", "Many", "Crime"} <= not_russian(visitor)


def test_a_strangers_pages(visitor: AppTest, drawn: Application) -> None:
    _in_russian(visitor)
    for name in (*PAGES, "account", "inspector", "operations"):
        assert not_russian(visitor.switch_page(name).run()) == set(), name
    visitor.switch_page("account").run()
    visitor.button_group(key="wish").set_value("Register").run()
    assert not_russian(visitor) == set()


@pytest.mark.parametrize("view", ["Stars", "Over time", "Genres", "Liked together", "Release years",
                                  "Films", "Long tail", "People"])  # fmt: skip
def test_every_view_of_the_ratings(visitor: AppTest, view: str) -> None:
    _in_russian(visitor).switch_page("ratings").run()
    visitor.button_group(key="view").set_value(view).run()
    assert not_russian(visitor) == set()


def test_an_analysts_pages(visitor: AppTest, drawn: Application) -> None:
    _in_russian(log_in(visitor))
    for name in (*PAGES, "account", "inspector"):
        assert not_russian(visitor.switch_page(name).run()) == set(), name
    visitor.text_input(key="user").set_value("1").run()
    assert not_russian(visitor) == set()
    visitor.text_input(key="other").set_value("2").run()
    assert not_russian(visitor) == set()
    visitor.switch_page("my_films").run()
    for view in ("Lists", "About me", "Import"):
        visitor.button_group(key="view").set_value(view).run()
        assert not_russian(visitor) == set(), view


def test_an_administrators_pages(visitor: AppTest, application: Application) -> None:
    with application.services.engine.begin() as connection:
        users.set_role(connection, 1, "admin")
    _in_russian(log_in(visitor)).switch_page("operations").run()
    for view in ("Health", "Models", "Shown films", "Speed", "Data"):
        visitor.button_group(key="show").set_value(view).run()
        assert not_russian(visitor) == set(), view


def test_the_walkthrough_step_by_step(visitor: AppTest, drawn: Application) -> None:
    _in_russian(visitor).switch_page("walkthrough").run()
    for step in STEPS:
        visitor.button_group(key="step").set_value(step).run()
        visitor.button(key=f"do-{step}").click().run()
        assert not_russian(visitor) == set(), step
    visitor.query_params["notes"] = "true"
    assert not_russian(visitor.run()) == set()


def test_the_box_to_find_a_film() -> None:
    texts = json.loads(wording.in_each_language(search.texts))
    assert texts["en"].keys() == texts["ru"].keys()
    assert texts["en"]["genres"]["Sci-Fi"] == "Sci-Fi"
    assert texts["ru"]["genres"]["Sci-Fi"] == "фантастика"
    said = [*texts["ru"].pop("genres").values(), *texts["ru"].values()]
    words = set(re.findall("[A-Za-z]{2,}", re.sub(r"{\w+}", "", " ".join(said))))
    assert words <= {"godfather", "amelie", "alien", "IMAX"}


def test_what_an_evaluation_found(visitor: AppTest, application: Application) -> None:
    interval = {"mean": 0.5, "low": 0.4, "high": 0.6}
    better = {"mean": 0.6, "low": 0.55, "high": 0.7}
    groups = {"people": 30, "ndcg@5": {"Five Films": interval, "Popularity": better}}
    names = ("Five Films", "Five Films, well-known", "Five Films, adventurous", "Popularity")
    figures = (*tables.METRICS, "recall@10 of tail", "fits@5", "no fit@5", "median likes@5")
    results = {
        "explanation": "A random fifth of each person's ratings is kept back.",
        "people": 30,
        "seeds": [1, 2],
        "models": {name: dict.fromkeys(figures, interval) for name in names},
        "ahead": {"Popularity": dict.fromkeys(tables.ACCURACY, interval)},
        "groups": {"activity": {"under 20 likes": groups}, "genre": {"Drama": groups}},
        "panel": [
            {
                "name": "Ада",
                "likes": ["Alien (1979)"],
                "missing": [77],
                "lists": {
                    name: {"fits@5": 1, "films": [{"title": "Heat (1995)", "fits": True}]}
                    for name in names
                },
            }
        ],
    }
    with application.services.engine.begin() as connection:
        for split in ("random", "cold-start-0", "panel"):
            keep(connection, source="demo", model_version=None, split=split, results=results)
    _in_russian(visitor).switch_page("quality").run()
    assert not_russian(visitor) == set()
    assert "люди, понравилось: меньше 20: у Популярность NDCG@5 0,600, у нас 0,500" in "".join(
        each.value for each in visitor.markdown
    )
    for view in ("Cold start", "Taste panel"):
        visitor.button_group(key="split").set_value(view).run()
        assert not_russian(visitor) == set(), view


def test_genres_are_typed_in_either_language(visitor: AppTest) -> None:
    _in_russian(visitor).switch_page("by_genre").run()
    for typed in ("фантастика", "sci fi"):
        visitor.text_input(key="typed").set_value(typed).run()
        assert "Alien" in json.dumps([each.proto.json for each in visitor.get("bidi_component")])
    visitor.text_input(key="typed").set_value("вестрен").run()
    assert visitor.error[0].value.startswith("Жанра «вестрен» нет. Есть жанры: анимация, боевик,")
    press(visitor, "Может быть, Вестерн?")
    assert visitor.session_state["genre"] == ["Western"]
    assert not_russian(visitor) == set()


def test_the_browsers_language_is_the_first(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.locale", "ru-RU")
    visitor = new_visit().run()
    assert visitor.title[0].value == "Пять фильмов на вечер"
    assert press(visitor, "English").title[0].value == "Five films for tonight"


def test_what_was_chosen_stays_when_the_language_changes(visitor: AppTest) -> None:
    visitor.switch_page("by_genre").run()
    visitor.button_group(key="genre").set_value(["Horror"]).run()
    _in_russian(visitor)
    assert visitor.session_state["genre"] == ["Horror"]
    assert "Ужасы" in [each.content for each in visitor.button_group(key="genre").proto.options]


def test_it_is_kept_for_the_account(visitor: AppTest, application: Application) -> None:
    _in_russian(log_in(visitor))
    visitor.switch_page("account").run()
    press(visitor, "Выйти")
    visitor = new_visit().run()
    assert visitor.title[0].value == "Five films for tonight"
    log_in(visitor)
    assert _reloaded(visitor).title[0].value == "Пять фильмов для вас, Test 1"
    with application.services.engine.connect() as connection:
        user = users.by_id(connection, 1)
    assert user is not None
    assert user.language == "ru"
    assert account.export(application.services.engine, user)["account"]["language"] == "ru"


def test_a_strangers_choice_becomes_the_accounts(
    visitor: AppTest, application: Application
) -> None:
    _in_russian(visitor).switch_page("account").run()
    visitor.text_input[0].set_value("test1@mail.com")
    visitor.text_input[1].set_value("test")
    press(visitor, "Войти")
    assert _reloaded(visitor).title[0].value == "Пять фильмов для вас, Test 1"


def test_closed_demo_accounts_have_no_language(application: Application) -> None:
    with application.services.engine.begin() as connection:
        users.set_language(connection, 1, "ru")
        demo_accounts.close_all(connection)
        assert connection.scalar(text("SELECT language FROM users WHERE id = 1")) is None


def test_a_link_in_the_other_language(application: Application) -> None:
    visitor = new_visit()
    visitor.query_params["genre"] = ["Комедия", "Драма"]
    visitor.query_params["match"] = "все сразу"
    visitor.run()
    assert "**1 filter:** Comedy and Drama" in [each.value for each in visitor.markdown]


def test_of_a_link_what_there_is_not_is_left_out(application: Application) -> None:
    visitor = new_visit()
    visitor.query_params["genre"] = ["Драма", "Рок"]
    visitor.run()
    assert "**1 filter:** Drama" in [each.value for each in visitor.markdown]


def test_a_view_by_its_other_name_is_no_wrong_one(visitor: AppTest) -> None:
    visitor.query_params["view"] = "Во времени"
    visitor.switch_page("ratings").run()
    assert not [each for each in visitor.warning if "no view" in each.value]
    assert visitor.session_state["view"] == "Over time"
