"""Sessions that end, end: what was drawn for somebody acts for them alone, while they may."""

import ast
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from accounts import sessions
from accounts.sessions import SESSION_COOKIE, VISITOR_COOKIE
from db.queries import model_versions, users
from db.queries.users import Role, User
from pages.parts import identity
from startup import Application, Services
from tests.pages.conftest import click, log_in, press, titles
from tests.serving import ROOT

PAGES = ROOT / "pages"
SOURCES = sorted(each for each in PAGES.rglob("*.py") if each.name != "guard.py")
KEPT_BY_STREAMLIT = ("fragment", "dialog", "experimental_fragment", "experimental_dialog")

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


def _parsed() -> Iterator[tuple[str, ast.Module]]:
    for each in SOURCES:
        yield str(each.relative_to(ROOT)), ast.parse(each.read_text())


def _is_of(node: ast.expr, module: str, names: tuple[str, ...]) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in names
        and isinstance(node.value, ast.Name)
        and node.value.id == module
    )


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _takes_a_user(function: ast.FunctionDef) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return any("User" in ast.dump(each.annotation) for each in arguments if each.annotation)


def test_what_streamlit_keeps_is_made_by_the_guard_alone() -> None:
    """No fragment and no dialog of Streamlit's own; callbacks are given as `guard.callback(…)`."""
    wrong = []
    for path, tree in _parsed():
        wrong += [
            f"{path}:{node.lineno} uses st.{node.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and _is_of(node, "st", KEPT_BY_STREAMLIT)
        ]
        for call in _calls(tree):
            for given in call.keywords:
                if given.arg is None or not given.arg.startswith("on_"):
                    continue
                is_word = isinstance(given.value, ast.Constant)
                is_guarded = isinstance(given.value, ast.Call) and _is_of(
                    given.value.func, "guard", ("callback",)
                )
                if not (is_word or is_guarded):
                    wrong.append(f"{path}:{call.lineno} {given.arg} without guard.callback")
    assert not wrong


def test_what_runs_later_is_told_no_user() -> None:
    """It asks `identity.current_user`; the one that the page was drawn for may be gone."""
    wrong = []
    for path, tree in _parsed():
        functions = {
            node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
        }
        for function in functions.values():
            decorated = (
                each.func for each in function.decorator_list if isinstance(each, ast.Call)
            )
            if any(_is_of(each, "guard", ("fragment",)) for each in decorated):
                wrong += [f"{path}:{function.name}"] * _takes_a_user(function)
        for call in _calls(tree):
            if not _is_of(call.func, "guard", ("callback", "dialog")):
                continue
            later = call.args[1 if call.func.attr == "dialog" else 0]  # type: ignore[attr-defined]
            given = [ast.unparse(each) for each in [*call.args, *(k.value for k in call.keywords)]]
            is_nested = isinstance(later, ast.Lambda | ast.Call)
            takes = isinstance(later, ast.Name) and _takes_a_user(functions[later.id])
            if is_nested or takes or any("user" in each for each in given):
                wrong.append(f"{path}:{call.lineno} {ast.unparse(call)}")
    assert not wrong


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


def _opened(visitor: AppTest, page: str, **address: str) -> AppTest:
    for name, value in address.items():
        visitor.query_params[name] = value
    visitor.switch_page(page).run()
    assert not visitor.exception
    return visitor


def _warnings(visitor: AppTest) -> list[str]:
    assert not visitor.exception
    return [each.value for each in visitor.warning if each.icon == ":material/lock:"]


def _type(visitor: AppTest, label: str, words: str) -> None:
    (found,) = [each for each in visitor.text_input if each.label == label]
    found.set_value(words)


def _edit(visitor: AppTest) -> None:
    visitor.session_state["my_ratings"] = {"edited_rows": {0: {"remove": True}}}
    visitor.run()


def _change_the_password(visitor: AppTest) -> None:
    _type(visitor, "Current password", "test")
    _type(visitor, "New password", "another fine sentence")
    _type(visitor, "Repeat the new password", "another fine sentence")
    press(visitor, "Change the password")


def _delete_the_account(visitor: AppTest) -> None:
    _type(visitor, "Type the word “delete”", "delete")
    _type(visitor, "Your password", "test")
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
    _opened(visitor, on, **address)
    if before is not None:
        before(visitor)
        assert not visitor.exception
    _end_sessions(application)
    kept = _everything(application)

    act(visitor)
    assert _warnings(visitor) == [LOGGED_OUT]
    assert _everything(application) == kept
    assert not visitor.get("plotly_chart") or on == "film"  # no reasons
    visitor.run()
    assert not _warnings(visitor)
    assert _everything(application) == kept


@pytest.mark.data_layer
def test_nothing_that_was_typed_stays_for_the_next_one(
    visitor: AppTest, application: Application
) -> None:
    _opened(log_in(visitor), "my_films")
    visitor.text_input(key="my_title").set_value("alien").run()
    _end_sessions(application)
    visitor.run()
    assert _warnings(visitor) == [LOGGED_OUT]
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
    # AppTest has none.
    monkeypatch.setattr(identity, "_cookie", lambda _settings, name: cookies.get(name))
    _opened(visitor, "for_you")
    assert visitor.title[0].value == "Five films for Test 1"
    cookies[SESSION_COOKIE] = other
    kept = _everything(application)
    click(visitor, 7, "5")
    assert _warnings(visitor) == [
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
        _opened(visitor, "operations", show="Models")
        visitor.selectbox(key="version").set_value(2).run()
        kept = _everything(application)
        _set_role(application, role)

        visitor.button(key=button).click().run()
        assert _warnings(visitor) == [OTHER_ROLE]
        assert visitor.title[0].value == "This page needs an administrator's account"
        assert _everything(application) == kept
        assert application.trainer.progress is None


@pytest.mark.data_layer
def test_a_button_from_before_is_no_way_back(visitor: AppTest, application: Application) -> None:
    """Streamlit keeps the callbacks of widgets that have gone; a program may still press them."""
    log_in(visitor)
    _set_role(application, "admin")
    _opened(visitor, "operations", show="Models")
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
    _opened(log_in(visitor), "inspector", user="1")
    assert visitor.header[0].value == "Person 1"
    _set_role(application, "user")
    visitor.button(key="random").click().run()
    assert _warnings(visitor) == [OTHER_ROLE]
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
    _opened(visitor, "for_you")
    assert len(asked) == 1
    click(visitor, 7, "5")
    assert len(asked) == 3
    assert "Psycho" not in titles(visitor)
