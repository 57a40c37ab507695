"""Reading `SMTP_URL`."""

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465}


class MailServer(NamedTuple):
    """A mail server, and who sends there.

    `is_encrypted` tells whether TLS begins with the connection; otherwise STARTTLS does.
    """

    host: str
    port: int
    user: str | None
    password: str
    is_encrypted: bool

    def __repr__(self) -> str:
        """Show no password."""
        return f"MailServer({self.host!r}, {self.port})"


def read(url: str) -> MailServer:
    """Parse a URL without connecting.

    Parameters
    ----------
    url : str
        `smtp://user:password@host:587` or `smtps://user:password@host:465`; signs that URLs reserve
        are percent-encoded in user and password.

    Returns
    -------
    MailServer

    Raises
    ------
    ValueError
        If it is invalid; the text has no part of the URL.
    """
    problem = "must read smtp://user:password@host:587 (or smtps://…:465)"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(problem) from None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise ValueError(problem)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"{problem}; write # / ? @ : in the password as %23 %2F %3F %40 %3A")
    return MailServer(
        parts.hostname,
        port or _PORTS[parts.scheme],
        None if parts.username is None else unquote(parts.username),
        unquote(parts.password or ""),
        parts.scheme == "smtps",
    )
