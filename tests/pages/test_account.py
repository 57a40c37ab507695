"""The Account page: guessing, the password, sessions, one's data, leaving."""

import json

import pytest
import streamlit as st
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

import startup
from accounts import sessions
from accounts.registration import register
from db.queries import ratings, users
from db.queries.users import User
from startup import Application
from tests.cached import cached_lists
from tests.conftest import serve_with
from tests.pages.conftest import log_in, new_visit, press
from tests.pages.forms import errors, fill, wrong

pytestmark = pytest.mark.data_layer

EMAIL, PASSWORD, NEW = "jane@mail.com", "correct horse battery", "another fine sentence"
INJECTIONS = ["'; DROP TABLE users; --", "<script>alert(1)</script>"]
HOSTILE = ["", " ", "x" * 10_000, "🎬", "\0", *INJECTIONS]


@pytest.fixture
def jane(application: Application) -> User:
    return register(application.services.engine, email=EMAIL, password=PASSWORD, name="Jane")


@pytest.fixture
def at_home(visitor: AppTest, jane: User) -> AppTest:
    """Jane on her Account page."""
    log_in(visitor, EMAIL, PASSWORD)
    return visitor.switch_page("account").run()


def _change(page: AppTest, old: str, new: str, again: str | None = None) -> AppTest:
    fill(page, "Current password", old)
    fill(page, "New password", new)
    fill(page, "Repeat the new password", new if again is None else again)
    return press(page, "Change the password")


def _is_stranger(page: AppTest) -> bool:
    return "Your account" in [title.value for title in page.title]


@pytest.mark.parametrize("wish", ["Log in", "Register"])
def test_no_component_runs_the_page_anew_while_a_password_is_checked(
    visitor: AppTest, wish: str
) -> None:
    page = visitor.switch_page("account").run()
    page.session_state["wish"] = wish
    page.run()
    assert wish in [each.value for each in page.subheader]
    assert not page.get("component_instance")


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_log_ins_get_the_same_words(visitor: AppTest, typed: str) -> None:
    assert errors(log_in(visitor, typed, typed)) == [
        "That email and password don't go together. Check both, or register."
    ]


def test_known_and_unknown_names_get_the_same_words(visitor: AppTest, jane: User) -> None:
    known = errors(log_in(visitor, EMAIL, "wrong"))
    assert known == errors(log_in(visitor, "nobody@mail.com", "wrong"))
    assert len(known) == 1


def test_after_ten_wrong_ones_even_the_right_one_has_to_wait(
    visitor: AppTest, application: Application, jane: User
) -> None:
    for _ in range(9):
        application.services.throttle.note_failure(EMAIL, "198.51.100.7")
    assert "don't go together" in errors(log_in(visitor, EMAIL, "wrong"))[0]
    assert errors(log_in(visitor, EMAIL, PASSWORD)) == [
        "Too many attempts. Try again in 15 minutes."
    ]
    assert _is_stranger(visitor)


def test_a_new_password_logs_everybody_else_out_at_the_next_click(
    at_home: AppTest, application: Application, jane: User
) -> None:
    elsewhere = log_in(new_visit().run(), EMAIL, PASSWORD)
    elsewhere.switch_page("account").run()
    assert not _is_stranger(elsewhere)

    _change(at_home, PASSWORD, NEW)
    assert not errors(at_home)
    assert not _is_stranger(at_home.switch_page("account").run())
    assert _is_stranger(elsewhere.run())
    assert "don't go together" in errors(log_in(elsewhere, EMAIL, PASSWORD))[0]


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_passwords_change_nothing(
    at_home: AppTest, application: Application, jane: User, typed: str
) -> None:
    assert len(errors(_change(at_home, typed, NEW))) == 1
    if typed not in INJECTIONS:  # which are fine passwords
        assert len(errors(_change(at_home, PASSWORD, typed))) == 1
    with application.services.engine.connect() as connection:
        assert users.by_id(connection, jane.id) == jane


def test_all_that_is_wrong_with_a_new_password_is_said_at_once(at_home: AppTest) -> None:
    differ = {"password_again": "The two new passwords differ. Type the same one twice."}
    assert wrong(_change(at_home, PASSWORD, NEW, NEW + "x")) == differ
    assert wrong(_change(at_home, "a wrong guess", "jane-mail-com", "")) == differ | {
        "password_old": "That is not your current password.",
        "password_new": "The password must not contain your email or your name. Choose another.",
    }


def test_browsers_are_told_what_each_field_is_for(at_home: AppTest, visitor: AppTest) -> None:
    def purposes(page: AppTest) -> dict[str, tuple[str, int]]:
        return {
            str(each.key): (each.proto.autocomplete, each.proto.type) for each in page.text_input
        }

    text, password, email = 0, 1, 2
    assert purposes(at_home) == {
        "password_old": ("current-password", password),
        "password_new": ("new-password", password),
        "password_again": ("new-password", password),
        "leaving_confirm": ("off", text),
        "leaving_password": ("current-password", password),
    }
    stranger = new_visit().run()
    stranger.switch_page("account").run()
    assert purposes(stranger) == {
        "log_in_email": ("username", email),
        "log_in_password": ("current-password", password),
    }
    stranger.button_group(key="wish").set_value("Register").run()
    assert purposes(stranger) == {
        "registration_email": ("email", email),
        "registration_name": ("name", text),
        "registration_password": ("new-password", password),
        "registration_again": ("new-password", password),
    }


