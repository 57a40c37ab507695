"""Each person's lists in Redis, each stamped with all that would change it.

Key: installation, person, style, filters. Stamp: model version and the person's ratings revision. A
list whose stamp isn't the one asked for is none, so none is ever stale; the next one takes its
place, so that nobody can fill Redis with lists by rating.
"""

import json
import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from redis import Redis
from redis.exceptions import RedisError, ResponseError

from recsys.models.results import Reason, Recommendation
from recsys.models.styles import Style

logger = logging.getLogger(__name__)

LIST_LENGTH = 100

# So many of them are kept with their reasons: few look at more.
EXPLAINED = 10
LASTS_SECONDS = 24 * 60 * 60
RETRY_SECONDS = 2.0
SCANNED = 1000
MOST_LOOKED_AT = 100_000
SAMPLED = 100

Revision = int | str
"""Changes with whatever a person rates or marks."""

Key = tuple[str, Revision, Style]
"""Whose list, of which ratings revision, and in which style."""

_Row = tuple[int, float, list[tuple[int, float]], str]
_ROWS = TypeAdapter(list[_Row])


@dataclass(frozen=True)
class KeptList:
    """A list as Redis keeps it; what is asked for is made of it, for most want five of a hundred.

    Attributes
    ----------
    rows : list of (film, score, list of (liked film, share), basis)
    """

    rows: list[_Row]

    @property
    def movie_ids(self) -> list[int]:
        """The films, best first."""
        return [movie_id for movie_id, *_ in self.rows]

    def items(
        self, *, without: Collection[int] = (), limit: int | None = None
    ) -> list[Recommendation]:
        """The first films but those `without`."""
        wanted = (row for row in self.rows if row[0] not in without)
        return [
            Recommendation(movie_id, score, [Reason(*why) for why in whys], basis)
            for movie_id, score, whys, basis in islice(wanted, limit)
        ]


@dataclass(frozen=True)
class CacheFigures:
    """What is kept.

    Attributes
    ----------
    entries : int
        Lists of this installation that were found.
    is_all : bool
        Whether all keys of the server were looked at.
    oldest_seconds : int or None
        Age of the oldest of the sampled lists; None without any.
    bytes_each : float or None
        Mean size of the sampled lists in Redis; None without any.
    memory, most_memory : int, int or None
        Bytes that the whole server uses, and may use; None without a limit.
    """

    entries: int
    is_all: bool
    oldest_seconds: int | None
    bytes_each: float | None
    memory: int
    most_memory: int | None


class _Service:
    """One of the things that Redis does for us, and whether it does: it may read when it is full.

    A failure and its end are logged once each.
    """

    def __init__(self, away: str, back: str) -> None:
        self._away = away
        self._back = back
        self._lock = Lock()
        self._rests_until = 0.0
        self.is_available = True

    def is_resting(self) -> bool:
        """Whether it failed so recently that asking again would only cost time."""
        return time.monotonic() < self._rests_until

    def failed(self, error: RedisError) -> None:
        with self._lock:
            was_available, self.is_available = self.is_available, False
            self._rests_until = time.monotonic() + RETRY_SECONDS
        if was_available:
            logger.warning("%s: %s", self._away, error)

    def works(self) -> None:
        if self.is_available:
            return
        with self._lock:
            was_available, self.is_available = self.is_available, True
        if not was_available:
            logger.info(self._back)


class ListCache:
    """Lists of recommendations in Redis; without Redis there is none, which is counted."""

    def __init__(self, redis: Redis, installation: UUID) -> None:
        self._redis = redis
        self._prefix = f"five-films:{installation}:list"
        self._lock = Lock()
        self._reading = _Service(
            "Redis is away, lists are computed at each request", "Redis is back"
        )
        self._writing = _Service(
            "Redis keeps no new lists, they are computed at each request", "Redis keeps lists again"
        )
        self.hits = 0
        self.misses = 0
        self.failures = 0

    @property
    def is_available(self) -> bool:
        """Whether lists are kept and found, as far as is known."""
        return self._reading.is_available and self._writing.is_available

    def get(
        self, version: str, person: str, revision: Revision, style: Style, filters: str | None
    ) -> KeptList | None:
        """The list of this version and revision; None without one or without Redis."""
        key = self._key(person, style, filters)
        return self._found([key], [_stamp(version, revision)])[0]

    def get_many(self, version: str, lists: Sequence[Key]) -> Sequence[KeptList | None]:
        """As `get`, for unfiltered lists."""
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
            _decode(value[len(stamp) :])
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
        """Whether it is worth the while to make a whole list, for it can be kept."""
        return not (self._reading.is_resting() or self._writing.is_resting())

    def note_hit(self) -> None:
        """Count a list that was found before Redis was asked."""
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
        """Keep a list for a day."""
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
        """Keep unfiltered lists, each `encode`d, for a day.

        Returns
        -------
        bool
            Whether Redis has taken them.
        """
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
        """Delete a person's lists, of all styles and filters; how many there were."""
        try:
            keys = list(self._redis.scan_iter(f"{self._prefix}:{person}:*", count=1000))
            return int(self._redis.delete(*keys)) if keys else 0
        except RedisError as error:
            self._note_failure(error)
            return 0

    def figures(self) -> CacheFigures | None:
        """What is kept, and what room it takes; None while Redis is away.

        Looks at `MOST_LOOKED_AT` keys of the server at the most, so that it costs the same however
        many there are.
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
            told = asking.execute()
            memory = self._redis.info("memory")
        except RedisError as error:
            self._note_failure(error)
            return None
        self._reading.works()
        # A key may end between two questions: its time is negative then, and its size None.
        ages = [LASTS_SECONDS - seconds for seconds in told[::2] if seconds >= 0]
        sizes = [size for size in told[1::2] if size is not None]
        return CacheFigures(
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
        # What it answers is that it won't keep anything: it is full, or its disk is.
        is_refused = isinstance(error, ResponseError)
        (self._writing if is_refused else self._reading).failed(error)


def _stamp(version: str, revision: Revision) -> bytes:
    return f"{version}:{revision}\n".encode()


def encode(recommendations: list[Recommendation]) -> bytes:
    """A list as Redis keeps it."""
    return json.dumps(
        [
            [
                each.movie_id,
                each.score,
                [[why.movie_id, why.share] for why in each.reasons],
                each.basis,
            ]
            for each in recommendations
        ],
        separators=(",", ":"),
    ).encode()


def _decode(value: bytes) -> KeptList | None:
    """The list; None when something else than `encode` wrote the value."""
    try:
        return KeptList(_ROWS.validate_json(value))
    except ValidationError:
        return None
