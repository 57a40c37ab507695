"""Nobody acts for somebody else or sees what is theirs, and nothing that is typed is obeyed."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis
from sqlalchemy import text
from starlette.testclient import TestClient

from accounts import sessions
from accounts.registration import register
from accounts.throttle import Throttle
from api.application import create
from db import users
from db.users import User
from startup import Application

pytestmark = pytest.mark.data_layer

LogIn = Callable[..., dict[str, str]]
EMAIL, PASSWORD, NEW = "jane@mail.com", "a fine long sentence", "another fine sentence"
BODY = {"rating": 5, "old": PASSWORD, "new": NEW, "confirm": EMAIL}
INJECTIONS = [
    "'; DROP TABLE movies; --",
    "1 OR 1=1",
    "x' UNION SELECT email FROM users --",
    "<script>alert(1)</script>",
]


@pytest.fixture
def jane(application: Application) -> User:
    return register(application.engine, email=EMAIL, password=PASSWORD, name="Jane")


@pytest.fixture
def bearer(application: Application) -> Callable[[User], dict[str, str]]:
    """Headers that prove who somebody is, without the quarter of a second of a password."""

    def _bearer(user: User) -> dict[str, str]:
        return {"Authorization": f"Bearer {sessions.open_session(application.engine, user, 1)}"}

    return _bearer


def _rater(application: Application, number: int) -> User:
    with application.engine.connect() as connection:
        found = users.by_id(connection, number)
    assert found is not None
    return found


def _count(application: Application, table: str) -> int:
    with application.engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def _sign_in(client: TestClient, email: str, password: str = "wrong") -> Any:
    return client.post("/api/auth/login", data={"username": email, "password": password})


def test_a_cookie_proves_nothing_to_any_handle(
    client: TestClient, application: Application, jane: User
) -> None:
    token = sessions.open_session(application.engine, jane, days=1)
    before = client.get("/api/account/export", headers={"Authorization": f"Bearer {token}"}).json()
    client.cookies.set("five_films_session", token)
    operations = [
        (method.upper(), path)
        for path, operations in create().openapi()["paths"].items()
        for method, operation in operations.items()
        if operation.get("security")
    ]
    answers = {
        path: client.request(
            method,
            f"/api{path.format(movie_id=12)}",
            json=BODY if method in ("PUT", "POST", "DELETE") else None,
            params={"genre": "action"},
        )
        for method, path in operations
    }
    assert len(operations) >= 11
    for path, answer in answers.items():
        if path in ("/give-rec", "/give-rec-genre"):
            assert answer.json()["kind"] == "cold"
        else:
            assert answer.status_code == 401, path
            assert answer.headers["www-authenticate"] == "Bearer"
    client.cookies.clear()
    after = client.get("/api/account/export", headers={"Authorization": f"Bearer {token}"}).json()
    assert after == before


def test_a_token_is_a_session_of_the_browsers_kind_and_the_other_way_round(
    client: TestClient, application: Application, jane: User
) -> None:
    token = _sign_in(client, EMAIL, PASSWORD).json()["access_token"]
    assert sessions.user_of(application.engine, token) == jane
    ticket = sessions.create_ticket(application.engine, token, "a visitor")
    log_in = client.get(
        "/auth/session",
        params={"ticket": ticket},
        headers={"Cookie": "five_films_visitor=a visitor"},
        follow_redirects=False,
    )
    assert log_in.headers["location"] == "/"
    cookie = log_in.cookies["five_films_session"]
    who = [
        client.get("/api/who-am-i", headers={"Authorization": f"Bearer {each}"}).status_code
        for each in (cookie, token)
    ]
    assert who == [200, 401]


def test_a_ticket_is_good_once_and_for_its_visitor_alone(
    client: TestClient, application: Application, jane: User
) -> None:
    def redeem(visitor: str) -> Any:
        cookie = {"Cookie": f"five_films_visitor={visitor}"} if visitor else {}
        answer = client.get(
            "/auth/session", params={"ticket": ticket}, headers=cookie, follow_redirects=False
        )
        assert ("five_films_session" in answer.cookies) == (answer.headers["location"] == "/")
        return answer.headers["location"]

    for visitors, places in [
        (["jane", "jane"], ["/", "/account?ticket=expired"]),
        (["eve", "jane"], ["/account?ticket=expired"] * 2),
        (["", "jane"], ["/account?ticket=expired"] * 2),
    ]:
        token = sessions.open_session(application.engine, jane, days=1)
        ticket = sessions.create_ticket(application.engine, token, "jane")
        client.cookies.clear()
        assert list(map(redeem, visitors)) == places


def test_a_link_from_elsewhere_logs_nobody_out(
    client: TestClient, application: Application, jane: User
) -> None:
    token = sessions.open_session(application.engine, jane, days=1)
    client.cookies.set("five_films_session", token)
    assert "set-cookie" not in client.get("/auth/ended", follow_redirects=False).headers
    sessions.end_session(application.engine, token)
    ended = client.get("/auth/ended", follow_redirects=False)
    assert ended.headers["set-cookie"].startswith('five_films_session=""; ')


def test_known_and_unknown_names_are_answered_alike_to_the_end(
    client: TestClient, application: Application, redis_client: Redis, jane: User
) -> None:
    application._throttle = Throttle(redis_client, uuid4(), per_account=2)
    known, unknown = (
        [
            (answer.status_code, answer.json(), {*answer.headers} - {"date"})
            for answer in [_sign_in(client, name) for _ in range(3)]
        ]
        for name in (EMAIL, "nobody@mail.com")
    )
    assert [status for status, _, _ in known] == [401, 401, 429]
    assert known == unknown


def test_an_address_is_locked_and_the_next_one_is_not(
    client: TestClient, application: Application, redis_client: Redis
) -> None:
    application._throttle = Throttle(redis_client, uuid4(), per_address=2)
    elsewhere = TestClient(client.app, client=("198.51.100.7", 50_000))
    names = [f"{number}@mail.com" for number in range(3)]
    assert [_sign_in(client, name).status_code for name in names] == [401, 401, 429]
    assert _sign_in(elsewhere, "3@mail.com").status_code == 401


def test_without_redis_guessing_is_slowed_down_and_the_metrics_tell(
    client: TestClient, application: Application, dead_redis: Redis
) -> None:
    application._throttle = Throttle(dead_redis, uuid4(), per_account=2)
    answers = [_sign_in(client, EMAIL) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[-1].headers["retry-after"] == "900"
    figures = client.get("/metrics").text.splitlines()
    assert f"five_films_throttle_fallbacks_total {application.throttle.fallbacks:.1f}" in figures
    assert application.throttle.fallbacks >= 9
    assert "five_films_refused_log_ins_total 1.0" in figures


def test_what_one_person_does_changes_nothing_of_anothers(
    client: TestClient, application: Application, bearer: Callable[[User], dict[str, str]]
) -> None:
    one, other = (bearer(_rater(application, number)) for number in (1, 2))

    def all_of(headers: dict[str, str]) -> list[Any]:
        places = ["who-am-i", "ratings", "account/export", "account/sessions", "give-rec?limit=100"]
        found = [client.get(f"/api/{place}", headers=headers).json() for place in places]
        assert found[-1].pop("cached") in (True, False)
        return found

    before = all_of(other)
    assert client.put("/api/ratings/12", json={"rating": 5}, headers=one).status_code == 200
    assert client.put("/api/ratings/2", json={"rating": 0.5}, headers=one).status_code == 200
    assert client.delete("/api/ratings/3", headers=one).status_code == 204
    assert client.delete("/api/account/sessions", headers=one).json() == {"ended": 0}
    assert client.post("/api/auth/logout", headers=one).status_code == 204
    assert all_of(other) == before
    assert [each["movie_id"] for each in before[1]["items"]] == [2, 3, 4, 5, 6, 7]


def test_nobody_is_given_anothers_list_out_of_the_cache(
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


def test_no_handle_takes_the_name_or_number_of_a_person() -> None:
    parameters = {
        parameter["name"]
        for operations in create().openapi()["paths"].values()
        for operation in operations.values()
        for parameter in operation.get("parameters", ())
    }
    assert not {name for name in parameters if "user" in name or "person" in name or name == "id"}


@pytest.mark.parametrize("typed", INJECTIONS)
def test_what_is_typed_is_text_wherever_it_goes(
    client: TestClient,
    application: Application,
    bearer: Callable[[User], dict[str, str]],
    typed: str,
) -> None:
    jane = register(application.engine, email=EMAIL, password=PASSWORD, name=typed)
    headers = bearer(jane)
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
    is_path = "/" in typed
    assert {what: answer.status_code for what, answer in answers.items()} == {
        "film": 404 if is_path else 422,
        "similar": 404 if is_path else 422,
        "rate": 404 if is_path else 422,
        "search": 200,
        "genre": 404,
        "search in genre": 404,
        "page": 422,
        "log in": 401,
        "name": 200,
        "account": 200,
    }
    assert {answer.headers["content-type"] for answer in answers.values()} == {"application/json"}
    assert answers["search"].json()["total"] < 12
    assert "@mail.com" not in answers["search"].text
    assert answers["name"].json()["name"] == typed
    assert answers["account"].json()["account"]["name"] == typed
    assert (_count(application, "movies"), _count(application, "ratings")) == (12, 48)
