"""Demo accounts: every rater of the data set can log in while `DEMO_ACCOUNTS` is on."""

import logging
from functools import cache
from threading import Lock

from sqlalchemy import Engine

from accounts import passwords
from config import Settings
from db.queries import demo_accounts

logger = logging.getLogger(__name__)

PASSWORD = "test"  # noqa: S105 - public on purpose; the accounts are for trying the app out

_hashing = Lock()


def are_public(settings: Settings) -> bool:
    """Return whether the settings let others than this machine's users log in."""
    return (
        settings.has_demo_accounts
        and settings.database_url is not None
        and not settings.is_published_here_alone
    )


def sync_demo_accounts(engine: Engine, settings: Settings) -> None:
    """Open the missing demo accounts, or close all, according to the settings."""
    with engine.begin() as connection:
        if settings.has_demo_accounts:
            if demo_accounts.are_lacking(connection):
                opened = demo_accounts.open_all(connection, password_hash())
                logger.info("demo accounts: %d opened, test<number>@mail.com", opened)
            taken = demo_accounts.raters_whose_address_is_taken(connection)
            if taken:
                logger.warning(
                    "demo accounts: %d raters have none because their addresses, "
                    "test<number>@mail.com, are taken by registered users",
                    taken,
                )
            if are_public(settings):
                logger.warning(
                    "demo accounts are on (DEMO_ACCOUNTS) in the database of DATABASE_URL: anybody "
                    "can log in to them, and a warning is on every page"
                )
        else:
            closed = demo_accounts.close_all(connection)
            if closed:
                logger.info("demo accounts: %d closed", closed)


def password_hash() -> str:
    """Return the hash of `PASSWORD`, computed once; concurrent callers wait for it.

    All accounts share it: the password is public, and 671 hashes would take three minutes.
    """
    with _hashing:
        return _password_hash()


@cache
def _password_hash() -> str:
    return passwords.hashed(PASSWORD)
