"""The Account page: guessing, the password, sessions, one's data, leaving."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

import startup
from accounts import sessions
from accounts.registration import register
from db import ratings, statistics, users
from db.users import User
from startup import Application
from tests.pages.conftest import NAVIGATION, log_in

pytestmark = pytest.mark.data_layer

EMAIL, PASSWORD, NEW = "jane@mail.com", "correct horse battery", "another fine sentence"
INJECTIONS = ["'; DROP TABLE users; --", "<script>alert(1)</script>"]
HOSTILE = ["", " ", "x" * 10_000, "🎬", "\0", *INJECTIONS]


@pytest.fixture
def jane(application: Application) -> User:
    return register(application.engine, email=EMAIL, password=PASSWORD, name="Jane")


@pytest.fixture
def at_home(visitor: AppTest, jane: User) -> AppTest:
    """Jane on her Account page."""
    log_in(visitor, EMAIL, PASSWORD)
    return visitor.switch_page("account.py").run()


def _errors(page: AppTest) -> list[str]:
    assert not page.exception
    return [error.value for error in page.error]


def _labelled(page: AppTest, label: str) -> Callable[[str], object]:
    (found,) = [each for each in page.text_input if each.label == label]
    return found.set_value


def _click(page: AppTest, label: str) -> AppTest:
    found = [each for each in page.button if each.label == label]
    return found[-1].click().run()


def _change(page: AppTest, old: str, new: str, again: str | None = None) -> AppTest:
    _labelled(page, "Password now")(old)
    _labelled(page, "New password")(new)
    _labelled(page, "New password once more")(new if again is None else again)
    return _click(page, "Change the password")


def _is_stranger(page: AppTest) -> bool:
    return "Your account" in [title.value for title in page.title]


@pytest.mark.parametrize("wish", ["Log in", "Register"])
def test_no_component_runs_the_page_anew_while_a_password_is_checked(
    visitor: AppTest, wish: str
) -> None:
    page = visitor.switch_page("account.py").run()
    page.session_state["wish"] = wish
    page.run()
    assert wish in [each.value for each in page.subheader]
    assert not page.get("component_instance")


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_log_ins_get_the_same_words(visitor: AppTest, typed: str) -> None:
    assert _errors(log_in(visitor, typed, typed)) == [
        "That email and password don't go together. Check both, or register."
    ]


def test_known_and_unknown_names_get_the_same_words(visitor: AppTest, jane: User) -> None:
    known = _errors(log_in(visitor, EMAIL, "wrong"))
    assert known == _errors(log_in(visitor, "nobody@mail.com", "wrong"))
    assert len(known) == 1


def test_after_ten_wrong_ones_even_the_right_one_has_to_wait(
    visitor: AppTest, application: Application, jane: User
) -> None:
    for _ in range(9):
        application.throttle.note_failure(EMAIL, "198.51.100.7")
    assert "don't go together" in _errors(log_in(visitor, EMAIL, "wrong"))[0]
    assert _errors(log_in(visitor, EMAIL, PASSWORD)) == [
        "Too many attempts. Try again in 15 minutes."
    ]
    assert _is_stranger(visitor)


def test_a_new_password_logs_everybody_else_out_at_the_next_click(
    at_home: AppTest, application: Application, jane: User
) -> None:
    elsewhere = log_in(
        AppTest.from_file(str(NAVIGATION), default_timeout=30).run(), EMAIL, PASSWORD
    )
    elsewhere.switch_page("account.py").run()
    assert not _is_stranger(elsewhere)

    _change(at_home, PASSWORD, NEW)
    assert not _errors(at_home)
    assert not _is_stranger(at_home.switch_page("account.py").run())
    assert _is_stranger(elsewhere.run())
    assert "don't go together" in _errors(log_in(elsewhere, EMAIL, PASSWORD))[0]


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_passwords_change_nothing(
    at_home: AppTest, application: Application, jane: User, typed: str
) -> None:
    assert len(_errors(_change(at_home, typed, NEW))) == 1
    if typed not in INJECTIONS:  # which are fine passwords
        assert len(_errors(_change(at_home, PASSWORD, typed))) == 1
    with application.engine.connect() as connection:
        assert users.by_id(connection, jane.id) == jane


def test_the_new_password_is_typed_twice(at_home: AppTest) -> None:
    assert "differ" in _errors(_change(at_home, PASSWORD, NEW, NEW + "x"))[0]


def test_an_open_page_cannot_guess_the_password_without_end(
    at_home: AppTest, application: Application
) -> None:
    for _ in range(10):
        application.throttle.note_failure(EMAIL, "local")
    assert "Too many attempts" in _errors(_change(at_home, PASSWORD, NEW))[0]


def test_other_sessions_end_and_this_one_stays(
    at_home: AppTest, application: Application, jane: User
) -> None:
    other = sessions.open_session(application.engine, jane, days=1)
    _click(at_home.run(), "Log out everywhere else")
    assert sessions.user_of(application.engine, other) is None
    assert not _is_stranger(at_home.run())


def test_all_that_is_known_is_offered(
    at_home: AppTest, application: Application, jane: User
) -> None:
    (button,) = at_home.run().get("download_button")
    assert button.proto.label == "Download what is known about me"


def test_leaving_needs_the_email_and_takes_everything_along(
    at_home: AppTest, application: Application, jane: User
) -> None:
    with application.engine.begin() as connection:
        ratings.put(connection, jane.id, 1, 5.0)
    for typed in (*HOSTILE, "john@mail.com"):
        _labelled(at_home, "Type your email to confirm")(typed)
        assert "nothing was deleted" in _errors(_click(at_home, "Delete my account"))[0]

    with application.engine.connect() as connection:
        lists = f"five-films:{statistics.installation(connection)}:list:{jane.id}:*"
    application.recommender.give(jane)
    assert application.redis.keys(lists)
    _labelled(at_home, "Type your email to confirm")(f" {EMAIL.upper()} ")
    _click(at_home, "Delete my account")
    with application.engine.connect() as connection:
        assert users.by_id(connection, jane.id) is None
        kept = connection.scalar(
            text("SELECT count(*) FROM ratings WHERE user_id = :id"), {"id": jane.id}
        )
        assert kept == 0
        assert not connection.scalar(text("SELECT count(*) FROM sessions"))
    assert not application.redis.keys(lists)


def test_demo_accounts_are_everybodys(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    visitor.switch_page("account.py").run()
    assert any("demo account, which others use too" in each.value for each in visitor.info)
    assert not [each for each in visitor.text_input if "assword" in each.label]
    assert "Delete my account" not in [each.label for each in visitor.button]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "**bold** [x](http://y)", "$\\pi$"])
def test_hostile_names_are_shown_as_they_were_typed(
    visitor: AppTest, application: Application, name: str
) -> None:
    register(application.engine, email="eve@mail.com", password=PASSWORD, name=name)
    log_in(visitor, "eve@mail.com", PASSWORD)
    visitor.switch_page("account.py").run()
    assert not visitor.exception
    shown = " ".join(each.value for each in (*visitor.markdown, *visitor.title, *visitor.info))
    assert name not in shown
    assert not any(getattr(each, "allow_html", False) for each in visitor.markdown)


@pytest.mark.parametrize(
    "page", ["for_you.py", "by_genre.py", "my_films.py", "film.py", "ratings.py", "account.py"]
)
def test_a_warning_of_demo_accounts_is_on_every_page(visitor: AppTest, page: str) -> None:
    visitor.switch_page(page).run()
    assert any("Demo accounts are on" in each.value for each in visitor.warning)


def test_no_warning_without_them(visitor: AppTest, application: Application) -> None:
    settings = application.settings
    application.settings = settings.model_copy(update={"demo_accounts": False})
    assert startup.current() is application
    assert not visitor.run().warning
