"""Sessions that end, end: what was drawn for somebody acts for them alone, while they may."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from accounts import sessions
from accounts.sessions import SESSION_COOKIE, VISITOR_COOKIE
from db.queries import model_versions, users
from db.queries.users import Role, User
from pages.parts import identity
from startup import Application, Services
from tests.catalogue import add_person
from tests.pages.conftest import click, log_in, opened, press, titles, warnings
from tests.pages.forms import fill

LOGGED_OUT = "You have been logged out. Log in again to go on."
OTHER_ROLE = "Your account's role has changed, so your click did nothing."

_EVERYTHING = """
    SELECT (SELECT jsonb_agg(to_jsonb(users) - 'role' ORDER BY id) FROM users),
           (SELECT jsonb_agg(ratings ORDER BY user_id, movie_id) FROM ratings),
           (SELECT jsonb_agg(marks ORDER BY user_id, movie_id) FROM marks),
           (SELECT jsonb_agg(guest_ratings ORDER BY movie_id) FROM guest_ratings),
           (SELECT count(*) FROM imports), (SELECT count(*) FROM trainings),
           (SELECT array_agg(id) FROM model_versions WHERE is_active),
           (SELECT count(*) FROM sessions)
"""


def _everything(application: Application) -> tuple[object, ...]:
    """What a click may change."""
    with application.services.engine.connect() as connection:
        return tuple(connection.execute(text(_EVERYTHING)).one())


def _end_sessions(application: Application) -> None:
    with application.services.engine.begin() as connection:
        connection.execute(text("DELETE FROM sessions"))


def _set_role(application: Application, role: Role) -> None:
    with application.services.engine.begin() as connection:
        users.set_role(connection, 1, role)


def _edit(visitor: AppTest) -> None:
    visitor.session_state["my_ratings"] = {"edited_rows": {0: {"remove": True}}}
    visitor.run()


def _change_the_password(visitor: AppTest) -> None:
    fill(visitor, "Current password", "test")
    fill(visitor, "New password", "another fine sentence")
    fill(visitor, "Repeat the new password", "another fine sentence")
    press(visitor, "Change the password")


def _delete_the_account(visitor: AppTest) -> None:
    fill(visitor, "Type the word “delete”", "delete")
    fill(visitor, "Your password", "test")
    press(visitor, "Delete my account")


def _upload(visitor: AppTest) -> None:
    file = ("ratings.csv", b"movieId,rating,timestamp\n7,5.0,1500000000\n", "text/csv")
    visitor.file_uploader(key="import_file").set_value(file).run()


Act = Callable[[AppTest], Any]


@pytest.mark.data_layer
@pytest.mark.parametrize(
    ("on", "address", "before", "act"),
    [
        ("for_you", {}, None, lambda page: click(page, 7, "5")),
        ("for_you", {}, None, lambda page: click(page, 7, "later")),
        ("for_you", {}, None, lambda page: click(page, 7, "why")),
        (
            "for_you",
            {},
            None,
            lambda page: page.button_group(key="style").select("popular").run(),
        ),
        ("for_you", {}, None, lambda page: page.button(key="more").click().run()),
        (
            "for_you",
            {},
            None,
            lambda page: page.button(key="switch_language").click().run(),
        ),
        (
            "for_you",
            {},
            lambda page: click(page, 7, "5"),
            lambda page: page.button(key="undo").click().run(),
        ),
        ("film", {"id": "7"}, None, lambda page: page.feedback[0].set_value(3).run()),
        ("film", {"id": "7"}, None, lambda page: page.button(key="mark-seen-7").click().run()),
        ("film", {"id": "5"}, None, lambda page: page.button(key="take_back").click().run()),
        ("film", {"id": "7"}, None, lambda page: press(page, "Why would I like it?")),
        ("person", {"id": "631"}, None, lambda page: click(page, 7, "5", cards="person_new")),
        ("my_films", {}, None, _edit),
        (
            "my_films",
            {"view": "Import"},
            _upload,
            lambda page: page.button(key="import_now").click().run(),
        ),
        ("account", {}, None, _change_the_password),
        ("account", {}, None, _delete_the_account),
        ("account", {}, None, lambda page: press(page, "Log out")),
    ],
    ids=lambda each: each if isinstance(each, str) else None,
)
def test_a_session_that_has_ended_acts_for_nobody(
    visitor: AppTest,
    application: Application,
    on: str,
    address: dict[str, str],
    before: Act | None,
    act: Act,
) -> None:
    log_in(visitor)
    with application.services.engine.begin() as connection:  # so that the account may be changed
        connection.execute(text("UPDATE users SET is_demo = false WHERE id = 1"))
        add_person(connection, 631, "Ridley Scott", {7: ["cast"]})
    opened(visitor, on, **address)
    if before is not None:
        before(visitor)
        assert not visitor.exception
    _end_sessions(application)
    kept = _everything(application)

    act(visitor)
    assert warnings(visitor, "lock") == [LOGGED_OUT]
    assert _everything(application) == kept
    assert not visitor.get("plotly_chart") or on == "film"  # no reasons
    visitor.run()
    assert not warnings(visitor, "lock")
    assert _everything(application) == kept


@pytest.mark.data_layer
def test_nothing_that_was_typed_stays_for_the_next_one(
    visitor: AppTest, application: Application
) -> None:
    opened(log_in(visitor), "my_films")
    visitor.text_input(key="my_title").set_value("alien").run()
    _end_sessions(application)
    visitor.run()
    assert warnings(visitor, "lock") == [LOGGED_OUT]
    assert "my_title" not in visitor.session_state
    assert "my_ratings_rows" not in visitor.session_state
    assert not visitor.data_editor


def _cookie_of(application: Application, user: User) -> str:
    """The session cookie of "one browser", which is logged in."""
    opened = sessions.open_session(application.services.engine, user, 1)
    ticket = sessions.create_ticket(application.services.engine, opened, "one browser")
    return sessions.redeem_ticket(application.services.engine, ticket, "one browser") or ""


@pytest.mark.data_layer
def test_what_one_account_pressed_is_not_done_for_another(
    visitor: AppTest, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the connection comes back with another cookie."""
    with application.services.engine.connect() as connection:
        people = [users.by_id(connection, number) for number in (1, 2)]
    one, other = (_cookie_of(application, each) for each in people if each)
    cookies = {SESSION_COOKIE: one, VISITOR_COOKIE: "one browser"}
    monkeypatch.setattr(type(st.context), "cookies", cookies)  # AppTest has none
    opened(visitor, "for_you")
    assert visitor.title[0].value == "Five films for Test 1"
    cookies[SESSION_COOKIE] = other
    kept = _everything(application)
    click(visitor, 7, "5")
    assert warnings(visitor, "lock") == [
        "Another account is logged in here now, so your click did nothing."
    ]
    assert visitor.title[0].value == "Five films for Test 2"
    assert _everything(application) == kept


