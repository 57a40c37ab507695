"""How long every page runs on one data set, beside another one.

Streamlit's own protocol, without a browser: from asking for the page to its end. First without what
`st.cache_data` keeps, then with it; the two data sets in turns.
"""

import json
import statistics
from dataclasses import dataclass
from urllib.parse import urlencode
from urllib.request import urlopen

from benchmarks.running import browser_cookies
from benchmarks.session import Session
from benchmarks.table import Row, longer
from tests.serving import Server

_FILTERED = {"genre": "Drama", "released_from": "1990", "activity": "100-299"}
_VIEWS = (
    *("Stars", "Over time", "Genres", "Liked together", "Release years", "Films", "Long tail"),
    "People",
)


@dataclass(frozen=True)
class Visit:
    """A page, what its address says, and whether analysts alone may see it."""

    what: str
    page: str
    query: str = ""
    is_of_analysts: bool = False


def visits(film: int, person: int) -> list[Visit]:
    """All pages, with this film and this person where they need one."""
    return [
        Visit("For you", ""),
        Visit("By genre", "by_genre", "genre=Drama"),
        Visit("My films", "my_films"),
        Visit("A film", "film", f"id={film}"),
        *(Visit(f"Ratings, {view}", "ratings", urlencode({"view": view})) for view in _VIEWS),
        *(
            Visit(f"Ratings, {view}, filtered", "ratings", urlencode({"view": view, **_FILTERED}))
            for view in _VIEWS
        ),
        Visit("Map", "map"),
        Visit("Quality", "quality"),
        Visit("Account", "account"),
        Visit("Inspector", "inspector", f"history={person}", is_of_analysts=True),
    ]


def measure(large: Server, small: Server, people: tuple[int, int], repeats: int = 5) -> list[Row]:
    """Rows for each page, for strangers and analysts, with and without what is kept.

    Parameters
    ----------
    large, small : Server
        With a model each.
    people : tuple of int
        An analyst's number in each, whose password is that of demo accounts.
    repeats : int
    """
    servers = (large, small)
    rows = []
    cookies = [
        browser_cookies(server, person) for server, person in zip(servers, people, strict=True)
    ]
    plans = [
        visits(_film(server.address), person)
        for server, person in zip(servers, people, strict=True)
    ]
    with (
        Session(large.address, page="account") as ours,
        Session(small.address, page="account") as theirs,
    ):
        for who, own in (("stranger", [None, None]), ("analyst", cookies)):
            for here, there in zip(*plans, strict=True):
                if here.is_of_analysts and who == "stranger":
                    continue
                for kept in ("first", "again"):
                    took: tuple[list[float], list[float]] = ([], [])
                    for _ in range(repeats):
                        for each, tab, server, logged_in, visit in zip(
                            took, (ours, theirs), servers, own, (here, there), strict=True
                        ):
                            if kept == "first":
                                tab.clear_cache()
                            each.append(_seconds(server, logged_in, visit))
                    here_took, there_took = (statistics.median(each) for each in took)
                    what = f"{here.what}, {who}, {kept}"
                    rows.append(longer(what, here_took, there_took, 1.5))
    return rows


def _seconds(server: Server, cookies: str | None, visit: Visit) -> float:
    """In a tab of its own: in one that is open, its filters would stay as they are."""
    with Session(server.address, cookies, visit.page, visit.query) as tab:
        return tab.seconds


def _film(address: str) -> int:
    """The first of the popular films."""
    with urlopen(f"{address}/api/give-rec", timeout=60) as answer:
        return int(json.load(answer)["items"][0]["movie_id"])
