"""Login by the API and by ticket: throttled, the same for all emails, valid once."""

from typing import Any

import pytest
from redis import Redis
from starlette.testclient import TestClient

from accounts import sessions
from accounts.registration import register
from accounts.throttle import Throttle
from db.queries.users import User
from startup import Application
from tests.conftest import serve_with

pytestmark = pytest.mark.data_layer

EMAIL, PASSWORD = "jane@mail.com", "a fine long sentence"


@pytest.fixture
def jane(application: Application) -> User:
    return register(application.services.engine, email=EMAIL, password=PASSWORD, name="Jane")


def _sign_in(client: TestClient, email: str, password: str = "wrong") -> Any:
    return client.post("/api/auth/login", data={"username": email, "password": password})


def test_a_ticket_binds_a_token_to_its_browser(
    client: TestClient, application: Application, jane: User
) -> None:
    token = _sign_in(client, EMAIL, PASSWORD).json()["access_token"]
    assert sessions.user_of(application.services.engine, token) == jane
    ticket = sessions.create_ticket(application.services.engine, token, "a visitor")
    log_in = client.get(
        "/auth/session",
        params={"ticket": ticket},
        headers={"Cookie": "five_films_visitor=a visitor"},
        follow_redirects=False,
    )
    assert log_in.headers["location"] == "/"
    cookie = log_in.cookies["five_films_session"]
    visitor = log_in.cookies["five_films_visitor"]
    assert visitor.strip('"') == "a visitor"
    assert sessions.user_of(application.services.engine, f"{cookie}.a visitor") == jane
    for each in (token, cookie, f"{cookie}.another visitor"):
        assert sessions.user_of(application.services.engine, each) is None


def test_a_ticket_is_valid_once_and_for_its_visitor_only(
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
        token = sessions.open_session(application.services.engine, jane, days=1)
        ticket = sessions.create_ticket(application.services.engine, token, "jane")
        client.cookies.clear()
        assert list(map(redeem, visitors)) == places


def test_a_link_on_another_site_does_not_log_out(
    client: TestClient, application: Application, jane: User
) -> None:
    opened = sessions.open_session(application.services.engine, jane, days=1)
    ticket = sessions.create_ticket(application.services.engine, opened, "jane")
    token = sessions.redeem_ticket(application.services.engine, ticket, "jane") or ""
    client.cookies.set("five_films_session", token)
    client.cookies.set("five_films_visitor", "jane")
    assert "set-cookie" not in client.get("/auth/ended", follow_redirects=False).headers
    sessions.end_session(application.services.engine, f"{token}.jane")
    ended = client.get("/auth/ended", follow_redirects=False)
    assert ended.headers["set-cookie"].startswith('five_films_session=""; ')


def test_known_and_unknown_emails_get_the_same_responses(
    client: TestClient, application: Application, redis_client: Redis, jane: User
) -> None:
    serve_with(application, throttle=Throttle(application.services.engine, per_account=2))
    known, unknown = (
        [
            (answer.status_code, answer.json(), {*answer.headers} - {"date"})
            for answer in [_sign_in(client, name) for _ in range(3)]
        ]
        for name in (EMAIL, "nobody@mail.com")
    )
    assert [status for status, _, _ in known] == [401, 401, 429]
    assert known == unknown


def test_an_address_is_locked_and_another_is_not(
    client: TestClient, application: Application, redis_client: Redis
) -> None:
    serve_with(application, throttle=Throttle(application.services.engine, per_address=2))
    elsewhere = TestClient(client.app, client=("198.51.100.7", 50_000))
    names = [f"{number}@mail.com" for number in range(3)]
    assert [_sign_in(client, name).status_code for name in names] == [401, 401, 429]
    assert _sign_in(elsewhere, "3@mail.com").status_code == 401


def test_the_metrics_count_refusals(client: TestClient, application: Application) -> None:
    serve_with(application, throttle=Throttle(application.services.engine, per_account=2))
    answers = [_sign_in(client, EMAIL) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[-1].headers["retry-after"] == "900"
    assert "five_films_refused_log_ins_total 1.0" in client.get("/metrics").text.splitlines()
