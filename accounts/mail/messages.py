"""The texts of mails, in the language of their reader."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from accounts.forgotten import LINK_MINUTES
from i18n.language import Language, Text, translated


def of_link(*, sender: str, to: str, site: str, token: str, language: Language) -> EmailMessage:
    """Write the mail with the link that sets a new password."""
    body = Text(
        "Somebody, probably you, has asked for a new password for this email at {site}. Choose it "
        "here:\n\n{link}\n\nThe link works once, for {minutes} minutes. If you didn't ask for it, "
        "there is nothing to do: your password stays as it is.",
        site=site,
        link=f"{site}/account?reset={token}",
        minutes=LINK_MINUTES,
    )
    return _message(sender, to, Text("A new password for Five Films"), body, language)


def of_change(*, sender: str, to: str, site: str, language: Language) -> EmailMessage:
    """Write the mail that tells the owner of a new password."""
    body = Text(
        "Your account at {site} has a new password, and you are logged out everywhere. If it "
        "wasn't you who changed it, choose another one at once:\n\n{link}",
        site=site,
        link=f"{site}/account",
    )
    return _message(sender, to, Text("Your password for Five Films was changed"), body, language)


def _message(sender: str, to: str, subject: Text, body: Text, language: Language) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = translated(subject, language)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no replies from programs
    message.set_content(translated(body, language) + "\n", cte="quoted-printable")
    return message
