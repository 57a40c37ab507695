"""Accounts of the Walkthrough are distinguished from users' own, and only they are removed."""

import pytest
from sqlalchemy import Engine, text

from accounts import passwords, presenters, registration
from db.queries import ratings, users
from db.queries.users import User

pytestmark = pytest.mark.data_layer


def _emails(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT email FROM users ORDER BY id")))


def _age(engine: Engine, *days: str) -> None:
    """Set the ages of accounts, in the order of their creation."""
    with engine.begin() as connection:
        for place, each in enumerate(days):
            connection.execute(
                text(
                    "UPDATE users SET created_at = now() - CAST(:age AS interval) "
                    "WHERE id = 1000000000 + :place"
                ),
                {"age": each, "place": place},
            )


def _lookalike(engine: Engine, user: User) -> User:
    """Register an account with a similar email."""
    email = user.email or ""
    other = "0" if email[16] != "0" else "1"
    return registration.register(
        engine, email=email[:16] + other + email[17:], password="correct horse battery"
    )


def test_presenter_is_an_ordinary_account(engine: Engine, jane: User) -> None:
    user, password = presenters.register(engine)
    assert passwords.matches(password, user.password_hash)
    assert user.name == f"Presenter {(user.email or '')[10:14]}"
    assert presenters.is_one(engine, user)
    assert not presenters.is_one(engine, jane)


def test_addresses_that_would_be_removed_cannot_be_registered(engine: Engine) -> None:
    presenter, _ = presenters.register(engine)
    lookalike = _lookalike(engine, presenter)
    assert not presenters.is_one(engine, lookalike)
    presenters.remove(engine, lookalike)
    assert _emails(engine) == [presenter.email, lookalike.email]


def test_removal_deletes_only_the_presenters_ratings(engine: Engine, jane: User) -> None:
    user, _ = presenters.register(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO movies (id, title) VALUES (1, 'Heat')"))
        for each in (jane, user):
            ratings.put(connection, each.id, 1, 5.0)
    presenters.remove(engine, user)
    presenters.remove(engine, jane)
    assert _emails(engine) == ["jane@mail.com"]
    with engine.connect() as connection:
        assert ratings.count(connection, jane.id) == 1
        assert connection.scalar(text("SELECT count(*) FROM ratings")) == 1
        assert users.by_id(connection, jane.id) is not None


def test_old_presenters_are_removed(engine: Engine, jane: User) -> None:
    old, _ = presenters.register(engine)
    lookalike = _lookalike(engine, old)
    young, _ = presenters.register(engine)
    _age(engine, "9 days", "25 hours", "9 days", "23 hours")  # jane, old, the lookalike, young
    assert [user.id for user in presenters.remove_old(engine)] == [old.id]
    assert _emails(engine) == ["jane@mail.com", lookalike.email, young.email]
    assert presenters.remove_old(engine) == []
