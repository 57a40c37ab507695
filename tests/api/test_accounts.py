"""The endpoints of accounts: registering, passwords, sessions, leaving."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from startup import Application

pytestmark = pytest.mark.data_layer

LogIn = Callable[..., dict[str, str]]
PASSWORD = "a fine long sentence"


def test_registering_and_leaving(client: TestClient, log_in: LogIn) -> None:
    new = {"email": "New@Mail.com", "password": PASSWORD, "name": "Jane"}
    made = client.post("/api/auth/register", json=new)
    assert made.status_code == 201
    assert made.json() == {"email": "new@mail.com", "name": "Jane", "kind": "cold", "ratings": 0}
    assert client.post("/api/auth/register", json=new).status_code == 409

    headers = log_in("new@mail.com", PASSWORD)
    wrong = client.request(
        "DELETE", "/api/account", json={"confirm": "x", "password": PASSWORD}, headers=headers
    )
    assert wrong.status_code == 422
    left = client.request(
        "DELETE",
        "/api/account",
        json={"confirm": "new@mail.com", "password": PASSWORD},
        headers=headers,
    )
    assert left.status_code == 204
    assert client.get("/api/who-am-i", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "x"), ("email", "a\0@b.org"), ("password", "short"), ("name", "x" * 101)],
)
def test_an_invalid_registration(client: TestClient, field: str, value: str) -> None:
    wish = {"email": "new@mail.com", "password": PASSWORD, "name": "", field: value}
    answer = client.post("/api/auth/register", json=wish)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


def test_a_registration_names_all_invalid_fields_at_once(client: TestClient) -> None:
    wish = {"email": "jane@mail", "password": "jane", "name": "x" * 101}
    assert client.post("/api/auth/register", json=wish).json() == {
        "detail": "This is not an email address. It should look like name@example.org. The name "
        "is too long (100 characters at most) or contains characters that can't be printed. The "
        "password needs at least 8 characters.",
        "fields": {
            "email": "This is not an email address. It should look like name@example.org.",
            "name": "The name is too long (100 characters at most) or contains characters that "
            "can't be printed.",
            "password": "The password needs at least 8 characters.",
        },
    }


def test_a_password_must_not_be_the_email_or_name(client: TestClient, log_in: LogIn) -> None:
    wish = {"email": "jane@mail.com", "password": "jane-and-doe", "name": "Jane"}
    answer = client.post("/api/auth/register", json=wish)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["password"])
    client.post("/api/auth/register", json=wish | {"password": PASSWORD})
    headers = log_in("jane@mail.com", PASSWORD)
    for old, fields in ((PASSWORD, ["new"]), ("wrong", ["old", "new"])):
        change = {"old": old, "new": "Jane@Mail.com"}
        answer = client.post("/api/account/password", json=change, headers=headers)
        assert (answer.status_code, list(answer.json()["fields"])) == (422, fields)


def test_logging_out(client: TestClient, log_in: LogIn) -> None:
    headers = log_in()
    assert client.post("/api/auth/logout", headers=headers).status_code == 204
    assert client.get("/api/who-am-i", headers=headers).status_code == 401


def test_a_new_password_ends_every_session(client: TestClient, log_in: LogIn) -> None:
    client.post("/api/auth/register", json={"email": "new@mail.com", "password": PASSWORD})
    first, second = log_in("new@mail.com", PASSWORD), log_in("new@mail.com", PASSWORD)
    assert len(client.get("/api/account/sessions", headers=first).json()) == 2
    change = {"old": PASSWORD, "new": "another fine sentence"}
    assert client.post("/api/account/password", json=change, headers=first).status_code == 204
    for headers in (first, second):
        assert client.get("/api/who-am-i", headers=headers).status_code == 401


def test_ending_the_other_sessions(client: TestClient, log_in: LogIn) -> None:
    other, mine = log_in(), log_in()
    assert client.delete("/api/account/sessions", headers=mine).json() == {"ended": 1}
    assert client.get("/api/who-am-i", headers=other).status_code == 401
    assert client.get("/api/who-am-i", headers=mine).status_code == 200


def test_demo_accounts_cannot_be_changed(client: TestClient, log_in: LogIn) -> None:
    headers = log_in()
    change = {"old": "test", "new": "another fine sentence"}
    assert client.post("/api/account/password", json=change, headers=headers).status_code == 403
    leave = {"confirm": "test1@mail.com", "password": "test"}
    assert client.request("DELETE", "/api/account", json=leave, headers=headers).status_code == 403


def test_guessing_is_stopped_with_a_time_to_retry(client: TestClient) -> None:
    wrong = {"username": "test1@mail.com", "password": "wrong"}
    statuses = [client.post("/api/auth/login", data=wrong).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    locked = client.post("/api/auth/login", data=wrong | {"password": "test"})
    assert locked.status_code == 429
    assert 800 < int(locked.headers["retry-after"]) <= 900


def test_deleted_sessions_end_at_the_next_request(
    client: TestClient, log_in: LogIn, application: Application
) -> None:
    headers = log_in()
    with application.services.engine.begin() as connection:
        connection.execute(text("DELETE FROM sessions"))
    assert client.get("/api/who-am-i", headers=headers).status_code == 401
