"""Hostile Unicode in every text field: it is refused with a reason, or returned unchanged."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from startup import Application
from tests.catalogue import FILMS

pytestmark = pytest.mark.data_layer

TEXTS = {
    "right to left": "\u202etxet\u202c",
    "invisible": "\u200b\u200d\ufeff",
    "piled up": "z" + "\u0335\u0316\u0301" * 60,
    "line separator": "a\u2028b\u2029c",
    "NUL": "a\0b",
    "surrogate": "\ud83d",
    "family": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "dotless": "İıſK",
    "wide": "ＳＥＬＥＣＴ　＊",
    "ligature": "ﬁlm ﷺ",
    "private": "\ue000\U0010ffff",
    "combining first": "\u0301" * 5,
}


@pytest.mark.parametrize("hostile", TEXTS.values(), ids=TEXTS)
def test_every_endpoint_that_takes_text(
    client: TestClient, application: Application, new_user: dict[str, str], hostile: str
) -> None:
    query = hostile.encode("utf-8", "surrogatepass")

    def ask(method: str, endpoint: str, *allowed: int, **request: Any) -> Any:
        answer = client.request(method, f"/api/{endpoint}", **request)
        assert answer.status_code in allowed, (endpoint, answer.status_code, answer.text)
        return answer.json()

    def say(endpoint: str, body: dict[str, Any], *allowed: int) -> Any:
        content = json.dumps(body).encode()  # ASCII: a lone surrogate as \\ud83d
        headers = {"Content-Type": "application/json", **new_user}
        return ask("POST", endpoint, *allowed, content=content, headers=headers)

    found = ask("GET", "movies", 200, 422, params={"query": query})
    assert found.get("items", []) == [] or found["items"][0]["title"]
    unknown = ask("GET", "give-rec-genre", 404, 422, params={"genre": query})
    assert "Drama" in unknown.get("available_genres", ["Drama"])
    ask("GET", "who-am-i", 401, headers={"Authorization": b"Bearer " + query})

    say("auth/register", {"email": f"{hostile}@mail.com", "password": "a fine sentence"}, 201, 422)
    wish = {"email": f"{len(hostile)}{ord(hostile[0])}@mail.com", "password": "a fine sentence"}
    person = say("auth/register", wish | {"name": hostile}, 201, 422)
    assert person.get("name", hostile.strip()) == hostile.strip()
    say("what-if", {"ratings": hostile}, 422)

    rows = f"Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,{hostile},1995,x,4.5\n"
    file = {"file": (f"{len(hostile)}.csv", rows.encode("utf-8", "surrogatepass"))}
    ask("POST", "imports/preview", 200, 422, files=file, headers=new_user)

    # And none of it had any effect.
    assert ask("GET", "movies", 200)["total"] == len(FILMS)
    assert ask("GET", "ratings", 200, headers=new_user) == {"total": 0, "items": []}
