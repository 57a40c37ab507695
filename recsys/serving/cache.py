"""The cache of lists in Redis, each stamped with everything that would change it.

Key: installation, person, style, filters. Stamp: model version and the person's ratings revision. A
list with a different stamp is a miss, so no list is ever stale. The next list replaces it, so that
nobody can fill Redis by rating films.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError, ResponseError

from monitoring.once import LogOnce
from recsys.models.results import Recommendation
from recsys.models.styles import Style
from recsys.serving.kept_lists import KeptList, decode, encode

logger = logging.getLogger(__name__)

LIST_LENGTH = 100

# How many films of a cached list have reasons: few people look at more.
EXPLAINED = 10
LASTS_SECONDS = 24 * 60 * 60
RETRY_SECONDS = 2.0
SCANNED = 1000
MOST_LOOKED_AT = 100_000
SAMPLED = 100

Revision = int | str
"""A value that changes with every rating or mark of a person."""

Key = tuple[str, Revision, Style]
"""Person, ratings revision and style."""


@dataclass(frozen=True)
class CacheStatistics:
    """Statistics of the cache.

    Attributes
    ----------
    entries : int
        How many lists of this installation were found.
    is_all : bool
        Whether all keys of the server were scanned.
    oldest_seconds : int or None
        The age of the oldest sampled list; None without lists.
    bytes_each : float or None
        The mean size of the sampled lists in Redis; None without lists.
    memory, most_memory : int, int or None
        Bytes that the whole server uses, and its limit; None without a limit.
    """

    entries: int
    is_all: bool
    oldest_seconds: int | None
    bytes_each: float | None
    memory: int
    most_memory: int | None


class _Service:
    """The availability of reads or writes in Redis: a full server still answers reads.

    A failure and the recovery are logged once each.
    """

    def __init__(self, failed: str, recovered: str) -> None:
        self._failed_message = failed
        self._recovered_message = recovered
        self._log = LogOnce(logger)
        self._rests_until = 0.0

    @property
    def is_available(self) -> bool:
        return not self._log.persists

    def is_resting(self) -> bool:
        """Return whether it failed so recently that a retry would only cost time."""
        return time.monotonic() < self._rests_until

    def failed(self, error: RedisError) -> None:
        self._rests_until = time.monotonic() + RETRY_SECONDS
        message = self._failed_message
        self._log.problem(logging.WARNING, "%s: %s", message, error, kind=message)

    def works(self) -> None:
        if self._log.solved():
            logger.info(self._recovered_message)


class ListCache:
    """The cache of lists in Redis; while Redis is unavailable it is empty and counts failures."""

    def __init__(self, redis: Redis, installation: UUID) -> None:
        self._redis = redis
        self._prefix = f"five-films:{installation}:list"
        self._lock = Lock()
        self._reading = _Service(
            "Redis is unavailable, computing lists on each request", "Redis is available again"
        )
        self._writing = _Service(
            "Redis rejects writes, computing lists on each request", "Redis accepts writes again"
        )
        self.hits = 0
        self.misses = 0
        self.failures = 0

    @property
    def is_available(self) -> bool:
        """Whether the last read and the last write of Redis succeeded."""
        return self._reading.is_available and self._writing.is_available

    def get(
        self, version: str, person: str, revision: Revision, style: Style, filters: str | None
    ) -> KeptList | None:
        """Return the list with this version and revision; None if missing or without Redis."""
        key = self._key(person, style, filters)
        return self._found([key], [_stamp(version, revision)])[0]

    def get_many(self, version: str, lists: Sequence[Key]) -> Sequence[KeptList | None]:
        """Return unfiltered lists, like `get`."""
        return self._found(
            [self._key(person, style, None) for person, _, style in lists],
            [_stamp(version, revision) for _, revision, _ in lists],
        )

    def _found(self, keys: Sequence[str], stamps: Sequence[bytes]) -> Sequence[KeptList | None]:
        if self._reading.is_resting() or not keys:
            return [None] * len(keys)
        try:
            values = self._redis.mget(keys)
        except RedisError as error:
            self._note_failure(error)
            return [None] * len(keys)
        self._reading.works()
        found = [
            decode(value[len(stamp) :])
            if isinstance(value, bytes) and value.startswith(stamp)
            else None
            for value, stamp in zip(values, stamps, strict=True)
        ]
        hits = sum(each is not None for each in found)
        with self._lock:
            self.hits += hits
            self.misses += len(found) - hits
        return found

    def takes_lists(self) -> bool:
        """Return whether computing a whole list is worthwhile because it can be cached."""
        return not (self._reading.is_resting() or self._writing.is_resting())

    def note_hit(self) -> None:
        """Count a list that was found without a query to Redis."""
        with self._lock:
            self.hits += 1

    def put(
        self,
        version: str,
        person: str,
        revision: Revision,
        style: Style,
        filters: str | None,
        recommendations: list[Recommendation],
    ) -> None:
        """Cache a list for a day."""
        if not self.takes_lists():
            return
        value = _stamp(version, revision) + encode(recommendations)
        try:
            self._redis.set(self._key(person, style, filters), value, ex=LASTS_SECONDS)
        except RedisError as error:
            self._note_failure(error)
        else:
            self._writing.works()

    def put_many(self, version: str, lists: Sequence[tuple[Key, bytes]]) -> bool:
        """Cache unfiltered lists, each `encode`d, for a day; return whether Redis accepted them."""
        asking = self._redis.pipeline(transaction=False)
        for (person, revision, style), value in lists:
            key = self._key(person, style, None)
            asking.set(key, _stamp(version, revision) + value, ex=LASTS_SECONDS)
        try:
            asking.execute()
        except RedisError as error:
            self._note_failure(error)
            return False
        self._writing.works()
        return True

    def forget(self, person: str) -> int:
        """Delete a person's lists of all styles and filters; return how many there were."""
        try:
            keys = list(self._redis.scan_iter(f"{self._prefix}:{person}:*", count=1000))
            return int(self._redis.delete(*keys)) if keys else 0
        except RedisError as error:
            self._note_failure(error)
            return 0

    def statistics(self) -> CacheStatistics | None:
        """Return statistics of the cache; None while Redis is unavailable.

        Scans at most `MOST_LOOKED_AT` keys of the server, so that the cost is bounded.
        """
        try:
            keys: list[bytes | str] = []
            cursor, looked_at = 0, 0
            while True:
                cursor, found = self._redis.scan(cursor, match=f"{self._prefix}:*", count=SCANNED)
                keys += found
                looked_at += SCANNED
                if cursor == 0 or looked_at >= MOST_LOOKED_AT:
                    break
            sample = keys[:SAMPLED]
            asking = self._redis.pipeline(transaction=False)
            for key in sample:
                asking.ttl(key)
                asking.memory_usage(key)
            answers = asking.execute()
            memory = self._redis.info("memory")
        except RedisError as error:
            self._note_failure(error)
            return None
        self._reading.works()
        # A key may expire between two commands: then its TTL is negative and its size None.
        ages = [LASTS_SECONDS - seconds for seconds in answers[::2] if seconds >= 0]
        sizes = [size for size in answers[1::2] if size is not None]
        return CacheStatistics(
            entries=len(keys),
            is_all=cursor == 0,
            oldest_seconds=max(ages, default=None),
            bytes_each=sum(sizes) / len(sizes) if sizes else None,
            memory=int(memory["used_memory"]),
            most_memory=int(memory.get("maxmemory", 0)) or None,
        )

    def _key(self, person: str, style: Style, filters: str | None) -> str:
        return f"{self._prefix}:{person}:{style}:{filters or '*'}"

    def _note_failure(self, error: RedisError) -> None:
        with self._lock:
            self.failures += 1
        # An error response means that Redis rejects writes: its memory or disk is full.
        is_refused = isinstance(error, ResponseError)
        (self._writing if is_refused else self._reading).failed(error)


def _stamp(version: str, revision: Revision) -> bytes:
    return f"{version}:{revision}\n".encode()
