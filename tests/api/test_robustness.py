"""The API's responses to bad requests, and while a server is unavailable."""

from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.testclient import TestClient

from accounts import sessions
from accounts.registration import register
from accounts.throttle import Throttle
from api.bodies import MOST_BYTES
from db.queries.users import User
from startup import Application, Stage
from tests.conftest import serve_with
from tests.starting import start_again

pytestmark = pytest.mark.data_layer

EMAIL, PASSWORD, NEW = "jane@mail.com", "a fine long sentence", "another fine sentence"
JSON = {"Content-Type": "application/json"}
NOWHERE = "postgresql+psycopg://films:hunter2@db.example.invalid:1/secret"


@pytest.fixture
def jane(application: Application) -> User:
    return register(application.services.engine, email=EMAIL, password=PASSWORD, name="Jane")


@pytest.fixture
def headers(application: Application, jane: User) -> dict[str, str]:
    """Return the headers with Jane's token."""
    return {
        "Authorization": f"Bearer {sessions.open_session(application.services.engine, jane, 1)}"
    }


def _revision(application: Application, user: User) -> int:
    with application.services.engine.connect() as connection:
        found = connection.scalar(
            text("SELECT ratings_revision FROM users WHERE id = :id"), {"id": user.id}
        )
    return int(found or 0)


def _in_pieces(size: int) -> Iterator[bytes]:
    """Yield a body whose length isn't declared."""
    for start in range(0, size, 4096):
        yield b"x" * min(4096, size - start)


def test_a_body_one_byte_over_the_limit_is_refused(client: TestClient) -> None:
    def send(body: bytes | Iterator[bytes], **headers: str) -> tuple[int, object]:
        answer = client.post("/api/auth/register", content=body, headers=JSON | headers)
        return answer.status_code, answer.json()["detail"]

    too_large = (413, "The request is too large.")
    unreadable = (422, "body: can't be read as JSON: Expecting value")
    assert send(b"x" * (MOST_BYTES + 1)) == too_large
    assert send(_in_pieces(MOST_BYTES + 1)) == too_large
    assert send(b"{}", **{"Content-Length": "9" * 5000}) == too_large
    assert send(b"{}", **{"Content-Length": "-1"}) == too_large
    assert send(b"x" * MOST_BYTES) == unreadable
    assert send(_in_pieces(MOST_BYTES)) == unreadable


def test_files_of_ratings_may_be_larger_up_to_a_limit(client: TestClient) -> None:
    def send(place: str, size: int) -> Any:
        told = {"Content-Length": str(size)}
        return client.post(f"/api/{place}", content=b"{}", headers=JSON | told).status_code

    for place, most in [("imports/preview", 11 * 2**20), ("imports", 8 * 2**20)]:
        assert (send(place, most), send(place, most + 1)) == (401, 413)
    assert send("imports/nothing", MOST_BYTES + 1) == 413


def test_a_body_that_cannot_be_read_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    for kind, body in [
        ("application/json", b'{"rating": 4'),
        ("application/json", b"\xff\xfe"),
        ("application/json", b""),
        ("text/plain", b'{"rating": 4}'),
        ("application/x-www-form-urlencoded", b"rating=4"),
        ("multipart/form-data", b"rating=4"),
    ]:
        answer = client.put(
            "/api/ratings/12", content=body, headers=headers | {"Content-Type": kind}
        )
        assert answer.status_code == 422, kind
        assert list(answer.json()) == ["detail", "fields"]
        assert list(answer.json()["fields"]) == ["body"]
    assert client.get("/api/ratings", headers=headers).json() == {"total": 0, "items": []}


def test_a_form_that_cannot_be_read_is_refused(client: TestClient) -> None:
    answer = client.post(
        "/api/auth/login", content=b"username=x", headers={"Content-Type": "multipart/form-data"}
    )
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"body": "can't be read; /api/docs shows what it should be"}


def test_ratings_other_than_half_stars_are_refused(
    client: TestClient, application: Application, jane: User, headers: dict[str, str]
) -> None:
    stars = [
        "true",
        '"5"',
        "NaN",
        "Infinity",
        "-0.5",
        "0",
        "0.25",
        "4.25",
        "5.25",
        "5.5",
        "null",
        "[5]",
    ]
    for each in stars:
        answer = client.put(
            "/api/ratings/12", content=f'{{"rating": {each}}}', headers=headers | JSON
        )
        assert (answer.status_code, list(answer.json()["fields"])) == (422, ["rating"]), each
    assert client.get("/api/ratings", headers=headers).json() == {"total": 0, "items": []}
    assert _revision(application, jane) == 0


