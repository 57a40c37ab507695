"""Forgotten passwords on the Account page."""

import pytest
from streamlit.testing.v1 import AppTest

from accounts.forgotten import MOST_MAILS_PER_ACCOUNT, new_link
from accounts.login import check_password
from accounts.registration import register
from db.queries import mails
from db.queries.users import User
from startup import Application
from tests.accounts.mail.servers import with_mail
from tests.conftest import serve_with
from tests.pages.conftest import new_visit, press
from tests.pages.forms import errors, fill, wrong

pytestmark = pytest.mark.data_layer

EMAIL, PASSWORD, NEW = "jane@mail.com", "correct horse battery", "another fine sentence"


@pytest.fixture
def jane(application: Application) -> User:
    return register(application.services.engine, email=EMAIL, password=PASSWORD, name="Jane")


@pytest.fixture
def mail(application: Application) -> None:
    """A mail server is set; nothing is sent here."""
    serve_with(application, settings=with_mail(application.settings))


def _ask(page: AppTest, email: str) -> AppTest:
    fill(page, "Email of your account", email)
    return press(page, "Send me a link")


def _follow(token: str) -> AppTest:
    page = new_visit()
    page.query_params["reset"] = token
    return page.run().switch_page("account").run()


def test_without_mail_the_page_says_whom_to_ask(visitor: AppTest) -> None:
    page = visitor.switch_page("account").run()
    assert "Forgot your password?" in [each.label for each in page.expander]
    assert any("ask whoever runs it" in each.value for each in page.markdown)


@pytest.mark.usefixtures("mail", "jane")
def test_asking_says_the_same_of_known_and_unknown_emails(visitor: AppTest) -> None:
    page = visitor.switch_page("account").run()
    said = []
    for email in (EMAIL, "joe@mail.com"):
        _ask(page, email)
        said.append([each.value for each in page.info if "link" in each.value])
        assert not errors(page)
    assert said[0] == said[1] != []
    _ask(page, "jane")
    assert wrong(page) == {
        "forgotten_email": "This is not an email address. It should look like name@example.org."
    }


@pytest.mark.usefixtures("mail")
def test_too_many_requests(visitor: AppTest) -> None:
    page = visitor.switch_page("account").run()
    for _ in range(MOST_MAILS_PER_ACCOUNT + 1):
        _ask(page, EMAIL)
    assert errors(page) == ["Too many attempts. Try again in 60 minutes."]


@pytest.mark.usefixtures("mail")
def test_visitor_is_told_that_no_mail_can_be_sent(
    visitor: AppTest, application: Application
) -> None:
    page = _ask(visitor.switch_page("account").run(), "joe@mail.com")
    with application.services.engine.begin() as connection:
        mail = mails.take(connection)
        assert mail is not None
        mails.failed(connection, mail)
    _ask(page, EMAIL)
    assert any("Mails can't be sent at the moment" in each.value for each in page.warning)
    assert not any("being sent" in each.value for each in page.info)


def test_link_sets_a_password(application: Application, jane: User) -> None:
    services = application.services
    page = _follow(new_link(services.engine, jane))
    assert [each.value for each in page.title] == ["A new password"]
    assert "Email: jane@mail.com" in [each.value for each in page.text]
    fill(page, "New password", "short")
    fill(page, "Repeat the new password", "other")
    press(page, "Set the password and log in")
    assert list(wrong(page)) == ["new_password_new", "new_password_again"]

    fill(page, "New password", NEW)
    fill(page, "Repeat the new password", NEW)
    press(page, "Set the password and log in")
    assert not errors(page)
    user = check_password(
        services.engine, services.throttle, email=EMAIL, password=NEW, address="192.0.2.1"
    )
    assert user.id == jane.id


def test_used_link_leads_to_the_forms(application: Application) -> None:
    page = _follow("x" * 43)
    said = "This link has expired, or it has been used. Ask for a new one."
    assert said in [each.value for each in page.warning]
    assert "Your account" in [each.value for each in page.title]