@pytest.mark.data_layer
@pytest.mark.parametrize("role", ["analyst", "user"])
def test_who_is_no_administrator_any_more_trains_and_serves_nothing(
    visitor: AppTest, application: Application, role: Role
) -> None:
    log_in(visitor)
    with application.services.engine.begin() as connection:
        model_versions.store(connection, model_versions.artefact(connection, 1), {})
    for button in ("train", "serve-2"):
        _set_role(application, "admin")
        opened(visitor, "operations", show="Models")
        visitor.selectbox(key="version").set_value(2).run()
        kept = _everything(application)
        _set_role(application, role)

        visitor.button(key=button).click().run()
        assert warnings(visitor, "lock") == [OTHER_ROLE]
        assert visitor.title[0].value == "This page needs an administrator's account"
        assert _everything(application) == kept
        assert application.trainer.progress is None


@pytest.mark.data_layer
def test_a_button_from_before_is_no_way_back(visitor: AppTest, application: Application) -> None:
    """Streamlit keeps the callbacks of widgets that have gone; a program may still press them."""
    log_in(visitor)
    _set_role(application, "admin")
    opened(visitor, "operations", show="Models")
    states = visitor._tree.get_widget_states()
    states.widgets.add(id=visitor.button(key="train").id, trigger_value=True)
    _set_role(application, "analyst")
    visitor.run()
    assert visitor.title[0].value == "This page needs an administrator's account"
    kept = _everything(application)
    visitor._run(states)
    assert not visitor.exception
    assert application.trainer.progress is None
    assert _everything(application) == kept


@pytest.mark.data_layer
def test_who_is_no_analyst_any_more_sees_nobody(visitor: AppTest, application: Application) -> None:
    opened(log_in(visitor), "inspector", user="1")
    assert visitor.header[0].value == "Person 1"
    _set_role(application, "user")
    visitor.button(key="random").click().run()
    assert warnings(visitor, "lock") == [OTHER_ROLE]
    assert visitor.title[0].value == "This page needs an analyst's account"
    assert not visitor.header


@pytest.mark.data_layer
def test_a_click_costs_one_question_more(
    visitor: AppTest, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ask = identity.ask

    def count(services: Services) -> User | None:
        asked.append(1)
        return ask(services)

    monkeypatch.setattr(identity, "ask", count)
    opened(visitor, "for_you")
    assert len(asked) == 1
    click(visitor, 7, "5")
    assert len(asked) == 3
    assert "Psycho" not in titles(visitor)
