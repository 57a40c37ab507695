"""A real mail server, and what it has received."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from subprocess import run
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from config import Settings
from tests.serving import free_port

USER, PASSWORD = "films", "p@ss/word"


class Inbox:
    """Keeps messages, refuses readers on request, and knows one user.

    `refusal` is what it answers to readers' addresses.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.encrypted: list[bool] = []
        self.logged_in: list[bool] = []
        self.refusal: str | None = None
        self.arrived = Event()

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.refusal is not None:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        self.encrypted.append(session.ssl is not None)
        self.logged_in.append(bool(session.authenticated))
        self.arrived.set()
        return "250 OK"

    @property
    def texts(self) -> list[str]:
        """The texts of all messages, in the order of their arrival."""
        return [message.get_content().replace("\r\n", "\n") for message in self.messages]


def _check(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> Any:
    is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=is_right, handled=False)


@contextmanager
def receiving(inbox: Inbox, **options: Any) -> Iterator[str]:
    """Run a mail server, and yield its host and port."""
    server = Controller(
        inbox, hostname="localhost", port=free_port(), authenticator=_check, **options
    )
    server.start()
    try:
        yield f"localhost:{server.port}"
    finally:
        server.stop()


def with_mail(settings: Settings, server: str = "127.0.0.1:1") -> Settings:
    """Return these settings with a mail server; by default none is there."""
    mail = {
        "smtp_url": f"smtp://{server}",
        "mail_from": "films@mail.com",
        "public_url": "http://testserver",
    }
    return settings.model_validate(settings.model_dump() | mail)


def certificate(folder: Path) -> Path:
    """Make a certificate of localhost, and return the file with it and its key."""
    file = folder / "localhost.pem"
    run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key")),
            *("-out", str(folder / "certificate")),
        ],
        check=True,
        capture_output=True,
    )
    file.write_text((folder / "key").read_text() + (folder / "certificate").read_text())
    return file


def encrypting(file: Path) -> ssl.SSLContext:
    """Return a server's side of TLS with this certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context