def test_no_address_of_ours_is_a_link(visitor: AppTest) -> None:
    visitor.switch_page("account").run()
    (hint,) = (each.value for each in visitor.info if "To try it out" in each.value)
    assert "`test195@mail.com`" in hint


def test_session_times_are_in_ones_time_zone(
    at_home: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def zones() -> list[str]:
        (table,) = at_home.run().dataframe
        columns = json.loads(table.proto.columns)
        return [columns[name]["type_config"]["timezone"] for name in ("opened", "ends")]

    assert zones() == ["UTC", "UTC"]
    for zone, shown in (("Asia/Tokyo", "Asia/Tokyo"), ("../nowhere", "UTC"), ("Mars/Base", "UTC")):
        monkeypatch.setattr(type(st.context), "timezone", zone)
        assert zones() == [shown] * 2
        assert f"Times are in your time zone ({shown})." in [e.value for e in at_home.caption]


def test_an_open_page_cannot_guess_the_password_without_end(
    at_home: AppTest, application: Application
) -> None:
    for _ in range(10):
        application.services.throttle.note_failure(EMAIL, "local")
    assert "Too many attempts" in errors(_change(at_home, PASSWORD, NEW))[0]
    fill(at_home, "Type the word “delete”", "delete")
    fill(at_home, "Your password", PASSWORD)
    assert "Too many attempts" in errors(press(at_home, "Delete my account"))[0]


def test_other_sessions_end_and_this_one_stays(
    at_home: AppTest, application: Application, jane: User
) -> None:
    other = sessions.open_session(application.services.engine, jane, days=1)
    press(at_home.run(), "Log out everywhere else")
    assert sessions.user_of(application.services.engine, other) is None
    assert not _is_stranger(at_home.run())


def test_all_that_is_known_is_offered(
    at_home: AppTest, application: Application, jane: User
) -> None:
    (button,) = at_home.run().get("link_button")
    assert button.proto.label == "Download what is known about me"
    assert button.proto.url == "/download/five-films-about-me.json"


def test_leaving_needs_a_word_and_the_password_and_takes_everything_along(
    at_home: AppTest, application: Application, jane: User
) -> None:
    with application.services.engine.begin() as connection:
        ratings.put(connection, jane.id, 1, 5.0)
    another_word = {"leaving_confirm": "That is not the word “delete”. Nothing was deleted."}
    another_password = {"leaving_password": "That is not your password. Nothing was deleted."}
    for typed in (*HOSTILE, EMAIL):
        fill(at_home, "Type the word “delete”", typed)
        fill(at_home, "Your password", PASSWORD)
        assert wrong(press(at_home, "Delete my account")) == another_word
    fill(at_home, "Your password", "a wrong guess")
    assert wrong(press(at_home, "Delete my account")) == another_word | another_password

    def lists() -> list[bytes | str]:
        return cached_lists(application.services.redis, application.services.engine, str(jane.id))

    application.services.recommender.recommend(jane)
    assert lists()
    fill(at_home, "Type the word “delete”", " Delete ")
    for guess in ("", "a wrong guess"):
        fill(at_home, "Your password", guess)
        assert wrong(press(at_home, "Delete my account")) == another_password
    fill(at_home, "Your password", PASSWORD)
    press(at_home, "Delete my account")
    with application.services.engine.connect() as connection:
        assert users.by_id(connection, jane.id) is None
        kept = connection.scalar(
            text("SELECT count(*) FROM ratings WHERE user_id = :id"), {"id": jane.id}
        )
        assert kept == 0
        assert not connection.scalar(text("SELECT count(*) FROM sessions"))
    assert not lists()


def test_demo_accounts_are_everybodys(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    visitor.switch_page("account").run()
    assert any("shared demo account" in each.value for each in visitor.info)
    assert not [each for each in visitor.text_input if "assword" in each.label]
    assert "Delete my account" not in [each.label for each in visitor.button]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "**bold** [x](http://y)", "$\\pi$"])
def test_hostile_names_are_shown_as_they_were_typed(
    visitor: AppTest, application: Application, name: str
) -> None:
    register(application.services.engine, email="eve@mail.com", password=PASSWORD, name=name)
    log_in(visitor, "eve@mail.com", PASSWORD)
    visitor.switch_page("account").run()
    assert not visitor.exception
    shown = " ".join(each.value for each in (*visitor.markdown, *visitor.title, *visitor.info))
    assert name not in shown
    assert not any(getattr(each, "allow_html", False) for each in visitor.markdown)


@pytest.mark.parametrize(
    "page",
    [
        "for_you",
        "by_genre",
        "my_films",
        "film",
        "ratings",
        "account",
    ],
)
def test_a_warning_of_demo_accounts_is_on_every_page(visitor: AppTest, page: str) -> None:
    visitor.switch_page(page).run()
    assert any("Demo accounts are on" in each.value for each in visitor.warning)


def test_no_warning_without_them(visitor: AppTest, application: Application) -> None:
    settings = application.settings.model_copy(update={"demo_accounts": False})
    serve_with(application, settings=settings)
    assert startup.current() is application
    assert not visitor.run().warning
