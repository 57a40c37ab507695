"""Mails of a running application, and what its operators see."""

from collections.abc import Iterator

import pytest

from accounts.forgotten import ask_for_link
from accounts.registration import register
from config import Settings
from db.embedded.processes import wait_until
from startup import Application, health
from tests.accounts.mail.servers import Inbox, receiving, with_mail

pytestmark = pytest.mark.data_layer

INBOX = Inbox()


@pytest.fixture
def copied_database(database_of_films: str) -> str:
    return database_of_films


@pytest.fixture
def settings(settings: Settings) -> Iterator[Settings]:
    """Settings with a mail server."""
    with receiving(INBOX) as server:
        yield with_mail(settings, server)


def test_mails_are_sent_and_what_could_not_be_sent_is_told(application: Application) -> None:
    services = application.services
    part = health.mail(services)
    assert part is not None
    assert (part.ok, part.detail) == (True, "no mail is waiting")

    register(services.engine, email="jane@mail.com", password="a fine long sentence")
    INBOX.refusal = "450 Mailbox is busy"
    ask_for_link(services.engine, email="jane@mail.com", address="192.0.2.1", language="en")

    def has_failed() -> bool:
        part = health.mail(services)
        return part is not None and not part.ok

    assert wait_until(has_failed, 20)
    part = health.mail(services)
    assert part is not None
    assert part.detail == "mails that could not be sent: 1"
    assert "SMTP_URL" in (part.advice or "")

    INBOX.refusal = None
    register(services.engine, email="joe@mail.com", password="a fine long sentence")
    ask_for_link(services.engine, email="joe@mail.com", address="192.0.2.1", language="en")
    assert INBOX.arrived.wait(20)
    assert [mail["To"] for mail in INBOX.messages] == ["joe@mail.com"]
