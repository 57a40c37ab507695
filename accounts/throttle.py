"""Slow guessing down: failed log-ins are counted for each account and for each address.

The counts lie in Redis, so that they hold over all replicas; while it is away they are kept in
this process, which is counted. A lock ends by itself when its window does, and a good log-in
clears the account's count, so that nobody can be locked out for ever.
"""

import hashlib
import logging
import math
import time
from typing import Any
from uuid import UUID

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 15 * 60
MOST_PER_ACCOUNT = 10
MOST_PER_ADDRESS = 50


class LockedError(Exception):
    """Too many failed log-ins; `retry_after` says in how many seconds (1 or more) to try again."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = max(1, retry_after)
        minutes = math.ceil(self.retry_after / 60)
        super().__init__(
            f"Too many attempts. Try again in {minutes} minute{'s' if minutes > 1 else ''}."
        )


class Throttle:
    """Counts failures and refuses further attempts once there are too many."""

    def __init__(
        self,
        redis: Redis,
        installation: UUID,
        *,
        per_account: int = MOST_PER_ACCOUNT,
        per_address: int = MOST_PER_ADDRESS,
        window_seconds: int = WINDOW_SECONDS,
    ) -> None:
        self._namespace = f"five-films:{installation}:log-in"
        self._account = RateLimitItemPerSecond(per_account, window_seconds, self._namespace)
        self._address = RateLimitItemPerSecond(per_address, window_seconds, self._namespace)
        shared = RedisStorage("redis://", connection_pool=redis.connection_pool)
        self._shared = FixedWindowRateLimiter(shared)
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self.fallbacks = 0
        self.refusals = 0

    def check(self, email: str, address: str) -> None:
        """Refuse an attempt that comes too soon.

        Raises
        ------
        LockedError
            When the account or the address has failed too often; it tells when to come back.
        """
        for limit, who in self._counts(email, address):
            if not self._ask("test", limit, who):
                self.refusals += 1
                window = self._ask("get_window_stats", limit, who)
                raise LockedError(math.ceil(window.reset_time - time.time()))

    def note_failure(self, email: str, address: str) -> None:
        """Count a failed attempt, for the account (there or not) and for the address."""
        for limit, who in self._counts(email, address):
            self._ask("hit", limit, who)

    def note_success(self, email: str) -> None:
        """Forget the account's failures; the address's stay, or one account would free others."""
        limit, who = self._counts(email, "")[0]
        self._ask("clear", limit, who)

    def _counts(self, email: str, address: str) -> list[tuple[RateLimitItem, str]]:
        # Hashed: no email or address stands in Redis, and keys have a bounded length.
        return [
            (self._account, f"account-{_digest(email.strip().lower())}"),
            (self._address, f"address-{_digest(address)}"),
        ]

    def _ask(self, what: str, limit: RateLimitItem, who: str) -> Any:
        try:
            return getattr(self._shared, what)(limit, who)
        except (RedisError, StorageError) as error:
            self.fallbacks += 1
            if self.fallbacks == 1:
                logger.warning("Redis is away: failed log-ins are counted here alone: %s", error)
            return getattr(self._own, what)(limit, who)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