def test_the_same_rating_again_changes_nothing(
    client: TestClient, application: Application, jane: User, headers: dict[str, str]
) -> None:
    def rate(stars: float) -> tuple[str, int]:
        answer = client.put("/api/ratings/12", json={"rating": stars}, headers=headers)
        assert answer.json().items() >= {"movie_id": 12, "rating": stars}.items()
        return answer.json()["rated_at"], _revision(application, jane)

    first, again, other = rate(4.5), rate(4.5), rate(4)
    assert first == again
    assert other[0] > first[0]
    assert (first[1], other[1]) == (1, 2)


def test_unknown_methods_and_addresses_share_a_label(client: TestClient) -> None:
    client.get("/metrics")
    for number in range(5):
        client.request(f"METHOD{number}", "/api/genres")
        client.get(f"/api/nowhere/{number}")
    figures = client.get("/metrics").text
    requests = [line for line in figures.splitlines() if line.startswith("five_films_requests_")]
    assert not [line for line in requests if "METHOD" in line or "nowhere" in line]
    assert [line for line in requests if 'method="(other)"' in line]
    assert [line for line in requests if 'handle="(other)",method="GET",status="404"' in line]


def test_short_addresses_redirect_to_the_documentation(client: TestClient) -> None:
    places = {"/api": "/api/docs", "/docs": "/api/docs", "/redoc": "/api/redoc"}
    for short, place in places.items():
        answer = client.get(short, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (307, place)


def test_guessing_the_old_password_is_throttled_like_a_login(
    client: TestClient,
    application: Application,
    redis_client: Redis,
    headers: dict[str, str],
) -> None:
    serve_with(application, throttle=Throttle(application.services.engine, per_account=2))

    def change(old: str) -> tuple[int, str, bool]:
        answer = client.post(
            "/api/account/password", json={"old": old, "new": NEW}, headers=headers
        )
        waits = 840 < int(answer.headers.get("retry-after", 0)) <= 900
        return answer.status_code, answer.json()["detail"], waits

    wrong = (403, "The old password is wrong.", False)
    locked = (429, "Too many attempts. Try again in 15 minutes.", True)
    assert [change(old) for old in ("x", "y", "z", PASSWORD)] == [wrong, wrong, locked, locked]
    assert client.get("/api/who-am-i", headers=headers).status_code == 200
    log_in = {"username": EMAIL, "password": PASSWORD}
    assert client.post("/api/auth/login", data=log_in).status_code == 429


def _is_sent_home_with_nothing(client: TestClient, place: str) -> bool:
    cookie = {"Cookie": "five_films_session=x; five_films_visitor=y"}
    answer = client.get(place, headers=cookie, follow_redirects=False)
    return (answer.status_code, answer.headers["location"]) == (
        303,
        "/",
    ) and "set-cookie" not in answer.headers


def test_cookies_wait_for_the_start_and_for_the_database(
    client: TestClient, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = ("/auth/session?ticket=x", "/auth/ended")
    progress = start_again(application)
    assert [_is_sent_home_with_nothing(client, place) for place in places] == [True, True]
    progress.films_are_there()
    assert [_is_sent_home_with_nothing(client, place) for place in places] == [False, False]
    serve_with(application, engine=create_engine(NOWHERE))
    assert [_is_sent_home_with_nothing(client, place) for place in places] == [True, True]


def test_readiness_reveals_nothing_about_the_database(
    client: TestClient, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve_with(application, engine=create_engine(NOWHERE))
    ready = client.get("/api/health/ready")
    assert ready.status_code == 503
    assert ready.json()["database"] == {"ok": False, "detail": "not responding"}
    assert ready.json()["model"] == {"ok": False, "detail": "unknown while the database is down"}
    for part in ("films", "hunter2", "example.invalid", "secret", "psycopg"):
        assert part not in ready.text


def test_a_start_that_hangs_is_reported_with_its_stage_and_a_time_to_retry(
    client: TestClient, application: Application
) -> None:
    start_again(application)
    application.progress.stage = Stage("Loading the films")
    answer = client.get("/api/genres")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json() == {"detail": "Starting: Loading the films. Try again in a moment."}


def test_an_sql_error_names_no_values(application: Application) -> None:
    with (
        application.services.engine.connect() as connection,
        pytest.raises(SQLAlchemyError) as error,
    ):
        connection.execute(text("SELECT 1 FROM nowhere WHERE email = :email"), {"email": EMAIL})
    assert "nowhere" in str(error.value)
    assert EMAIL not in str(error.value)
