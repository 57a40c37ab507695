"""Each person's list in Redis, under a key that changes whenever the list would.

Key: installation, person, model version, the person's ratings revision, filters. So a list is
never stale and nothing has to be deleted: what is out of date is no longer asked for.
"""

import json
import logging
import time
from threading import Lock
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError

from recsys.results import Reason, Recommendation

logger = logging.getLogger(__name__)

LIST_LENGTH = 100
LASTS_SECONDS = 24 * 60 * 60
RETRY_SECONDS = 2.0


class ListCache:
    """Lists of recommendations in Redis; without Redis there is none, which is counted."""

    def __init__(self, redis: Redis, installation: UUID) -> None:
        self._redis = redis
        self._prefix = f"five-films:{installation}:list"
        self._lock = Lock()
        self._away_until = 0.0
        self.is_available = True
        self.hits = 0
        self.misses = 0
        self.failures = 0

    def get(
        self, version: str, person: str, revision: int, filters: str | None
    ) -> list[Recommendation] | None:
        """The list kept under this key; None when there is none or Redis is away."""
        if self._is_resting():
            return None
        try:
            value = self._redis.get(self._key(version, person, revision, filters))
        except RedisError as error:
            self._note_failure(error)
            return None
        self._note_success()
        found = None if value is None else _decode(value)
        with self._lock:
            self.hits += found is not None
            self.misses += found is None
        return found

    def put(
        self,
        version: str,
        person: str,
        revision: int,
        filters: str | None,
        recommendations: list[Recommendation],
    ) -> None:
        """Keep a list for a day."""
        if self._is_resting():
            return
        key = self._key(version, person, revision, filters)
        try:
            self._redis.set(key, _encode(recommendations), ex=LASTS_SECONDS)
        except RedisError as error:
            self._note_failure(error)
        else:
            self._note_success()

    def forget(self, person: str) -> int:
        """Delete a person's lists, of all versions and filters; how many there were."""
        try:
            keys = list(self._redis.scan_iter(f"{self._prefix}:{person}:*", count=1000))
            return int(self._redis.delete(*keys)) if keys else 0
        except RedisError as error:
            self._note_failure(error)
            return 0

    def _key(self, version: str, person: str, revision: int, filters: str | None) -> str:
        return f"{self._prefix}:{person}:{version}:{revision}:{filters or '*'}"

    def _is_resting(self) -> bool:
        """Whether Redis failed so recently that asking again would only cost time."""
        return time.monotonic() < self._away_until

    def _note_failure(self, error: RedisError) -> None:
        with self._lock:
            was_available, self.is_available = self.is_available, False
            self.failures += 1
            self._away_until = time.monotonic() + RETRY_SECONDS
        if was_available:
            logger.warning("Redis is away, lists are computed at each request: %s", error)

    def _note_success(self) -> None:
        if self.is_available:
            return
        with self._lock:
            was_available, self.is_available = self.is_available, True
        if not was_available:
            logger.info("Redis is back")


def _encode(recommendations: list[Recommendation]) -> bytes:
    return json.dumps(
        [
            [each.movie_id, each.score, [[why.movie_id, why.share] for why in each.reasons]]
            for each in recommendations
        ],
        separators=(",", ":"),
    ).encode()


def _decode(value: bytes | str) -> list[Recommendation] | None:
    """The list; None when something else than `_encode` wrote the value."""
    try:
        return [
            Recommendation(
                int(movie_id), float(score), [Reason(int(why), float(share)) for why, share in whys]
            )
            for movie_id, score, whys in json.loads(value)
        ]
    except (ValueError, TypeError):
        return None
