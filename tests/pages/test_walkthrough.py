"""The story in steps: each does the thing, and Reset leaves nothing behind."""

import re

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from accounts import presenters
from db.queries import demo_accounts
from pages.parts.text import plain
from pages.walkthrough.steps import STEPS
from startup import Application
from tests.pages.conftest import new_visit, titles

pytestmark = pytest.mark.data_layer

_EVERYTHING = """
    SELECT (SELECT jsonb_agg(users ORDER BY id) FROM users),
           (SELECT jsonb_agg(ratings ORDER BY user_id, movie_id) FROM ratings),
           (SELECT count(*) FROM sessions), (SELECT count(*) FROM marks),
           (SELECT count(*) FROM events)
"""


@pytest.fixture
def visitor(application: Application) -> AppTest:
    """Nobody has seen another page before."""
    return new_visit()


def _database(application: Application) -> tuple[object, ...]:
    """What the walkthrough may change."""
    with application.services.engine.connect() as connection:
        return tuple(connection.execute(text(_EVERYTHING)).one())


def _opened(visitor: AppTest, step: int) -> AppTest:
    """A step as its link opens it."""
    visitor.query_params["step"] = str(step)
    return visitor.switch_page("walkthrough").run()


def _done(visitor: AppTest, step: int) -> AppTest:
    """The step after its button was pressed."""
    visitor.button(key=f"do-{step}").click().run()
    assert not visitor.exception
    return visitor


def _markdown(visitor: AppTest) -> str:
    return "\n".join(each.value for each in visitor.markdown)


def test_from_the_first_step_to_the_last_and_back_to_the_start(
    visitor: AppTest, drawn: Application
) -> None:
    application = drawn
    visitor.switch_page("walkthrough").run()
    before = _database(application)
    for number, step in STEPS.items():
        assert visitor.header[0].value == f"{number} of {len(STEPS)}: {step.heading}"
        _done(visitor, number)
        if number < len(STEPS):
            visitor.button(key="next").click().run()
    assert visitor.button(key="next").disabled
    application.services.recorder.flush()
    during = _database(application)
    with application.services.engine.connect() as connection:
        (presenter,) = connection.execute(
            text("SELECT id, email FROM users WHERE id >= 1000000000")
        ).all()
        given = connection.execute(
            text("SELECT movie_id, rating FROM ratings WHERE user_id = :id ORDER BY movie_id"),
            {"id": presenter.id},
        ).all()
    assert [tuple(each) for each in given] == [(4, 5.0), (5, 5.0), (6, 5.0)]
    assert during[2:] == (2, 0, 0)  # the presenter's session and the rater's; no events

    visitor.button(key="reset").click().run()
    email = plain(presenter.email)
    assert visitor.success[0].value == (
        f"Back at the start. Removed: {email}, with its 3 ratings and its session."
    )
    assert visitor.header[0].value.startswith(f"1 of {len(STEPS)}")
    assert titles(visitor) == []
    assert _database(application) == before


def test_a_stranger_then_a_genre_then_a_wrong_one(visitor: AppTest) -> None:
    _done(_opened(visitor, 1), 1)
    assert titles(visitor)[:3] == ["Aliens", "Unforgiven", "The Interview"]
    visitor.button(key="next").click().run()
    _done(visitor, 2)
    assert "Typed: **sci fi**" in _markdown(visitor)
    assert {*titles(visitor)} == {"Aliens", "Blade Runner", "Alien", "Solaris"}
    visitor.button(key="next").click().run()
    _done(visitor, 3)
    assert re.match(r"There is no genre “Westren”\. .* Sci-Fi, .*Western\.", visitor.error[0].value)
    assert "did you mean **Western**?" in _markdown(visitor)


def test_a_step_opened_by_its_link_does_those_before_it_first(
    visitor: AppTest, application: Application
) -> None:
    _opened(visitor, 7)
    assert visitor.header[0].value.startswith("7 of")
    assert "do-7" not in [each.key for each in visitor.button]
    assert visitor.info[0].value == (
        "This step builds on steps 2, 4, 5, 6, which have not been done yet."
    )
    visitor.button(key="before").click().run()
    _done(visitor, 7)
    (score,) = re.findall(r"is \*\*(.+)\*\*, which is exactly", _markdown(visitor))
    table = visitor.table[0].value
    assert table["Part"].iloc[-1] == "**Sum of the parts**"
    assert f"{float(table['Adds'].iloc[-1]):.4f}" == score
    assert [f"You liked {each}" for each in ("Alien (1979)", "Aliens (1986)")] == sorted(
        part for part in table["Part"] if part.startswith("You liked Alien")
    )


def test_without_a_map_the_last_step_says_what_to_do(visitor: AppTest) -> None:
    _opened(visitor, 10).button(key="before").click().run()
    _done(visitor, 10)
    assert "The current model has no map" in visitor.error[0].value


