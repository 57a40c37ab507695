"""A hundred people who click every five seconds, over Streamlit's own websocket.

    python -m benchmarks crowd

Each has a tab of its own and asks for five more films again and again. A click's time runs from the
moment it was due, so that one that must wait for the former's answer counts as late; the first
two minutes warm up and aren't counted: so long memory grows with the first clicks of each tab. The
driver is a program on the same machine.
"""

import logging
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from benchmarks.memory import megabytes
from benchmarks.session import Session
from benchmarks.table import Row, at_most
from tests.serving import Server

logger = logging.getLogger(__name__)

FIVE = 5
_NEXT = ("Five more films", "Back to the first five")


@dataclass
class _Crowd:
    """What a crowd found: seconds of each click, and what went wrong."""

    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, seconds: float) -> None:
        with self.lock:
            self.took.append(seconds)

    def fail(self, error: Exception) -> None:
        with self.lock:
            self.errors.append(f"{type(error).__name__}: {error}")


def measure(
    server: Server,
    sessions: int = 100,
    seconds: float = 600,
    warm_up: float = 120,
    every: float = 5,
) -> list[Row]:
    """Rows for the slowest clicks, for errors, and for how memory grows.

    Parameters
    ----------
    server : Server
        The product, trained.
    sessions : int
        People at once.
    seconds, warm_up, every : float
        How long all of it takes, how much of that isn't counted, and the time between two clicks.
    """
    crowd = _Crowd()
    begun = time.monotonic()
    with ThreadPoolExecutor(sessions) as people:
        for number in range(sessions):
            first = begun + warm_up / 2 * number / sessions
            people.submit(
                _person, server.address, crowd, first, begun + warm_up, begun + seconds, every
            )
        time.sleep(warm_up)
        before = sum(megabytes(server.process.pid).values())
        time.sleep(max(begun + seconds - time.monotonic() - 1, 0))
        after = sum(megabytes(server.process.pid).values())
    for error in sorted(set(crowd.errors)):
        logger.warning("a click failed: %s", error)
    what = f"{sessions} people, a click each {every:g} s, {seconds / 60:g} min"
    slowest = statistics.quantiles(crowd.took, n=20)[-1] if len(crowd.took) > 1 else float("inf")
    growth = 100 * (after - before) / before
    return [
        at_most(f"{what}: 95 % of {len(crowd.took):,} clicks within", slowest, 1, "s"),
        at_most(f"{what}: errors", len(crowd.errors), 0, "errors"),
        at_most(f"{what}: growth of {before:,.0f} MB after warm-up", growth, 5, "%"),
    ]


def _person(
    address: str, crowd: _Crowd, first: float, counted_from: float, until: float, every: float
) -> None:
    """Open a tab and click in it; an error is noted, and the person comes again with a new tab."""
    due = first
    while due < until:
        try:
            time.sleep(max(due - time.monotonic(), 0))
            with Session(address) as tab:
                due = max(due, time.monotonic())
                while (due := due + every) < until:
                    time.sleep(max(due - time.monotonic(), 0))
                    tab.click(next(label for label in _NEXT if tab.has(label)))
                    _check_five(tab.titles)
                    if due > counted_from:
                        crowd.note(time.monotonic() - due)
        except Exception as error:
            crowd.fail(error)
            due += every


def _check_five(titles: list[str]) -> None:
    if len(titles) != FIVE:
        raise RuntimeError(f"{len(titles)} films")
