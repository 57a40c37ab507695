"""Ready answers in this process, for as long as they can't have changed."""

import time
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Answer = TypeVar("Answer")

MOST = 2_000
LAST_SECONDS = 60.0


class Answers(Generic[Answer]):
    """The `MOST` last used, each for `LAST_SECONDS`, after which Redis is asked again.

    Like the lists in Redis they stand under all that they depend on, so that none is ever stale.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[float, Answer]] = OrderedDict()

    def get(self, key: Hashable) -> Answer | None:
        """The answer kept under this key; None when there is none."""
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
        """Keep an answer, in place of the one that was not used for longest."""
        with self._lock:
            self._kept[key] = (time.monotonic() + LAST_SECONDS, answer)
            self._kept.move_to_end(key)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
