"""The log of the API: who did what in which request, and no secrets."""

import json
import logging
import warnings
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from redis import Redis
from sqlalchemy import text
from starlette.testclient import TestClient

from accounts.throttle import Throttle
from monitoring.logs import configure_logging
from startup import Application
from tests.conftest import serve_with

pytestmark = pytest.mark.data_layer

EMAIL, PASSWORD, NEW = "jane@mail.com", "a fine long sentence", "another fine sentence"


@pytest.fixture
def log(application: Application, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that turns on our log in a format and returns a reader of new lines."""

    def _log(form: str) -> Callable[[], list[str]]:
        configure_logging(application.settings.model_copy(update={"log_format": form}))
        return lambda: capsys.readouterr().err.splitlines()

    return _log


def _a_life_of_an_account(client: TestClient) -> list[str]:
    """Do everything with an account, with named requests, and return the secrets involved."""

    def log_in(password: str, name: str) -> dict[str, str]:
        answer = client.post(
            "/api/auth/login",
            data={"username": EMAIL, "password": password},
            headers={"X-Request-ID": name},
        )
        return {"Authorization": f"Bearer {answer.json().get('access_token', '')}"}

    def ask(method: str, endpoint: str, name: str, body: Any, **headers: str) -> Any:
        headers["X-Request-ID"] = name
        return client.request(method, f"/api/{endpoint}", json=body, headers=headers).status_code

    new = {"email": EMAIL, "password": PASSWORD, "name": "Jane of Arc"}
    change = {"old": PASSWORD, "new": NEW}
    assert ask("POST", "auth/register", "register", new) == 201
    first = log_in(PASSWORD, "login-ok")
    assert ask("POST", "account/password", "newpass", change, **first) == 204
    second = log_in(NEW, "login-2")
    assert ask("DELETE", "account", "leaving", {"confirm": EMAIL, "password": NEW}, **second) == 204
    for number in range(4):
        log_in("a wrong guess", f"guess-{number}")
    secrets = [EMAIL, PASSWORD, NEW, "a wrong guess", "Jane of Arc", "$2b$"]
    return secrets + [each["Authorization"].removeprefix("Bearer ") for each in (first, second)]


HAPPENED = [
    ("register", "registered: user 1000000000"),
    ("login-ok", "log-in: user 1000000000 from testclient"),
    ("newpass", "password changed, 1 sessions ended: user 1000000000"),
    ("login-2", "log-in: user 1000000000 from testclient"),
    ("leaving", "account deleted: user 1000000000"),
    ("guess-0", "log-in failed: account 6baf53b557 from testclient"),
    ("guess-1", "log-in failed: account 6baf53b557 from testclient"),
    ("guess-2", "log-ins locked: account-"),
]


@pytest.mark.parametrize("form", ["text", "json"])
def test_account_events_are_logged_without_secrets(
    client: TestClient,
    application: Application,
    redis_client: Redis,
    log: Callable[[str], Callable[[], list[str]]],
    form: str,
) -> None:
    serve_with(application, throttle=Throttle(application.services.engine, per_account=2))
    lines = log(form)
    secrets = _a_life_of_an_account(client)
    written = lines()
    told = [_read(line, form) for line in written]
    of_accounts = [(request, message) for request, message in told if " /api/" not in message]
    assert len(of_accounts) == len(HAPPENED)
    for (request, message), (expected_request, expected) in zip(of_accounts, HAPPENED, strict=True):
        assert request == expected_request
        assert message.startswith(expected)
    assert ("leaving", "DELETE /api/account 204") in [
        (request, " ".join(message.split()[:3])) for request, message in told
    ]
    assert not [each for each in secrets if each in "\n".join(written)]


def _read(line: str, form: str) -> tuple[str, str]:
    """Return the request id and the message of a log line."""
    if form == "json":
        fields = json.loads(line)
        assert set(fields) == {"time", "levelname", "name", "request_id", "message"}
        return fields["request_id"], fields["message"]
    _, _, rest = line.partition("[")
    request, _, message = rest.partition("] ")
    return request, message


def test_an_sql_error_is_one_line_without_values(
    client: TestClient, application: Application, log: Callable[[str], Callable[[], list[str]]]
) -> None:
    with application.services.engine.begin() as connection:
        connection.execute(text("ALTER TABLE users RENAME COLUMN name TO title"))
    lines = log("text")
    new = {"email": EMAIL, "password": PASSWORD}
    answer = client.post("/api/auth/register", json=new)
    written = lines()
    assert answer.status_code == 503
    assert answer.json() == {"detail": "The database is not responding at the moment. Try again."}
    assert len([line for line in written if "database error in an endpoint: " in line]) == 1
    assert len(written) == 2
    for secret in (EMAIL, PASSWORD, "$2b$"):
        assert secret not in "\n".join(written)


def _fail(*_: object) -> NoReturn:
    raise RuntimeError("an error that no handler expects")


def test_an_error_is_logged_under_its_responses_request_id(
    client: TestClient,
    application: Application,
    log: Callable[[str], Callable[[], list[str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = log("json")
    monkeypatch.setattr(application.services.recommender, "genres", _fail)
    answer = client.get("/api/genres")
    assert answer.status_code == 500
    faults = [
        fields
        for line in lines()
        if (fields := json.loads(line))["message"] == "an endpoint failed"
    ]
    assert [fault["request_id"] for fault in faults] == [answer.headers["x-request-id"]]
    assert "RuntimeError" in faults[0]["exc_info"]


def test_a_successful_health_check_is_not_logged(
    client: TestClient, log: Callable[[str], Callable[[], list[str]]]
) -> None:
    lines = log("json")
    assert client.get("/api/health/ready").status_code == 200
    assert client.get("/api/genres").status_code == 200
    (line,) = [json.loads(each)["message"] for each in lines()]
    assert line.startswith("GET /api/genres 200")


def test_log_lines_of_libraries_are_json_too(log: Callable[[str], Callable[[], list[str]]]) -> None:
    lines = log("json")
    logging.getLogger("asyncio").error("a task failed")
    warnings.warn("something is old", stacklevel=1)
    failed, warned = map(json.loads, lines())
    assert failed["message"] == "a task failed"
    assert "something is old" in warned["message"]
