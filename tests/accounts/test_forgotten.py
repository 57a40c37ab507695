"""Forgotten passwords: links, and operators."""

import pytest
from sqlalchemy import Engine, text

from accounts import account, forgotten, sessions
from accounts.account import DemoAccountError
from accounts.forgotten import UnknownAccountError, UsedLinkError, new_link, set_by_link
from accounts.login import LockedError, WrongLogInError, check_password
from accounts.registration import InvalidAccountError
from accounts.throttle import MOST_PER_ACCOUNT, Throttle
from db.queries.users import User
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.data_layer

NEW = "an even finer sentence"


def _ask(engine: Engine, email: str, address: str = "192.0.2.1") -> None:
    forgotten.ask_for_link(engine, email=email, address=address, language="en")


def _check(engine: Engine, password: str) -> User:
    return check_password(
        engine, Throttle(engine), email="jane@mail.com", password=password, address="192.0.2.1"
    )


def test_link_sets_the_password_and_ends_all_sessions(engine: Engine, jane: User) -> None:
    session = sessions.open_session(engine, jane, days=1)
    changed = set_by_link(engine, token=new_link(engine, jane), new=f" {NEW} ")
    assert sessions.user_of(engine, session) is None
    assert _check(engine, NEW) == changed
    with pytest.raises(WrongLogInError):
        _check(engine, PASSWORD)


def test_link_unlocks_the_account(engine: Engine, jane: User) -> None:
    for _ in range(MOST_PER_ACCOUNT):
        with pytest.raises(WrongLogInError):
            _check(engine, "wrong")
    with pytest.raises(LockedError):
        _check(engine, PASSWORD)
    set_by_link(engine, token=new_link(engine, jane), new=NEW)
    assert _check(engine, NEW).id == jane.id


@pytest.mark.parametrize(
    ("new", "again", "fields"),
    [
        ("short", None, ["new"]),
        ("jane@mail.com", None, ["new"]),
        (NEW, "another one", ["again"]),
        ("short", "another one", ["new", "again"]),
    ],
)
def test_link_is_left_after_a_password_that_is_not_allowed(
    engine: Engine, jane: User, new: str, again: str | None, fields: list[str]
) -> None:
    token = new_link(engine, jane)
    with pytest.raises(InvalidAccountError) as error:
        set_by_link(engine, token=token, new=new, again=again)
    assert list(error.value.problems) == fields
    assert set_by_link(engine, token=token, new=NEW, again=NEW).id == jane.id


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE password_links SET ends_at = now() - interval '1 second'",
        "UPDATE users SET is_demo = true",
        "DELETE FROM users WHERE email = 'jane@mail.com'",
    ],
)
def test_link_that_has_ended(engine: Engine, jane: User, spoil: str) -> None:
    token = new_link(engine, jane)
    with engine.begin() as connection:
        connection.execute(text(spoil))
    with pytest.raises(UsedLinkError):
        set_by_link(engine, token=token, new=NEW)


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "x" * 100_000])
def test_link_that_never_was(engine: Engine, jane: User, token: str) -> None:
    with pytest.raises(UsedLinkError):
        set_by_link(engine, token=token, new=NEW)


def test_change_of_password_ends_the_link(engine: Engine, jane: User) -> None:
    token = new_link(engine, jane)
    account.change_password(engine, jane, old=PASSWORD, new=NEW)
    with pytest.raises(UsedLinkError):
        forgotten.owner_of_link(engine, token)


def test_table_has_no_token(engine: Engine, jane: User) -> None:
    token = new_link(engine, jane)
    assert len(token) == 43, "256 bits in base64"
    with engine.connect() as connection:
        (stored,) = connection.execute(text("SELECT password_links::text FROM password_links"))
    assert token not in stored[0]
    assert token.encode().hex() not in stored[0]


def test_requests_are_counted_by_email_and_address_known_or_not(engine: Engine, jane: User) -> None:
    for email in ("jane@mail.com", "joe@mail.com"):
        for _ in range(forgotten.MOST_MAILS_PER_ACCOUNT):
            _ask(engine, email)
        with pytest.raises(LockedError):
            _ask(engine, email)
        with pytest.raises(LockedError):
            _ask(engine, email, address="198.51.100.1")
    assert _check(engine, PASSWORD) == jane, "log-ins are counted apart"
    for n in range(forgotten.MOST_MAILS_PER_ADDRESS):
        _ask(engine, f"{n}@mail.com", address="203.0.113.1")
    with pytest.raises(LockedError):
        _ask(engine, "other@mail.com", address="203.0.113.1")


@pytest.mark.parametrize("email", ["", "jane", "jane@mail.com\0", "\ud800", "x" * 100_000])
def test_what_can_be_no_email(engine: Engine, email: str) -> None:
    with pytest.raises(InvalidAccountError, match="should look like"):
        _ask(engine, email)


def test_operator_sets_a_password(engine: Engine, jane: User) -> None:
    session = sessions.open_session(engine, jane, days=1)
    token = new_link(engine, jane)
    assert forgotten.set_by_operator(engine, email=" JANE@mail.com ", new=NEW) == 1
    assert sessions.user_of(engine, session) is None
    assert _check(engine, NEW).id == jane.id
    with pytest.raises(UsedLinkError):
        forgotten.owner_of_link(engine, token)


def test_operator_is_refused(engine: Engine, jane: User) -> None:
    with pytest.raises(UnknownAccountError):
        forgotten.set_by_operator(engine, email="joe@mail.com", new=NEW)
    with pytest.raises(InvalidAccountError, match="at least 8"):
        forgotten.set_by_operator(engine, email="jane@mail.com", new="short")
    with engine.begin() as connection:
        connection.execute(text("UPDATE users SET is_demo = true"))
    with pytest.raises(DemoAccountError):
        forgotten.set_by_operator(engine, email="jane@mail.com", new=NEW)
