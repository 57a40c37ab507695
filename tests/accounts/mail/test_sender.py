"""Mails that are sent, tried again, and told to operators; with real servers."""

import logging
import re

import pytest
from sqlalchemy import Engine, text

from accounts import account
from accounts.forgotten import UsedLinkError, ask_for_link, owner_of_link, set_by_link
from accounts.mail import Sender
from config import Settings
from db.queries import mails
from db.queries.users import User
from tests.accounts.conftest import PASSWORD
from tests.accounts.mail.servers import Inbox
from tests.serving import free_port

pytestmark = [pytest.mark.data_layer, pytest.mark.usefixtures("jane")]

SITE, NEW = "https://films.example.org", "an even finer sentence"
LINK = re.compile(rf"^{SITE}/account\?reset=(\S+)$", re.MULTILINE)


def _sender(engine: Engine, server: str) -> Sender:
    mail = Settings(smtp_url=f"smtp://{server}", mail_from="films@mail.com", public_url=SITE)
    return Sender(engine, mail)


@pytest.fixture
def sender(engine: Engine, plain_server: str) -> Sender:
    """A sender to a mail server that is there."""
    return _sender(engine, plain_server)


def _ask(engine: Engine, email: str = "jane@mail.com") -> bool:
    return ask_for_link(engine, email=email, address="192.0.2.1", language="en")


def _make_due(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE mails SET next_at = now()"))


def _number_waiting(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM mails")) or 0)


def _token(inbox: Inbox) -> str:
    """The token of the link that arrived last."""
    (token,) = LINK.findall(inbox.texts[-1])
    return str(token)


def test_link_sets_a_password_once_and_the_owner_is_told(
    engine: Engine, jane: User, inbox: Inbox, sender: Sender
) -> None:
    assert _ask(engine, " JANE@mail.com")
    sender.send_due()
    (mail,) = inbox.messages
    assert (mail["From"], mail["To"]) == ("films@mail.com", "jane@mail.com")
    assert mail["Subject"] == "A new password for Five Films"

    token = _token(inbox)
    assert owner_of_link(engine, token).id == jane.id
    set_by_link(engine, token=token, new=NEW)
    with pytest.raises(UsedLinkError):
        set_by_link(engine, token=token, new=NEW)
    sender.send_due()
    _, told = inbox.messages
    assert told["Subject"] == "Your password for Five Films was changed"
    assert _number_waiting(engine) == 0


def test_mail_is_in_the_language_of_the_account(
    engine: Engine, inbox: Inbox, sender: Sender
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE users SET language = 'ru'"))
    _ask(engine)
    sender.send_due()
    assert inbox.messages[0]["Subject"] == "Новый пароль для Five Films"
    assert "Ссылка действует один раз, 30 минут." in inbox.texts[0].replace("\n", " ")


def test_unknown_emails_and_demo_accounts_get_no_mail(
    engine: Engine, inbox: Inbox, sender: Sender
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE users SET is_demo = true"))
    assert _ask(engine)
    assert _ask(engine, "joe@mail.com")
    sender.send_due()
    assert not inbox.messages
    assert _number_waiting(engine) == 0


def test_newer_link_replaces_the_one_before(
    engine: Engine, jane: User, inbox: Inbox, sender: Sender
) -> None:
    tokens = []
    for _ in range(2):
        _ask(engine)
        sender.send_due()
        tokens.append(_token(inbox))
    with pytest.raises(UsedLinkError):
        owner_of_link(engine, tokens[0])
    assert owner_of_link(engine, tokens[1]).id == jane.id


def test_mail_is_tried_again_until_the_server_is_back(
    engine: Engine, jane: User, inbox: Inbox, sender: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    """Operators are told once, and visitors aren't told that mails are sent."""
    of_no_server = _sender(engine, f"127.0.0.1:{free_port()}")
    assert _ask(engine)
    for _ in range(2):
        of_no_server.send_due()
        _make_due(engine)
    errors = [each.message for each in caplog.records if each.levelno == logging.ERROR]
    assert errors == [
        "mails wait and are tried again: the mail server can't be used: Connection refused"
    ]
    assert not _ask(engine, "joe@mail.com"), "no mail can be sent at the moment"

    sender.send_due()
    assert owner_of_link(engine, _token(inbox)).id == jane.id
    assert _ask(engine)


def test_attempts_are_a_minute_apart_and_then_more(engine: Engine) -> None:
    _ask(engine)
    waits = []
    for _ in range(8):
        with engine.begin() as connection:
            assert mails.take(connection) is not None
            assert mails.take(connection) is None, "no other sender takes it meanwhile"
            wait = connection.scalar(text("SELECT extract(epoch FROM next_at - now()) FROM mails"))
            waits.append(int(wait or 0))
        _make_due(engine)
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_mail_is_given_up_after_a_day(
    engine: Engine, inbox: Inbox, sender: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    _ask(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE mails SET created_at = now() - interval '24:00:01'"))
    sender.send_due()
    assert not inbox.messages
    assert "mails deleted that could not be sent for 24 hours: 1" in caplog.text


def test_refused_reader_is_given_up_at_once(
    engine: Engine, jane: User, inbox: Inbox, sender: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    inbox.refusal = "550 No such user"
    _ask(engine)
    sender.send_due()
    assert _number_waiting(engine) == 0
    refused = f"a mail to user {jane.id} is not sent: the mail server refuses the reader's address"
    assert refused in caplog.text


def test_log_has_neither_emails_nor_tokens(
    engine: Engine, jane: User, inbox: Inbox, sender: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _ask(engine)
    sender.send_due()
    token = _token(inbox)
    set_by_link(engine, token=token, new=NEW)
    assert f"password set by a link, 0 sessions ended: user {jane.id}" in caplog.text
    ours = [each.getMessage() for each in caplog.records if each.name != "mail.log"]
    for secret in ("jane", token, NEW):
        assert secret not in " ".join(ours)
    with engine.connect() as connection:
        (stored,) = connection.execute(text("SELECT mails::text FROM mails"))
    assert "changed" in stored[0]
    assert token not in stored[0]


def test_owner_is_told_of_a_change_on_the_account_page(
    engine: Engine, jane: User, inbox: Inbox, sender: Sender
) -> None:
    account.change_password(engine, jane, old=PASSWORD, new=NEW, tells_owner=True)
    sender.send_due()
    assert [mail["To"] for mail in inbox.messages] == ["jane@mail.com"]


def test_running_sender_sends_by_itself_and_stops(
    engine: Engine, inbox: Inbox, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.mail.sender.SECONDS_BETWEEN_LOOKS", 0.05)
    sender.start()
    _ask(engine)
    inbox.arrived.wait(10)
    sender.stop()
    assert len(inbox.messages) == 1
    assert _number_waiting(engine) == 0
