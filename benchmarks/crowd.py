"""Load test: a hundred people who click every five seconds, over Streamlit's WebSocket.

    python -m benchmarks crowd

Each person has a tab and repeatedly requests five more films. The time of a click starts when it is
due, so that a click that waits for the previous response counts as slow. The first two minutes are
a warm-up, which isn't counted: memory grows with the first clicks of each tab. The load generator
runs on the same machine.
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
    """The results of a load test: the seconds of each click, and the errors."""

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
    """Return rows for the slowest clicks, for errors, and for the growth of memory.

    Parameters
    ----------
    server : Server
        The app with a trained model.
    sessions : int
        The number of concurrent people.
    seconds : float
        The duration, including the warm-up.
    warm_up : float
        The seconds that aren't counted.
    every : float
        The seconds between two clicks of a person.

    Returns
    -------
    list of Row
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
    """Open a tab and click in it; after an error, record it and continue with a new tab."""
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
