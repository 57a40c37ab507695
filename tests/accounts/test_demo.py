"""Demo accounts exist only while the setting is on."""

import logging
from typing import Any

import pytest
from sqlalchemy import Engine, text

from accounts import passwords, sessions
from accounts.demo import sync_demo_accounts
from accounts.registration import InvalidAccountError, register
from config import Settings
from db.queries import users
from db.queries.users import User

pytestmark = pytest.mark.data_layer

DATABASE = "postgresql://films@db/films"
PUBLIC = {"public_url": "https://films.example.org"}


@pytest.fixture
def raters(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO users (id) VALUES (1), (195)"))


def test_every_rater_can_log_in(engine: Engine, settings: Settings, raters: None) -> None:
    sync_demo_accounts(engine, settings)
    with engine.connect() as connection:
        rater = users.by_email(connection, "test195@mail.com")
    assert rater is not None
    assert (rater.id, rater.is_demo, rater.role) == (195, True, "analyst")
    assert passwords.matches("test", rater.password_hash)


def test_later_rater_can_log_in_too(engine: Engine, settings: Settings) -> None:
    for number in (1, 195):
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO users (id) VALUES (:id)"), {"id": number})
        sync_demo_accounts(engine, settings)
        with engine.connect() as connection:
            rater = users.by_email(connection, f"test{number}@mail.com")
        assert rater is not None
        assert passwords.matches("test", rater.password_hash)


def test_accounts_are_closed_when_switched_off(
    engine: Engine, settings: Settings, raters: None, jane: User
) -> None:
    sync_demo_accounts(engine, settings)
    with engine.connect() as connection:
        rater = users.by_email(connection, "test195@mail.com")
    assert rater is not None
    token = sessions.open_session(engine, rater, days=30)

    sync_demo_accounts(engine, settings.model_copy(update={"demo_accounts": False}))

    assert sessions.user_of(engine, token) is None
    with engine.connect() as connection:
        assert users.by_email(connection, "test195@mail.com") is None
        closed = users.by_id(connection, 195)
        assert closed is not None
        assert closed.role == "user"
        assert users.by_email(connection, "jane@mail.com") == jane


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"database_url": None}, True),
        ({"database_url": "postgresql://films@db/films"}, False),
        ({"database_url": "postgresql://films@db/films", "demo_accounts": True}, True),
        ({"database_url": None, "demo_accounts": False}, False),
        ({"database_url": DATABASE, "published_at": "127.0.0.1:8501"}, True),
        ({"database_url": DATABASE, "published_at": "[::1]:8501"}, True),
        ({"database_url": DATABASE, "published_at": "8501"}, False),
        ({"database_url": DATABASE, "published_at": "0.0.0.0:8501"}, False),
        ({"database_url": DATABASE, "published_at": "0.0.0.0:8501", "demo_accounts": True}, True),
        ({"database_url": DATABASE, "published_at": "127.0.0.1:8501"} | PUBLIC, False),
    ],
)
def test_on_by_default_only_without_outside_access(given: dict[str, Any], expected: bool) -> None:
    assert Settings(_env_file=None, **given).has_demo_accounts is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, 1),
        ({"demo_accounts": None, "database_url": None}, 0),
        ({"demo_accounts": None}, 0),
        ({"demo_accounts": False}, 0),
        ({"published_at": "0.0.0.0:8501"}, 1),
        ({"published_at": "127.0.0.1:8501"}, 0),
        ({"published_at": "127.0.0.1:8501"} | PUBLIC, 1),
    ],
)
def test_log_warns_of_demo_accounts_in_an_external_database(
    engine: Engine,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    given: dict[str, Any],
    expected: int,
) -> None:
    sync_demo_accounts(engine, settings.model_copy(update=given))
    warnings = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert len(warnings) == expected
    assert len([each for each in warnings if "DEMO_ACCOUNTS" in each.getMessage()]) == expected


def test_registered_address_is_skipped(
    engine: Engine, settings: Settings, raters: None, caplog: pytest.LogCaptureFixture
) -> None:
    """Register a demo address as was possible before they were reserved; no start may fail."""
    with engine.begin() as connection:
        squatter = users.register(
            connection, email="test195@mail.com", name="", password_hash="hash"
        )
    for _start in range(2):
        sync_demo_accounts(engine, settings)
    with engine.connect() as connection:
        assert users.by_email(connection, "test195@mail.com") == squatter
        other = users.by_email(connection, "test1@mail.com")
        assert other is not None
        assert other.is_demo
    assert [each.getMessage() for each in caplog.records if "addresses" in each.getMessage()] == [
        "demo accounts: 1 raters have none because their addresses, "
        "test<number>@mail.com, are taken by registered users"
    ] * 2


@pytest.mark.parametrize("email", ["test195@mail.com", " TEST1@Mail.com", "test0@mail.com"])
def test_registration_with_a_demo_address_is_refused(engine: Engine, email: str) -> None:
    with pytest.raises(InvalidAccountError, match="belongs to a demo account") as refused:
        register(engine, email=email, password="correct horse battery")
    assert list(refused.value.problems) == ["email"]
    assert register(engine, email="test@mail.com", password="correct horse battery").id
