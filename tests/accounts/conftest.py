"""An account to test with."""

from uuid import uuid4

import pytest
from redis import Redis
from sqlalchemy import Engine

from accounts import passwords
from accounts.throttle import Throttle
from db import users
from db.users import User

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def password_hash() -> str:
    """One hash for all tests."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def jane(engine: Engine, password_hash: str) -> User:
    """jane@mail.com, whose password is "correct horse battery"."""
    with engine.begin() as connection:
        return users.register(
            connection, email="Jane@Mail.com", name="Jane Doe", password_hash=password_hash
        )


@pytest.fixture(params=["with Redis", "without Redis"])
def throttle(request: pytest.FixtureRequest, redis_client: Redis, dead_redis: Redis) -> Throttle:
    """Three failures an account, five an address; for `WINDOW_SECONDS` of the test's file."""
    redis = redis_client if request.param == "with Redis" else dead_redis
    window: int = request.module.WINDOW_SECONDS
    return Throttle(redis, uuid4(), per_account=3, per_address=5, window_seconds=window)
