"""Sending a message over SMTP."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage

from addresses.mail_server import MailServer

SECONDS = 15
"""How long the server may take for each step."""


class MailError(Exception):
    """The message wasn't sent; the text names neither its reader nor a secret."""


class RefusedReaderError(MailError):
    """The server doesn't accept the address, now or later."""


def send(server: MailServer, message: EmailMessage) -> None:
    """Send a message.

    A password is sent over TLS only, and so is the message wherever the server offers it.

    Parameters
    ----------
    server : MailServer
    message : EmailMessage

    Raises
    ------
    RefusedReaderError
        If the server refuses the reader's address for good.
    MailError
        If the server can't be reached, breaks off, or refuses the sender or the message.
    """
    try:
        context = ssl.create_default_context()
        connection = _connected(server, context)
        try:
            if not server.is_encrypted:
                _begin_tls(connection, context, has_password=server.user is not None)
            if server.user is not None:
                connection.login(server.user, server.password)
            connection.send_message(message)
            with suppress(smtplib.SMTPException, OSError):  # the message is sent already
                connection.quit()
        finally:
            connection.close()
    except smtplib.SMTPRecipientsRefused as error:
        ((code, _),) = error.recipients.values()
        kind = RefusedReaderError if code >= 500 else MailError
        raise kind(f"the mail server refuses the reader's address ({code})") from None
    except smtplib.SMTPAuthenticationError as error:
        raise MailError(
            f"the mail server refuses the user and password of SMTP_URL ({error.smtp_code})"
        ) from None
    except smtplib.SMTPResponseException as error:
        raise MailError(f"the mail server refuses the mail ({error.smtp_code})") from None
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise MailError(f"the mail server can't be used: {_reason(error)}") from None


def _connected(server: MailServer, context: ssl.SSLContext) -> smtplib.SMTP:
    if server.is_encrypted:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=SECONDS)


def _begin_tls(connection: smtplib.SMTP, context: ssl.SSLContext, *, has_password: bool) -> None:
    connection.ehlo()
    if connection.has_extn("starttls"):
        connection.starttls(context=context)
    elif has_password:
        raise MailError("the mail server offers no STARTTLS, so it gets no password")


def _reason(error: Exception) -> str:
    """Say in a few words what failed; errors of other kinds may contain anything."""
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return f"it takes more than {SECONDS} seconds"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it closed the connection"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate isn't trusted ({error.verify_message})"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
