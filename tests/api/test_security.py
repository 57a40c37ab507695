"""Users can't act for others or see their data, and input is never executed."""

from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import text
from starlette.testclient import TestClient

from accounts import sessions
from accounts.registration import register
from api.application import create
from db.queries import users
from db.queries.users import User
from startup import Application
from tests.cached import cached_lists

pytestmark = pytest.mark.data_layer

LogIn = Callable[..., dict[str, str]]
EMAIL, PASSWORD, NEW = "jane@mail.com", "a fine long sentence", "another fine sentence"
BODY = {"rating": 5, "old": PASSWORD, "new": NEW, "confirm": EMAIL, "password": PASSWORD}
INJECTIONS = [
    "'; DROP TABLE movies; --",
    "1 OR 1=1",
    "x' UNION SELECT email FROM users --",
    "<script>alert(1)</script>",
]


@pytest.fixture
def jane(application: Application) -> User:
    return register(application.services.engine, email=EMAIL, password=PASSWORD, name="Jane")


@pytest.fixture
def bearer(application: Application) -> Callable[[User], dict[str, str]]:
    """Return a function that makes the headers with a user's token, without logging in."""

    def _bearer(user: User) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {sessions.open_session(application.services.engine, user, 1)}"
        }

    return _bearer


def _rater(application: Application, number: int) -> User:
    with application.services.engine.connect() as connection:
        found = users.by_id(connection, number)
    assert found is not None
    return found


def _count(application: Application, table: str) -> int:
    with application.services.engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def _sign_in(client: TestClient, email: str, password: str = "wrong") -> Any:
    return client.post("/api/auth/login", data={"username": email, "password": password})


def test_no_endpoint_accepts_a_cookie(client: TestClient, application: Application) -> None:
    token = sessions.open_session(application.services.engine, _rater(application, 1), days=1)
    before = client.get("/api/account/export", headers={"Authorization": f"Bearer {token}"}).json()
    operations = [
        (method, path.format(movie_id=12))
        for path, operations in create().openapi()["paths"].items()
        for method, operation in operations.items()
        if operation.get("security")
    ]

    def ask_all(**headers: str) -> dict[tuple[str, str], tuple[int, Any]]:
        answers = {}
        for method, path in operations:
            body = None if method == "get" else BODY
            answer = client.request(method, f"/api{path}", json=body, headers=headers)
            told = answer.json()
            if isinstance(told, dict):
                told.pop("cached", None)
            answers[method, path] = (answer.status_code, told)
        return answers

    guests = ask_all()
    assert ask_all(Cookie=f"five_films_session={token}") == guests
    for_guests = {path for (_, path), (status, _) in guests.items() if status != 401}
    assert for_guests <= {"/give-rec", "/give-rec-genre", "/why/12", "/what-if", "/starters"}
    after = client.get("/api/account/export", headers={"Authorization": f"Bearer {token}"}).json()
    assert after == before


def test_one_users_requests_change_nothing_of_anothers(
    client: TestClient, application: Application, bearer: Callable[[User], dict[str, str]]
) -> None:
    one, other = (bearer(_rater(application, number)) for number in (1, 2))

    def all_of(headers: dict[str, str]) -> list[Any]:
        places = ["who-am-i", "ratings", "marks", "portrait", "account/export", "account/sessions"]
        places.append("give-rec?limit=100")
        return [client.get(f"/api/{place}", headers=headers).json() for place in places]

    assert client.put("/api/marks/8", json={"mark": "seen"}, headers=other).status_code == 204
    all_of(other)  # and now the list is in the cache
    before = all_of(other)
    assert client.put("/api/ratings/12", json={"rating": 5}, headers=one).status_code == 200
    assert client.put("/api/ratings/2", json={"rating": 0.5}, headers=one).status_code == 200
    assert client.delete("/api/ratings/3", headers=one).status_code == 204
    assert client.put("/api/marks/9", json={"mark": "later"}, headers=one).status_code == 204
    assert client.put("/api/marks/8", json={"mark": "later"}, headers=one).status_code == 204
    assert client.delete("/api/marks/8", headers=one).status_code == 204
    assert client.delete("/api/account/sessions", headers=one).json() == {"ended": 0}
    assert client.post("/api/auth/logout", headers=one).status_code == 204
    assert all_of(other) == before
    assert [each["movie_id"] for each in before[1]["items"]] == [2, 3, 4, 5, 6, 7]


def test_nobody_gets_another_users_list_from_the_cache(
    client: TestClient, application: Application, bearer: Callable[[User], dict[str, str]]
) -> None:
    asked: list[tuple[bool, list[int]]] = []
    for headers in (bearer(_rater(application, 1)), bearer(_rater(application, 2)), {}):
        for _ in range(2):
            answer = client.get("/api/give-rec?limit=100", headers=headers).json()
            asked.append((answer["cached"], sorted(item["movie_id"] for item in answer["items"])))
    assert asked == [
        (False, [7, 8, 9, 10, 11, 12]),
        (True, [7, 8, 9, 10, 11, 12]),
        (False, [1, 8, 9, 10, 11, 12]),
        (True, [1, 8, 9, 10, 11, 12]),
        (False, list(range(1, 13))),
        (True, list(range(1, 13))),
    ]


