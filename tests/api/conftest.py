"""Fixtures: the API on a small catalogue, with real PostgreSQL and Redis."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from accounts import sessions
from api import browser_sessions, downloads
from api.application import middleware
from api.application import routes as api_routes
from db.queries import users
from startup import Application


@pytest.fixture
def copied_database(database_of_films: str) -> str:
    """Return the small catalogue's database, with its model."""
    return database_of_films


def app_of(application: Application, allowed_origins: Sequence[str] = ()) -> Starlette:
    """Return the API behind the same middleware as in app.py."""
    return Starlette(
        routes=[
            *api_routes(application),
            *browser_sessions.routes(application),
            *downloads.routes(application),
        ],
        middleware=middleware(application, https=True, allowed_origins=allowed_origins),
    )


@pytest.fixture
def client(application: Application) -> Iterator[TestClient]:
    """Yield a client of the API behind the same middleware as in app.py."""
    with TestClient(app_of(application), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def log_in(client: TestClient) -> Callable[..., dict[str, str]]:
    """Return a function that logs in and returns the headers with the token."""

    def _log_in(email: str = "test1@mail.com", password: str = "test") -> dict[str, str]:
        answer = client.post("/api/auth/login", data={"username": email, "password": password})
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    return _log_in


@pytest.fixture
def rater(application: Application) -> dict[str, str]:
    """Return the headers of rater 1, without logging in."""
    with application.services.engine.connect() as connection:
        user = users.by_id(connection, 1)
    assert user is not None
    return {
        "Authorization": f"Bearer {sessions.open_session(application.services.engine, user, 1)}"
    }


@pytest.fixture
def new_user(application: Application) -> dict[str, str]:
    """Return the headers of an account without ratings."""
    with application.services.engine.begin() as connection:
        user = users.register(connection, email="new@mail.com", name="", password_hash="x")
    return {
        "Authorization": f"Bearer {sessions.open_session(application.services.engine, user, 1)}"
    }
