"""A small crowd of clients that rates films, requests lists and records the responses."""

import random
import time
from collections import Counter
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any
from urllib.error import HTTPError, URLError

from tests.faults.product import ask, log_in, refusal, until_it_answers
from tests.measurements import tell
from tests.serving import Server

FILMS = 300
STARS = [half / 2 for half in range(1, 11)]
_PAUSE_SECONDS = 0.05
_MOST_LINES = 6  # several parts of the app report the same outage, each in its own way

_Pair = tuple[int, int]


class Crowd:
    """Raters, each a thread with its own demo account.

    Parameters
    ----------
    server : Server
    size : int
        The number of raters.

    Attributes
    ----------
    server : Server
        The app that they call; `move_to` replaces it.
    acknowledged : dict of (rater, film) to float
        The acknowledged ratings, the last one of each film.
    refused : Counter of str
        Reasons for refused writes, as the endpoint gave them.
    unanswered : int
        Writes whose connection broke because the app was gone.
    listed : int
        Received lists, none with a film that the rater had rated.
    problems : list of str
        Events that must never happen.
    """

    def __init__(self, server: Server, size: int = 4) -> None:
        self.server = server
        self._log_before = len(server.log.read_text())
        self.acknowledged: dict[_Pair, float] = {}
        self.refused: Counter[str] = Counter()
        self.unanswered = 0
        self.listed = 0
        self.longest = 0.0
        self.problems: list[str] = []
        self._tokens = {rater: log_in(server, rater) for rater in range(1, size + 1)}
        self._maybe: dict[_Pair, set[float]] = {}
        self._lock = Lock()
        self._ending = Event()
        self._threads = [Thread(target=self._rate, args=(rater,)) for rater in self._tokens]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        self.wait_for_ratings()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def move_to(self, server: Server) -> None:
        """Call another app from now on."""
        self._log_before = 0
        self.server = server

    def wait_for_ratings(self, count: int = 20) -> None:
        """Wait until this many more ratings are acknowledged, and lists work again."""
        rated, listed = len(self.acknowledged), self.listed
        self._wait(
            lambda: len(self.acknowledged) >= rated + count and self.listed >= listed + 2,
            "nothing is acknowledged",
        )

    def wait_for_refusals(self, words: str = "", count: int = 3) -> None:
        """Wait until this many more writes are refused with these words."""
        before = self._refused_with(words)
        self._wait(
            lambda: self._refused_with(words) >= before + count,
            f"no write was refused with {words!r}",
        )

    def report(self, what: str) -> None:
        """Check that no acknowledged rating is lost, and report the numbers.

        The log must have no traceback, and report an outage once and not at every request.
        """
        stored: dict[_Pair, float] = {}
        for rater, token in self._tokens.items():
            for each in until_it_answers(self.server, "ratings", token=token)["items"]:
                stored[rater, each["movie_id"]] = each["rating"]
        lost = [
            pair
            for pair, stars in self.acknowledged.items()
            if stored.get(pair) not in {stars, *self._maybe.get(pair, ())}
        ]
        tell(
            f"{what}: {len(self.acknowledged)} ratings acknowledged, "
            f"{len(self.acknowledged) - len(lost)} found, {len(lost)} lost; "
            f"{self.refused.total()} refused with a reason, {self.unanswered} without a response, "
            f"the longest took {self.longest:.1f} s"
        )
        assert not lost, lost
        assert not self.problems, self.problems
        log = self.server.log.read_text()[self._log_before :]
        assert "Traceback" not in log, log
        told = [line for line in log.splitlines() if " ERROR " in line or " WARNING " in line]
        assert len(told) <= _MOST_LINES, "\n".join(told)

    def _refused_with(self, words: str) -> int:
        with self._lock:
            return sum(count for why, count in self.refused.items() if words in why)

    def _wait(self, is_so: Any, otherwise: str, seconds: float = 150) -> None:
        until = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > until:
                raise AssertionError(
                    f"{otherwise}; refused: {self.refused}; problems: {self.problems}\n"
                    f"{self.server.log.read_text()[-5000:]}"
                )
            time.sleep(0.05)

    def _rate(self, rater: int) -> None:
        chance = random.Random(rater)
        films = chance.sample(range(1, FILMS + 1), FILMS)
        for turn in range(10**9):
            if self._ending.wait(_PAUSE_SECONDS):
                return
            film = films[turn % FILMS]
            if not self._put(rater, film, chance.choice(STARS)):
                self._ending.wait(0.2)
            if turn % 3 == 0:
                self._look(rater)

    def _put(self, rater: int, film: int, stars: float) -> bool:
        with self._lock:
            self._maybe.setdefault((rater, film), set()).add(stars)
        began = time.monotonic()
        why = self._ask(rater, f"ratings/{film}", method="PUT", json={"rating": stars})
        with self._lock:
            self.longest = max(self.longest, time.monotonic() - began)
            if isinstance(why, str):
                self.refused[why] += 1
            elif why is None:
                self.unanswered += 1
            else:
                self.acknowledged[rater, film] = stars
                self._maybe[rater, film].clear()
        return isinstance(why, dict)

    def _look(self, rater: int) -> None:
        rated = {film for who, film in list(self.acknowledged) if who == rater}
        found = self._ask(rater, "give-rec")
        if isinstance(found, dict):
            shown = {item["movie_id"] for item in found["items"]}
            self.listed += 1
            if shown & rated or (len(shown) < 5 and self._has_more_to_see(rater, shown)):
                self.problems.append(f"rater {rater} is shown {shown}, of them rated: {rated}")

    def _has_more_to_see(self, rater: int, shown: set[int]) -> bool:
        """Return whether there are films that the rater hasn't rated and isn't shown."""
        known = self._ask(rater, "who-am-i")
        return isinstance(known, dict) and known["ratings"] + len(shown) < FILMS

    def _ask(self, rater: int, endpoint: str, **request: Any) -> Any:
        """Return the response, the reason for a refusal, or None if the connection broke."""
        try:
            return ask(self.server.address, endpoint, token=self._tokens[rater], **request)
        except HTTPError as error:
            try:
                why = refusal(error)
            except Exception as unclear:
                self.problems.append(f"{endpoint}: {error.code}, {unclear!r}")
                return None
            if error.code != 503:
                self.problems.append(f"{endpoint}: {error.code} {why}")
            elif not error.headers.get("Retry-After"):
                self.problems.append(f"{endpoint}: 503 without a Retry-After")
            return why
        except TimeoutError:
            self.problems.append(f"{endpoint} hangs")
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                self.problems.append(f"{endpoint} hangs")
        except OSError:
            pass
        except Exception as error:  # a response that breaks off
            self.problems += [] if "Incomplete" in repr(error) else [f"{endpoint}: {error!r}"]
        return None
