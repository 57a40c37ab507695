"""Rate limits: of ratings for each person, and of API requests for each address."""

import logging
import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from accounts.throttle import network
from i18n.language import Text

logger = logging.getLogger(__name__)

_MINUTE = 60
COUNTERS = 16_384
PEOPLE_AN_ADDRESS = 10
"""So many people may rate at full speed from one address: a class room, or a proxy's."""


class TooOftenError(Exception):
    """The limit is reached; `retry_after` says in how many seconds (1 or more) to go on."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = max(1, retry_after)
        super().__init__(
            Text(
                "You are rating too fast. Try again in {seconds} seconds.", seconds=self.retry_after
            )
        )


class RateLimit:
    """Limits ratings, each of which costs a write and a new list.

    Counts in the memory of this process, in `COUNTERS` counters whoever attacks.

    Parameters
    ----------
    per_minute : int
        How often a person may; 0 for no limit.
    """

    def __init__(self, per_minute: int) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._of_person = RateLimitItemPerMinute(per_minute)
        self._of_address = RateLimitItemPerMinute(per_minute * PEOPLE_AN_ADDRESS)

    def note(self, person: str, address: str) -> None:
        """Count once for a person (an account or a browser) and for their network address.

        Raises
        ------
        TooOftenError
            When it is once too often, so that it mustn't be done.
        """
        if self._of_person.amount == 0:
            return
        counted = ((self._of_address, network(address)), (self._of_person, person))
        for limit, who in counted:
            counter = str(hash(who) % COUNTERS)  # salted by Python: nobody can aim at another's
            if not self._limiter.hit(limit, counter):
                ends = self._limiter.get_window_stats(limit, counter).reset_time
                raise TooOftenError(math.ceil(ends - time.time()))


class RequestLimit:
    """Limits requests per network address, counted in the memory of this process.

    Some answers take a tenth of a millisecond, so this has no lock and starts no threads, as
    `limits` does a hundred times a second. Only one event loop may call it.

    Parameters
    ----------
    per_minute : int
        How many requests; 0 for no limit.
    """

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._counts: dict[int, tuple[float, int]] = {}

    def note(self, address: str) -> None:
        """Count a request; a minute begins with its first one.

        Raises
        ------
        TooOftenError
            When it is one too many, so that it mustn't be answered.
        """
        if self._most == 0:
            return
        now, counter = time.monotonic(), hash(network(address)) % COUNTERS
        began, count = self._counts.get(counter, (now, 0))
        if now - began >= _MINUTE:
            began, count = now, 0
        self._counts[counter] = began, count + 1
        if count == self._most:
            logger.warning("too many API requests in a minute: from %s", network(address))
        if count >= self._most:
            raise TooOftenError(math.ceil(began + _MINUTE - now))