def test_deleting_an_account_is_confirmed_and_leaves_nothing_behind(
    client: TestClient,
    application: Application,
    redis_client: Redis,
    bearer: Callable[[User], dict[str, str]],
    jane: User,
) -> None:
    headers = bearer(jane)
    client.put("/api/ratings/1", json={"rating": 5}, headers=headers)
    client.get("/api/give-rec", headers=headers)
    client.get("/api/give-rec-genre?genre=drama", headers=headers)

    def kept() -> list[int]:
        lists = cached_lists(redis_client, application.services.engine, str(jane.id))
        with application.services.engine.connect() as connection:
            rows = connection.execute(
                text(
                    "SELECT (SELECT count(*) FROM users WHERE id = :id), (SELECT count(*) FROM "
                    "ratings WHERE user_id = :id), (SELECT count(*) FROM sessions)"
                ),
                {"id": jane.id},
            ).one()
        return [*rows, len(lists)]

    def leave(typed: str, password: str = PASSWORD) -> Any:
        wish = {"confirm": typed, "password": password}
        return client.request("DELETE", "/api/account", json=wish, headers=headers).status_code

    assert [leave(typed) for typed in ("", "yes", "test1@mail.com", EMAIL[:-1])] == [422] * 4
    assert [leave(EMAIL, password) for password in ("", "a wrong guess")] == [403] * 2
    assert kept() == [1, 1, 1, 2]
    assert leave(f" {EMAIL.upper()} ") == 204
    assert kept() == [0, 0, 0, 0]


def test_guessing_the_password_to_delete_an_account_is_throttled(
    client: TestClient,
    application: Application,
    bearer: Callable[[User], dict[str, str]],
    jane: User,
) -> None:
    headers = bearer(jane)

    def leave(password: str) -> Any:
        wish = {"confirm": EMAIL, "password": password}
        return client.request("DELETE", "/api/account", json=wish, headers=headers).status_code

    for _ in range(9):
        application.services.throttle.note_failure(EMAIL, "198.51.100.7")
    assert leave("a wrong guess") == 403
    assert leave(PASSWORD) == 429
    assert client.get("/api/who-am-i", headers=headers).status_code == 200


def test_the_export_has_everything_and_no_secret(
    client: TestClient, bearer: Callable[[User], dict[str, str]], jane: User
) -> None:
    headers = bearer(jane)
    client.put("/api/ratings/1", json={"rating": 5}, headers=headers)
    known = client.get("/api/account/export", headers=headers)
    assert known.json()["account"].items() >= {"email": EMAIL, "name": "Jane"}.items()
    assert [(each["title"], each["rating"]) for each in known.json()["ratings"]] == [
        ("Toy Story", 5)
    ]
    assert {"account", "ratings", "sessions", "events"} <= known.json().keys()
    for secret in (str(jane.password_hash), "$2b$", headers["Authorization"][7:], "hash"):
        assert secret not in known.text


def test_no_endpoint_takes_the_name_or_number_of_a_user() -> None:
    parameters = {
        parameter["name"]
        for operations in create().openapi()["paths"].values()
        for operation in operations.values()
        for parameter in operation.get("parameters", ())
    }
    assert not {name for name in parameters if "user" in name or "person" in name or name == "id"}


def test_input_is_treated_as_text_everywhere(
    client: TestClient, application: Application, bearer: Callable[[User], dict[str, str]]
) -> None:
    for number, typed in enumerate(INJECTIONS):
        eve = register(
            application.services.engine,
            email=f"eve{number}@mail.com",
            password=PASSWORD,
            name=typed,
        )
        headers = bearer(eve)
        answers = {
            "film": client.get(f"/api/movies/{typed}"),
            "similar": client.get(f"/api/movies/{typed}/similar"),
            "rate": client.put(f"/api/ratings/{typed}", json={"rating": 4}, headers=headers),
            "search": client.get("/api/movies", params={"query": typed}),
            "genre": client.get("/api/give-rec-genre", params={"genre": typed}),
            "search in genre": client.get("/api/movies", params={"genre": typed}),
            "page": client.get("/api/movies", params={"page": typed}),
            "log in": _sign_in(client, typed, typed),
            "name": client.get("/api/who-am-i", headers=headers),
            "account": client.get("/api/account/export", headers=headers),
        }
        no_number = 404 if "/" in typed else 422
        assert {what: answer.status_code for what, answer in answers.items()} == {
            "film": no_number,
            "similar": no_number,
            "rate": no_number,
            "search": 200,
            "genre": 404,
            "search in genre": 404,
            "page": 422,
            "log in": 401,
            "name": 200,
            "account": 200,
        }
        kinds = {answer.headers["content-type"] for answer in answers.values()}
        assert kinds == {"application/json"}
        assert answers["search"].json()["total"] < 12
        assert "@mail.com" not in answers["search"].text
        assert answers["name"].json()["name"] == typed
        assert answers["account"].json()["account"]["name"] == typed
    assert (_count(application, "movies"), _count(application, "ratings")) == (12, 48)
