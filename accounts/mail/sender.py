"""The thread that sends mails, and tries again those that couldn't be sent."""

import logging
import threading

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from accounts import forgotten
from accounts.mail import messages, smtp
from addresses import mail_server
from config import Settings
from db.connection import unavailable
from db.queries import mails, users
from db.queries.mails import Mail
from db.queries.users import User
from monitoring.once import LogOnce

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 3


class Sender:
    """Sends the mails that wait in the database; every replica has one.

    Parameters
    ----------
    engine : Engine
    settings : Settings
        With `SMTP_URL`.

    Raises
    ------
    ValueError
        Without.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        url, sender, site = settings.smtp_url, settings.mail_from, settings.public_url
        if url is None or sender is None or site is None:
            raise ValueError("no mail is sent without SMTP_URL, MAIL_FROM and PUBLIC_URL")
        self._server = mail_server.read(url.get_secret_value())
        self._from, self._site = sender, site
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mail", daemon=True)
        self._outages = unavailable.Once(logger, "mails can't be read from the database")
        self._failures = LogOnce(logger)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop it; a mail that is being sent is finished, or tried again by the next sender."""
        self._stopping.set()
        self._thread.join(timeout=5)

    def send_due(self) -> None:
        """Send all mails that are due.

        Raises
        ------
        sqlalchemy.exc.SQLAlchemyError
            If the database is unavailable.
        """
        with self._engine.begin() as connection:
            given_up = mails.delete_old(connection)
        if given_up:
            hours = mails.KEPT.total_seconds() / 3600
            logger.error("mails deleted that could not be sent for %.0f hours: %d", hours, given_up)
        while not self._stopping.is_set():
            with self._engine.begin() as connection:
                mail = mails.take(connection)
            if mail is None:
                return
            self._send(mail)

    def _run(self) -> None:
        while not self._stopping.wait(SECONDS_BETWEEN_LOOKS):
            try:
                self.send_due()
            except SQLAlchemyError as error:
                self._outages.failed(error)
            except Exception:  # the thread must live on
                logger.exception("sending mails failed unexpectedly")

    def _send(self, mail: Mail) -> None:
        with self._engine.connect() as connection:
            user = users.by_email(connection, mail.email)
        if user is not None and not user.is_demo:
            try:
                self._write_and_send(mail, user)
            except smtp.RefusedReaderError as error:
                logger.warning("a mail to user %d is not sent: %s", user.id, error)
            except smtp.MailError as error:
                self._failures.problem(logging.ERROR, "mails wait and are tried again: %s", error)
                with self._engine.begin() as connection:
                    mails.failed(connection, mail)
                return
            else:
                logger.info("mail sent (%s): user %d", mail.kind, user.id)
                if self._failures.solved():
                    logger.info("mails are sent again")
        with self._engine.begin() as connection:
            mails.delete(connection, mail)

    def _write_and_send(self, mail: Mail, user: User) -> None:
        common = {"sender": self._from, "to": mail.email, "site": self._site}
        language = user.language or mail.language
        if mail.kind == "changed":
            message = messages.of_change(**common, language=language)
        else:
            token = forgotten.new_link(self._engine, user)
            message = messages.of_link(**common, token=token, language=language)
        smtp.send(self._server, message)
