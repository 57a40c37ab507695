"""Fixtures for accounts: a user and a throttle."""

import pytest
from sqlalchemy import Engine

from accounts import passwords
from accounts.throttle import Throttle
from db.queries import users
from db.queries.users import User

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Return one password hash for all tests."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def jane(engine: Engine, password_hash: str) -> User:
    """Return jane@mail.com, whose password is "correct horse battery"."""
    with engine.begin() as connection:
        return users.register(
            connection, email="Jane@Mail.com", name="Jane Doe", password_hash=password_hash
        )


@pytest.fixture
def throttle(request: pytest.FixtureRequest, engine: Engine) -> Throttle:
    """Allow 3 failures per account, 5 per address; window: `WINDOW_SECONDS` of the test's file."""
    window: int = request.module.WINDOW_SECONDS
    return Throttle(engine, per_account=3, per_address=5, window_seconds=window)
