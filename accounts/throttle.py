"""Slow guessing down: failed log-ins are counted for each account and for each address.

An attempt is counted before its password is looked at, and taken back when it was right: guesses
that are sent all at once are counted too. The counts lie in Redis, so that they hold over all
replicas; while it is away they are kept in this process, which is counted. A lock ends by itself
when its window does, however often somebody tries meanwhile. An address from which the account
has logged in before has a count of its own, so that strangers can't lock the owner out there.
"""

import hashlib
import ipaddress
import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import NoReturn, TypeVar
from uuid import UUID

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from redis import Redis
from redis.exceptions import RedisError

from accounts import emails
from language import Text

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 15 * 60
MOST_PER_ACCOUNT = 10
MOST_PER_ADDRESS = 50
KNOWN_ADDRESS_SECONDS = 30 * 24 * 60 * 60
RETRY_REDIS_SECONDS = 2.0
# While Redis is away all that is counted shares this many counters, whoever attacks.
COUNTERS_IN_MEMORY = 16_384

_T = TypeVar("_T")


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


class Throttle:
    """Counts attempts and refuses further ones once too many have failed; logs each lock once.

    Attributes
    ----------
    fallbacks : int
        How many operations were done in memory, because Redis was away.
    refusals : int
        How many attempts were refused.
    """

    def __init__(
        self,
        redis: Redis,
        installation: UUID,
        *,
        per_account: int = MOST_PER_ACCOUNT,
        per_address: int = MOST_PER_ADDRESS,
        window_seconds: int = WINDOW_SECONDS,
    ) -> None:
        self._redis = redis
        self._namespace = f"five-films:{installation}:log-in"
        self._window = window_seconds
        self._account = RateLimitItemPerSecond(per_account, window_seconds, self._namespace)
        self._address = RateLimitItemPerSecond(per_address, window_seconds, self._namespace)
        self._shared = RedisStorage("redis://", connection_pool=redis.connection_pool)
        self._own = MemoryStorage()
        self._lock = Lock()
        self._away_until = 0.0
        self._is_available = True
        self.fallbacks = 0
        self.refusals = 0

    def check(self, email: str, address: str) -> None:
        """Refuse an attempt that comes too soon; nothing is counted.

        Raises
        ------
        LockedError
            When the account or the address has failed too often; it tells when to come back.
        """
        for limit, who in self._counts(email, address):
            if self._count(limit, who) >= limit.amount:
                self._refuse(limit, who)

    def begin(self, email: str, address: str) -> None:
        """Count an attempt as failed, ahead of the look at its password.

        Raises
        ------
        LockedError
            When it is one too many, so that the password mustn't be looked at.
        """
        for limit, who in self._counts(email, address):
            count = self._add(limit, who, 1)
            if count == limit.amount + 1:
                logger.warning("log-ins locked: %s from %s", who[:18], network(address))
            if count > limit.amount:
                self._refuse(limit, who)

    @contextmanager
    def looking_up(self, email: str, address: str) -> Iterator[None]:
        """As `begin`; an attempt is taken back when nobody can look, and is no failure then."""
        self.begin(email, address)
        try:
            yield
        except Exception:
            for limit, who in self._counts(email, address):
                self._take_back(limit, who)
            raise

    def note_failure(self, email: str, address: str) -> None:
        """Count a failed attempt that `begin` hasn't counted."""
        for limit, who in self._counts(email, address):
            self._add(limit, who, 1)

    def note_success(self, email: str, address: str) -> None:
        """Forget the account's failures; of the address's only the attempt that `begin` counted.

        Otherwise one account of one's own would free the address for guessing at others'.
        """
        (per_address, where), (per_account, who) = self._counts(email, address)
        self._take_back(per_address, where)
        key = per_account.key_for(who)
        self._do(lambda: self._shared.clear(key), lambda: self._own.clear(_cell(key)))
        known = self._known_key(email, address)
        self._do(lambda: self._redis.set(known, 1, ex=KNOWN_ADDRESS_SECONDS), lambda: None)

    def _counts(self, email: str, address: str) -> list[tuple[RateLimitItem, str]]:
        # The address first: once it is locked, its attempts lock no further accounts. Hashed:
        # no email or address stands in Redis, and keys have a bounded length.
        known = self._known_key(email, address)
        is_known = self._do(lambda: bool(self._redis.exists(known)), lambda: False)
        place = _digest(network(address))
        account = f"account-{_digest(emails.normal(email))}"
        return [
            (self._address, f"address-{place}"),
            (self._account, f"{account}-{place}" if is_known else account),
        ]

    def _known_key(self, email: str, address: str) -> str:
        return (
            f"{self._namespace}:known:{_digest(emails.normal(email))}-{_digest(network(address))}"
        )

    def _refuse(self, limit: RateLimitItem, who: str) -> NoReturn:
        with self._lock:
            self.refusals += 1
        key = limit.key_for(who)
        ends = self._do(
            lambda: self._shared.get_expiry(key), lambda: self._own.get_expiry(_cell(key))
        )
        # Redis tells whole seconds, rounded: half a second more, or one would come back too soon.
        seconds = math.ceil(ends - time.time() + 0.5)
        if seconds > self._window + 1:
            # The clock was set back meanwhile, and the lock would last so much longer.
            kept_as = self._shared.prefixed_key(key)
            self._do(lambda: self._redis.expire(kept_as, self._window), lambda: None)
        raise LockedError(min(seconds, self._window))

    def _count(self, limit: RateLimitItem, who: str) -> int:
        key = limit.key_for(who)
        return self._do(lambda: self._shared.get(key), lambda: self._own.get(_cell(key)))

    def _add(self, limit: RateLimitItem, who: str, amount: int) -> int:
        key = limit.key_for(who)
        return self._do(
            lambda: self._shared.incr(key, self._window, amount),
            lambda: self._own.incr(_cell(key), self._window, amount),
        )

    def _take_back(self, limit: RateLimitItem, who: str) -> None:
        if self._count(limit, who) > 0:
            self._add(limit, who, -1)

    def _do(self, shared: Callable[[], _T], own: Callable[[], _T]) -> _T:
        """Ask Redis, or else the memory; Redis isn't asked again at once, which costs time."""
        if time.monotonic() >= self._away_until:
            try:
                result = shared()
            except (RedisError, StorageError) as error:
                self._note_absence(error)
            else:
                self._is_available = True
                return result
        with self._lock:
            self.fallbacks += 1
        return own()

    def _note_absence(self, error: Exception) -> None:
        with self._lock:
            was_available, self._is_available = self._is_available, False
            self._away_until = time.monotonic() + RETRY_REDIS_SECONDS
        if was_available:
            logger.warning("Redis is away: failed log-ins are counted here alone: %s", error)


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


def _cell(key: str) -> str:
    """The counter in memory; Python salts the hash, so that nobody can aim at another's."""
    return str(hash(key) % COUNTERS_IN_MEMORY)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
