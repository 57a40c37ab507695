"""Forgotten passwords over the API."""

import pytest
from starlette.testclient import TestClient

from accounts.forgotten import MOST_MAILS_PER_ACCOUNT, new_link
from accounts.registration import register
from db.queries import mails
from startup import Application
from tests.accounts.mail.servers import with_mail
from tests.conftest import serve_with

pytestmark = pytest.mark.data_layer

PASSWORD, NEW = "a fine long sentence", "an even finer sentence"


@pytest.fixture
def mail(application: Application) -> None:
    """A mail server is set; nothing is sent here."""
    serve_with(application, settings=with_mail(application.settings))


def _ask(client: TestClient, email: str) -> tuple[int, dict[str, object]]:
    response = client.post("/api/auth/forgotten-password", json={"email": email})
    return response.status_code, response.json()


@pytest.mark.usefixtures("mail")
def test_asking_tells_nothing_of_accounts(client: TestClient, application: Application) -> None:
    register(application.services.engine, email="jane@mail.com", password=PASSWORD)
    for email in ("jane@mail.com", "joe@mail.com"):
        assert _ask(client, email) == (202, {"can_send": True})
        for _ in range(MOST_MAILS_PER_ACCOUNT - 1):
            assert _ask(client, email)[0] == 202
        assert _ask(client, email)[0] == 429
    code, problem = _ask(client, "jane")
    assert (code, problem["fields"]) == (
        422,
        {"email": "This is not an email address. It should look like name@example.org."},
    )


@pytest.mark.usefixtures("mail")
def test_response_says_that_no_mail_can_be_sent(
    client: TestClient, application: Application
) -> None:
    _ask(client, "jane@mail.com")
    with application.services.engine.begin() as connection:
        mail = mails.take(connection)
        assert mail is not None
        mails.failed(connection, mail)
    assert _ask(client, "joe@mail.com") == (202, {"can_send": False})


def test_site_without_mail(client: TestClient) -> None:
    assert _ask(client, "jane@mail.com") == (
        409,
        {"detail": "This site sends no mail. Ask its operator for a new password."},
    )


def test_new_password(client: TestClient, application: Application) -> None:
    engine = application.services.engine
    jane = register(engine, email="jane@mail.com", password=PASSWORD)
    token = new_link(engine, jane)

    def set_new(new: str) -> int:
        payload = {"token": token, "new": new}
        return int(client.post("/api/auth/new-password", json=payload).status_code)

    assert [set_new("short"), set_new(NEW), set_new(NEW)] == [422, 204, 410]
    form = {"username": "jane@mail.com", "password": NEW}
    assert client.post("/api/auth/login", data=form).status_code == 200
