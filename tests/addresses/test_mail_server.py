"""What `SMTP_URL` may be."""

import pytest

from addresses import mail_server
from addresses.mail_server import MailServer


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", MailServer("mail.example.org", 587, None, "", False)),
        ("smtp://me:p%40ss@mail:25", MailServer("mail", 25, "me", "p@ss", False)),
        ("smtps://me%40example.org:x@mail/", MailServer("mail", 465, "me@example.org", "x", True)),
    ],
)
def test_read(url: str, server: MailServer) -> None:
    assert mail_server.read(url) == server


@pytest.mark.parametrize(
    "url",
    [
        *("mail.example.org", "http://mail", "smtp://", "smtp://mail:0", "smtp://mail:70000"),
        *("smtp://me:sec/ret@mail", "smtp://me:sec#ret@mail", "smtp://[::1", "smtp://me:sec?@mail"),
    ],
)
def test_the_error_says_how_without_the_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"^must read smtp://user:password@host:587 ") as error:
        mail_server.read(url)
    assert "sec" not in str(error.value)


def test_no_password_is_shown() -> None:
    assert repr(mail_server.read("smtp://me:secret@mail")) == "MailServer('mail', 587)"
