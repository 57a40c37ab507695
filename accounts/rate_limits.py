"""Rate limits: of ratings for each user, and of API requests for each address."""

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
"""How many users may rate at full speed from one address: a classroom, or a proxy's."""


class TooOftenError(Exception):
    """The limit is reached; `retry_after` is the number of seconds (1 or more) to wait."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RateLimit:
    """Limits ratings, each of which costs a write and a new list.

    Counts are in the memory of this process, in at most `COUNTERS` counters even under attack.

    Parameters
    ----------
    per_minute : int
        Ratings of a user; 0 for no limit.
    """

    def __init__(self, per_minute: int) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._of_person = RateLimitItemPerMinute(per_minute)
        self._of_address = RateLimitItemPerMinute(per_minute * PEOPLE_AN_ADDRESS)

    def note(self, person: str, address: str) -> None:
        """Count a rating for a user and for their network address.

        Parameters
        ----------
        person : str
            The account or the browser.
        address : str

        Raises
        ------
        TooOftenError
            If the limit is exceeded, so that the rating must be refused.
        """
        if self._of_person.amount == 0:
            return
        counted = ((self._of_address, network(address)), (self._of_person, person))
        for limit, who in counted:
            counter = str(
                hash(who) % COUNTERS
            )  # salted by Python: no attacker can target another's
            if not self._limiter.hit(limit, counter):
                ends = self._limiter.get_window_stats(limit, counter).reset_time
                seconds = max(1, math.ceil(ends - time.time()))
                raise TooOftenError(
                    Text(
                        "You are rating too fast. Try again in {seconds} seconds.", seconds=seconds
                    ),
                    seconds,
                )


class RequestLimit:
    """Limits requests per network address, counted in the memory of this process.

    Some responses take a tenth of a millisecond, so this has no lock and starts no threads, unlike
    `limits`, which does so a hundred times a second. Only one event loop may call it.

    Parameters
    ----------
    per_minute : int
        Requests of an address; 0 for no limit.
    """

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._counts: dict[int, tuple[float, int]] = {}

    def note(self, address: str) -> None:
        """Count a request; a minute begins with its first one.

        Parameters
        ----------
        address : str

        Raises
        ------
        TooOftenError
            If the limit is exceeded, so that the request must be refused.
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
            seconds = max(1, math.ceil(began + _MINUTE - now))
            raise TooOftenError(
                f"There are too many requests from your address. Try again in {seconds} seconds.",
                seconds,
            )
