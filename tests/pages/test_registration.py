"""Registration: what is wrong is said at once, and somebody registers."""

import pytest
from streamlit.testing.v1 import AppTest

from accounts.registration import register
from db.queries import users
from startup import Application
from tests.pages.conftest import press
from tests.pages.forms import errors, fill, wrong

pytestmark = pytest.mark.data_layer

EMAIL, PASSWORD = "jane@mail.com", "correct horse battery"


def _register(page: AppTest, email: str, password: str, again: str, name: str = "") -> AppTest:
    page.switch_page("account").run()
    page.button_group(key="wish").set_value("Register").run()
    for label, typed in (
        ("Email", email),
        ("Name (optional)", name),
        ("Password", password),
        ("Repeat the password", again),
    ):
        fill(page, label, typed)
    return press(page, "Register")


def test_a_registration_says_all_that_is_wrong_at_once(visitor: AppTest) -> None:
    assert wrong(_register(visitor, "jane@mail", "short", "shorts", "x" * 101)) == {
        "registration_email": "This is not an email address. It should look like name@example.org.",
        "registration_name": "The name is too long (100 characters at most) or contains characters "
        "that can't be printed.",
        "registration_password": "The password needs at least 8 characters.",
        "registration_again": "The two passwords differ. Type the same one twice.",
    }


def test_a_registration_says_all_that_is_wrong_in_russian(visitor: AppTest) -> None:
    visitor.session_state["language_chosen"] = "ru"
    visitor.switch_page("account").run()
    visitor.button_group(key="wish").set_value("Зарегистрироваться").run()
    for key, typed in (("email", "jane@mail"), ("password", "short"), ("again", "shorts")):
        visitor.text_input(key=f"registration_{key}").set_value(typed)
    assert wrong(press(visitor, "Зарегистрироваться")) == {
        "registration_email": "Это не адрес эл. почты: он выглядит так: name@example.org.",
        "registration_password": "В пароле должно быть не меньше 8 символов.",
        "registration_again": "Пароли не совпадают: введите один и тот же дважды.",
    }


@pytest.mark.parametrize("email", [EMAIL, EMAIL.upper(), "test1@mail.com", "test9999@mail.com"])
def test_a_taken_email_is_said_below_it(
    visitor: AppTest, application: Application, email: str
) -> None:
    register(application.services.engine, email=EMAIL, password=PASSWORD, name="Jane")
    (problem,) = wrong(_register(visitor, email, PASSWORD, PASSWORD)).items()
    assert problem[0] == "registration_email"
    assert "There is already an account with this email" in problem[1] or "demo" in problem[1]


def test_somebody_registers(visitor: AppTest, application: Application) -> None:
    page = _register(visitor, " John@mail.com", PASSWORD, PASSWORD, " John  Doe ")
    assert errors(page) == []
    with application.services.engine.connect() as connection:
        john = users.by_email(connection, "john@mail.com")
    assert john is not None
    assert john.name == "John Doe"
    assert "Your account" not in [each.value for each in page.switch_page("account").run().title]
