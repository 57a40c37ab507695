"""Films that were marked, as seen or otherwise, are in no list of the one who marked them."""

from collections.abc import Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient

from startup import Application
from tests.catalogue import add_age_ratings, add_lengths

pytestmark = pytest.mark.data_layer

LISTS: Mapping[str, Mapping[str, Any]] = {
    "give-rec": {},
    "give-rec?limit=100": {},
    "give-rec?limit=100&offset=1": {},
    "give-rec?limit=100&exclude=12": {},
    "give-rec?limit=100&genre=drama": {},
    "give-rec?limit=100&genre=drama&genre=western&match=all": {},
    "give-rec?limit=100&year_from=1950&least_ratings=1": {},
    "give-rec?limit=100&max_minutes=1000": {},
    "give-rec?limit=100&max_age_rating=R": {},
    "give-rec?limit=100&not_genres=horror&style=adventurous": {},
    "give-rec-genre?genre=drama": {},
    "give-rec-genre?genre=drama&max_minutes=1000": {},
    "starters?limit=100": {},
    "what-if": {"without": [1]},
}


@pytest.mark.parametrize("mark", ["seen", "later", "dismissed"])
def test_a_marked_film_is_in_no_list(
    client: TestClient, rater: dict[str, str], application: Application, mark: str
) -> None:
    """Before, the Western of 1992 is in all of them, but may be the first one or among the five."""

    def films(address: str, body: Mapping[str, Any]) -> set[int]:
        method = "POST" if body else "GET"
        answer = client.request(method, f"/api/{address}", json=body or None, headers=rater).json()
        items = answer if isinstance(answer, list) else answer["items"]
        return {item["movie_id"] for item in items}

    with application.services.engine.begin() as connection:
        add_lengths(connection)
        add_age_ratings(connection)
    lists = {address for address, body in LISTS.items() if 7 in films(address, body)}
    assert {*LISTS} - lists <= {"starters?limit=100", "give-rec?limit=100&offset=1"}
    assert client.put("/api/marks/7", json={"mark": mark}, headers=rater).status_code == 204
    for _ in range(2):  # computed, and from the cache
        for address, body in LISTS.items():
            assert 7 not in films(address, body), address
