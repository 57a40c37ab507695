"""Protection against guessing: failed log-ins are counted per account and per address.

An attempt is counted before its password is checked, and uncounted if it was right, so that
concurrent guesses count too. The counts are in the database, so that they apply to all replicas and
no cache can evict them. A lock ends with its window, however many attempts follow. An address from
which the account has logged in before has its own count, so that attackers can't lock the owner out
there.
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
_LOG_INS = "log-ins"


class LockedError(Exception):
    """Too many failed log-ins; `retry_after` is the number of seconds (1 or more) to wait."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = max(1, retry_after)
        minutes = math.ceil(self.retry_after / 60)
        super().__init__(
            Text("Too many attempts. Try again in {minutes} minutes.", minutes=minutes)
            if minutes > 1
            else Text("Too many attempts. Try again in 1 minute.")
        )


class _Count(NamedTuple):
    """The key of a count, and how many attempts are allowed."""

    who: str
    most: int


class Throttle:
    """Counts attempts and refuses further ones after too many failures; logs each lock once.

    `what` says what is counted, and is in the keys of all counts but those of log-ins; `refusals`
    is the number of attempts that were refused. All methods raise `sqlalchemy.exc.SQLAlchemyError`
    if the database is unavailable.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        what: str = _LOG_INS,
        per_account: int = MOST_PER_ACCOUNT,
        per_address: int = MOST_PER_ADDRESS,
        window_seconds: int = WINDOW_SECONDS,
    ) -> None:
        self._engine = engine
        self._what = what
        self._prefix = "" if what == _LOG_INS else f"{what}-"
        self._window = timedelta(seconds=window_seconds)
        self._per_account = per_account
        self._per_address = per_address
        self._lock = Lock()
        self.refusals = 0

    def check(self, email: str, address: str) -> None:
        """Refuse an attempt that comes too soon, without counting it.

        Parameters
        ----------
        email : str
        address : str

        Raises
        ------
        LockedError
            If the account or the address has failed too often; it says when to try again.
        """
        with self._engine.connect() as connection:
            counts = self._counts(connection, email, address)
            found = failed_logins.of_each(connection, [each.who for each in counts])
        for each in counts:
            if each.who in found and found[each.who].number >= each.most:
                self._refuse(found[each.who].seconds)

    def begin(self, email: str, address: str) -> None:
        """Count an attempt as failed, before its password is checked.

        Parameters
        ----------
        email : str
        address : str

        Raises
        ------
        LockedError
            If it is one too many, so that the password mustn't be checked.
        """
        with self._engine.begin() as connection:
            failed_logins.forget_old(connection)
            for each in self._counts(connection, email, address):
                counted = failed_logins.add(connection, each.who, self._window)
                if counted.number > each.most:
                    break  # a locked address locks no accounts
        if counted.number == each.most + 1:
            who = each.who.removeprefix(self._prefix)[:18]
            logger.warning("%s locked: %s from %s", self._what, who, network(address))
        if counted.number > each.most:
            self._refuse(counted.seconds)

    @contextmanager
    def looking_up(self, email: str, address: str) -> Iterator[None]:
        """Count as `begin` does, but uncount the attempt if the lookup itself fails."""
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
        """Delete the account's failures, and of the address's only the attempt just counted.

        Otherwise an attacker's own account would unlock the address for guessing at others.
        """
        with self._engine.begin() as connection:
            per_address, per_account = self._counts(connection, email, address)
            failed_logins.take_back(connection, per_address.who)
            failed_logins.forget(connection, per_account.who)
            known = _known(email, address)
            failed_logins.forget(connection, known)
            failed_logins.add(connection, known, KNOWN_ADDRESS)

    def unlock(self, email: str) -> None:
        """Delete the account's failures, from whatever address."""
        with self._engine.begin() as connection:
            failed_logins.forget_beginning_with(connection, self._account(email))

    def _counts(self, connection: Connection, email: str, address: str) -> tuple[_Count, _Count]:
        # The address first: once it is locked, its attempts lock no further accounts, and no two
        # transactions deadlock. Hashed: the table has no emails or addresses, and keys have a
        # bounded length.
        known = _known(email, address)
        place, account = _digest(network(address)), self._account(email)
        if failed_logins.of_each(connection, [known]):
            account = f"{account}-{place}"
        return (
            _Count(f"{self._prefix}address-{place}", self._per_address),
            _Count(account, self._per_account),
        )

    def _account(self, email: str) -> str:
        """Return the key of an account; followed by an address, it counts attempts from there."""
        return f"{self._prefix}account-{_digest(emails.normal(email))}"

    def _refuse(self, seconds: float) -> NoReturn:
        with self._lock:
            self.refusals += 1
        raise LockedError(min(math.ceil(seconds), math.ceil(self._window.total_seconds())))


def network(address: str) -> str:
    """Return what one user controls: an IPv4 address, or the /64 network of an IPv6 address."""
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
    """Return the key of an address from which an account has logged in."""
    return f"known-{_digest(emails.normal(email))}-{_digest(network(address))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
