"""An account to test with."""

import pytest
from sqlalchemy import Engine

from accounts import passwords
from db import users
from db.users import User

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def password_hash() -> str:
    """One hash for all tests: each costs a quarter of a second."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def jane(engine: Engine, password_hash: str) -> User:
    """jane@mail.com, whose password is "correct horse battery"."""
    with engine.begin() as connection:
        return users.register(
            connection, email="Jane@Mail.com", name="Jane Doe", password_hash=password_hash
        )