def test_what_changed_is_marked(visitor: AppTest) -> None:
    _opened(visitor, 6).button(key="before").click().run()
    _done(visitor, 6)
    said = _markdown(visitor)
    assert "~~Aliens (1986)~~ :gray-badge[rated]" in said
    gone = said.count("~~ :gray-badge[")
    assert gone == said.count("** :green-badge[new]")
    assert f"**New: {gone} of 5.**" in said


def test_without_demo_accounts_nobody_is_named(visitor: AppTest, application: Application) -> None:
    with application.services.engine.begin() as connection:
        demo_accounts.close_all(connection)
    _done(_opened(visitor, 8), 8)
    assert "Films rated: 6." in visitor.info[0].value
    assert "@mail.com" not in _markdown(visitor) + "".join(each.value for each in visitor.text)
    assert titles(visitor)
    assert _database(application)[2] == 0


def test_leftovers_of_yesterday_go_at_a_reset(visitor: AppTest, application: Application) -> None:
    before = _database(application)
    presenters.register(application.services.engine)
    with application.services.engine.begin() as connection:
        connection.execute(text("UPDATE users SET created_at = now() - interval '2 days'"))
        connection.execute(text("UPDATE users SET created_at = now() WHERE id < 1000000000"))
    _opened(visitor, 1).button(key="reset").click().run()
    assert visitor.success[0].value == (
        "Back at the start. Removed accounts of earlier walkthroughs: 1."
    )
    after = _database(application)
    assert [each["id"] for each in after[0]] == [each["id"] for each in before[0]]  # type: ignore[attr-defined]


def test_a_story_whose_account_is_gone_says_so(visitor: AppTest, application: Application) -> None:
    _opened(visitor, 5).button(key="before").click().run()
    with application.services.engine.begin() as connection:
        connection.execute(text("DELETE FROM users WHERE id >= 1000000000"))
    _done(visitor, 5)
    assert "The account of this story is gone" in visitor.error[0].value
    visitor.button(key="reset").click().run()
    assert visitor.success[0].value == "Back at the start. There was no account to remove."


def test_too_many_log_ins_are_told(visitor: AppTest, application: Application) -> None:
    for _ in range(10):
        application.services.throttle.begin("test1@mail.com", "local")
    _done(_opened(visitor, 8), 8)
    assert "Try again in" in visitor.error[0].value
    assert titles(visitor) == []


def test_a_style_is_for_a_session_that_lasts(visitor: AppTest, application: Application) -> None:
    _done(_opened(visitor, 8), 8)
    with application.services.engine.begin() as connection:
        connection.execute(text("DELETE FROM sessions"))
    visitor.button_group(key="look").select("popular").run()
    assert not visitor.exception
    assert "its session has ended" in visitor.error[0].value
    assert titles(visitor) == []


def test_the_notes_stand_in_a_window_of_their_own(visitor: AppTest) -> None:
    assert STEPS[3].notes not in _markdown(_opened(visitor, 3))
    link = next(each for each in visitor.main if each.type == "link_button")
    assert link.proto.url == "/walkthrough?notes=true"
    visitor.query_params["notes"] = "true"
    visitor.run()
    assert visitor.header[0].value == f"3 of {len(STEPS)}: {STEPS[3].heading}"
    assert STEPS[3].notes in _markdown(visitor)
    assert not [each.key for each in visitor.button if each.key in ("back", "next", "do-3")]


def test_films_that_the_audience_calls_out(visitor: AppTest) -> None:
    _opened(visitor, 11).text_input(key="called_1").set_value("alien").run()
    visitor.text_input(key="called_2").set_value("unforgivn").run()
    _done(visitor, 11)
    assert "If you love **Alien (1979)** · **Unforgiven (1992)**, you get:" in _markdown(visitor)
    assert not {"Alien", "Unforgiven"} & {*titles(visitor)}
    visitor.text_input(key="called_2").set_value("zzzzqqq").run()
    assert titles(visitor) == [], "they are other films than those of the five"
    _done(visitor, 11)
    assert visitor.error[0].value == "No film has a title like “zzzzqqq”. Try another."


def test_nothing_called_out_is_the_films_in_grey(visitor: AppTest) -> None:
    _opened(visitor, 11)
    in_grey = [visitor.text_input(key=f"called_{place}").placeholder for place in (1, 2, 3)]
    _done(visitor, 11)
    said = _markdown(visitor)
    assert all(f"**{film} (" in said for film in in_grey)


@pytest.mark.parametrize("step", ["0", "12", "x", ""])
def test_a_link_to_no_step_is_the_first(visitor: AppTest, step: str) -> None:
    visitor.query_params["step"] = step
    visitor.switch_page("walkthrough").run()
    assert visitor.header[0].value.startswith("1 of")
