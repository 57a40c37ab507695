"""Mails that are to be sent, and tried again until they are."""

from datetime import timedelta
from typing import Literal, NamedTuple, TypeAlias

from sqlalchemy import Connection, text

from i18n.language import Language

Kind: TypeAlias = Literal["forgotten", "changed"]

KEPT = timedelta(hours=24)
"""How long a mail is tried."""


class Mail(NamedTuple):
    """A mail, whose text is made when it is sent."""

    id: int
    email: str
    kind: Kind
    language: Language


def add(connection: Connection, *, email: str, kind: Kind, language: Language) -> None:
    """Store a mail to be sent, unless one of this kind to this address is waiting already."""
    connection.execute(
        text(
            "INSERT INTO mails (email, kind, language) VALUES (:email, :kind, :language) "
            "ON CONFLICT (email, kind) DO NOTHING"
        ),
        {"email": email, "kind": kind, "language": language},
    )


def take(connection: Connection) -> Mail | None:
    """Return a mail that is due, if any, and put off its next attempt.

    The next attempt is due after a minute, two, four, … up to an hour, also if this process ends
    before it has sent the mail. No two processes take the same attempt.
    """
    row = connection.execute(
        text(
            "UPDATE mails SET attempts = attempts + 1, "
            "next_at = now() + least(interval '1 minute' * 2 ^ attempts, interval '1 hour') "
            "WHERE id = (SELECT id FROM mails WHERE next_at <= now() ORDER BY next_at LIMIT 1 "
            "FOR UPDATE SKIP LOCKED) RETURNING id, email, kind, language"
        )
    ).one_or_none()
    return None if row is None else Mail(*row)


def failed(connection: Connection, mail: Mail) -> None:
    """Note that an attempt has failed."""
    connection.execute(text("UPDATE mails SET has_failed = true WHERE id = :id"), {"id": mail.id})


def delete(connection: Connection, mail: Mail) -> None:
    """Delete a mail that was sent, or never can be."""
    connection.execute(text("DELETE FROM mails WHERE id = :id"), {"id": mail.id})


def delete_old(connection: Connection) -> int:
    """Delete mails that have been tried for `KEPT`, and return how many."""
    return connection.execute(
        text("DELETE FROM mails WHERE created_at < now() - CAST(:kept AS interval)"), {"kept": KEPT}
    ).rowcount


def number_failed(connection: Connection) -> int:
    """Return how many mails are waiting after an attempt that failed."""
    return int(connection.scalar(text("SELECT count(*) FROM mails WHERE has_failed")) or 0)
