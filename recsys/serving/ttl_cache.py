"""A cache of responses in this process, for as long as they are valid."""

import time
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Answer = TypeVar("Answer")

MOST = 2_000
LAST_SECONDS = 60.0


class Answers(Generic[Answer]):
    """The `MOST` most recently used responses, each for `LAST_SECONDS`, after which it expires.

    Like lists in Redis, their keys contain everything they depend on, so that none is ever stale.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[float, Answer]] = OrderedDict()

    def get(self, key: Hashable) -> Answer | None:
        """Return the response with this key; None if there is none."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            until, answer = found
            if time.monotonic() >= until:
                del self._kept[key]
                return None
            self._kept.move_to_end(key)
            return answer

    def put(self, key: Hashable, answer: Answer) -> None:
        """Store a response, evicting the least recently used one if there are too many."""
        with self._lock:
            self._kept[key] = (time.monotonic() + LAST_SECONDS, answer)
            self._kept.move_to_end(key)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
