"""The run time of every page on one data set, compared with another.

Over Streamlit's protocol, without a browser: from the request of the page to the end of its script.
First with an empty `st.cache_data`, then with a warm one; the two data sets in turns.
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
    """A page, its query string, and whether only analysts may see it."""

    what: str
    page: str
    query: str = ""
    is_of_analysts: bool = False


def visits(film: int, person: int) -> list[Visit]:
    """Return all pages, with this film and this person where needed."""
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
    """Return rows for each page, for guests and analysts, with and without a warm cache.

    Parameters
    ----------
    large : Server
        An app with a trained model.
    small : Server
        The app to compare with, also with a trained model.
    people : tuple of int
        The user ID of an analyst on each server, who has the password of demo accounts.
    repeats : int

    Returns
    -------
    list of Row
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
    """Return the seconds in a new tab: an open tab would keep its filters."""
    with Session(server.address, cookies, visit.page, visit.query) as tab:
        return tab.seconds


def _film(address: str) -> int:
    """Return the ID of the most popular film."""
    with urlopen(f"{address}/api/give-rec", timeout=60) as answer:
        return int(json.load(answer)["items"][0]["movie_id"])
