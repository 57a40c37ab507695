"""Sending to a real mail server, which encrypts, refuses, hangs and breaks off."""

import socket
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest

from accounts.mail import smtp
from accounts.mail.smtp import MailError, RefusedReaderError, send
from addresses import mail_server
from tests.accounts.mail.servers import PASSWORD, USER, Inbox, encrypting, receiving
from tests.serving import free_port

LOGIN = f"{USER}:{quote(PASSWORD, safe='')}"


def _message() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "films@mail.com", "jane@mail.com", "Hello"
    message.set_content("Привет, Jane")
    return message


def _send(url: str) -> None:
    send(mail_server.read(url), _message())


def test_server_of_this_machine_needs_no_encryption(inbox: Inbox, plain_server: str) -> None:
    _send(f"smtp://{plain_server}")
    (message,) = inbox.messages
    assert (message["To"], message["Subject"]) == ("jane@mail.com", "Hello")
    assert inbox.texts == ["Привет, Jane\n"]
    assert (inbox.encrypted, inbox.logged_in) == ([False], [False])


def test_password_is_sent_after_starttls(inbox: Inbox, trusted: Path) -> None:
    with receiving(inbox, tls_context=encrypting(trusted)) as address:
        _send(f"smtp://{LOGIN}@{address}")
    assert (inbox.encrypted, inbox.logged_in) == ([True], [True])


def test_tls_from_the_beginning(inbox: Inbox, trusted: Path) -> None:
    with receiving(inbox, ssl_context=encrypting(trusted)) as address:
        _send(f"smtps://{address}")
    assert len(inbox.messages) == 1


def test_no_password_without_encryption(inbox: Inbox, plain_server: str) -> None:
    with pytest.raises(MailError, match=r"offers no STARTTLS, so it gets no password$"):
        _send(f"smtp://{LOGIN}@{plain_server}")
    assert not inbox.messages


def test_untrusted_certificate(inbox: Inbox, localhost_pem: Path) -> None:
    with (
        receiving(inbox, tls_context=encrypting(localhost_pem)) as address,
        pytest.raises(MailError, match="certificate isn't trusted"),
    ):
        _send(f"smtp://{LOGIN}@{address}")
    assert not inbox.messages


def test_wrong_password_is_not_in_the_error(inbox: Inbox, trusted: Path) -> None:
    with (
        receiving(inbox, tls_context=encrypting(trusted)) as address,
        pytest.raises(MailError, match=r"refuses the user and password of SMTP_URL \(535\)") as e,
    ):
        _send(f"smtp://{USER}:wrong@{address}")
    assert "wrong" not in str(e.value)


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [("550 No such user", RefusedReaderError), ("450 Mailbox is busy", MailError)],
)
def test_refused_reader(
    inbox: Inbox, plain_server: str, refusal: str, kind: type[MailError]
) -> None:
    inbox.refusal = refusal
    with pytest.raises(MailError, match=rf"the reader's address \({refusal[:3]}\)$") as error:
        _send(f"smtp://{plain_server}")
    assert type(error.value) is kind


def test_server_is_not_there() -> None:
    with pytest.raises(MailError, match="refused"):
        _send(f"smtp://127.0.0.1:{free_port()}")


def test_server_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(MailError, match=r"takes more than 0\.2 seconds"):
            _send(f"smtp://127.0.0.1:{port}")


def test_server_that_breaks_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
        with pytest.raises(MailError, match="it closed the connection"):
            _send(f"smtp://127.0.0.1:{port}")
