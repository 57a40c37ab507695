"""Slow guessing down: failed log-ins are counted for each account and for each address.

An attempt is counted before its password is looked at, and taken back when it was right: guesses
that are sent all at once are counted too. The counts are in the database, so that they hold over
all replicas and no cache can evict them. A lock ends by itself when its window does, however often
somebody tries meanwhile. An address from which the account has logged in before has a count of its
own, so that strangers can't lock the owner out there.
"""

import hashlib
import ipaddress
import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Lock
from typing import NamedTuple, NoReturn

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from accounts import emails
from db.queries import failed_logins
from i18n.language import Text

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 15 * 60
MOST_PER_ACCOUNT = 10
MOST_PER_ADDRESS = 50
KNOWN_ADDRESS = timedelta(days=30)


class LockedError(Exception):
    """Too many failed log-ins; `retry_after` says in how many seconds (1 or more) to try again."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = max(1, retry_after)
        minutes = math.ceil(self.retry_after / 60)
        super().__init__(
            Text("Too many attempts. Try again in {minutes} minutes.", minutes=minutes)
            if minutes > 1
            else Text("Too many attempts. Try again in 1 minute.")
        )


class _Count(NamedTuple):
    """What is counted under which name, and how many are let through."""

    who: str
    most: int


class Throttle:
    """Counts attempts and refuses further ones once too many have failed; logs each lock once.

    All methods raise `sqlalchemy.exc.SQLAlchemyError` when the database is unavailable.

    Attributes
    ----------
    refusals : int
        How many attempts were refused.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        per_account: int = MOST_PER_ACCOUNT,
        per_address: int = MOST_PER_ADDRESS,
        window_seconds: int = WINDOW_SECONDS,
    ) -> None:
        self._engine = engine
        self._window = timedelta(seconds=window_seconds)
        self._per_account = per_account
        self._per_address = per_address
        self._lock = Lock()
        self.refusals = 0

    def check(self, email: str, address: str) -> None:
        """Refuse an attempt that comes too soon; nothing is counted.

        Raises
        ------
        LockedError
            When the account or the address has failed too often; it tells when to come back.
        """
        with self._engine.connect() as connection:
            counts = self._counts(connection, email, address)
            found = failed_logins.of_each(connection, [each.who for each in counts])
        for each in counts:
            if each.who in found and found[each.who].number >= each.most:
                self._refuse(found[each.who].seconds)

    def begin(self, email: str, address: str) -> None:
        """Count an attempt as failed, ahead of the look at its password.

        Raises
        ------
        LockedError
            When it is one too many, so that the password mustn't be looked at.
        """
        with self._engine.begin() as connection:
            failed_logins.forget_old(connection)
            for each in self._counts(connection, email, address):
                counted = failed_logins.add(connection, each.who, self._window)
                if counted.number > each.most:
                    break  # a locked address locks no accounts
        if counted.number == each.most + 1:
            logger.warning("log-ins locked: %s from %s", each.who[:18], network(address))
        if counted.number > each.most:
            self._refuse(counted.seconds)

    @contextmanager
    def looking_up(self, email: str, address: str) -> Iterator[None]:
        """As `begin`; an attempt is taken back when nobody can look, and is no failure then."""
        self.begin(email, address)
        try:
            yield
        except Exception:
            with suppress(SQLAlchemyError), self._engine.begin() as connection:
                for each in self._counts(connection, email, address):
                    failed_logins.take_back(connection, each.who)
            raise

    def note_failure(self, email: str, address: str) -> None:
        """Count a failed attempt that `begin` hasn't counted."""
        with self._engine.begin() as connection:
            failed_logins.forget_old(connection)
            for each in self._counts(connection, email, address):
                failed_logins.add(connection, each.who, self._window)

    def note_success(self, email: str, address: str) -> None:
        """Forget the account's failures; of the address's only the attempt that `begin` counted.

        Otherwise one account of one's own would free the address for guessing at others'.
        """
        with self._engine.begin() as connection:
            per_address, per_account = self._counts(connection, email, address)
            failed_logins.take_back(connection, per_address.who)
            failed_logins.forget(connection, per_account.who)
            known = _known(email, address)
            failed_logins.forget(connection, known)
            failed_logins.add(connection, known, KNOWN_ADDRESS)

    def _counts(self, connection: Connection, email: str, address: str) -> tuple[_Count, _Count]:
        # The address first: once it is locked, its attempts lock no further accounts, and no two
        # transactions wait for each other. Hashed: no email or address stands in the table, and
        # names have a bounded length.
        known = _known(email, address)
        place, account = _digest(network(address)), f"account-{_digest(emails.normal(email))}"
        if failed_logins.of_each(connection, [known]):
            account = f"{account}-{place}"
        return _Count(f"address-{place}", self._per_address), _Count(account, self._per_account)

    def _refuse(self, seconds: float) -> NoReturn:
        with self._lock:
            self.refusals += 1
        raise LockedError(min(math.ceil(seconds), math.ceil(self._window.total_seconds())))


def network(address: str) -> str:
    """What one person has: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "".join(sign if sign.isprintable() else "?" for sign in address[:64])
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((int(ip), 64), strict=False))


def _known(email: str, address: str) -> str:
    """The name of an address from which an account has logged in."""
    return f"known-{_digest(emails.normal(email))}-{_digest(network(address))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
