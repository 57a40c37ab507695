"""The operations that streamlit-authenticator 0.4.2 uses, on a real database."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from streamlit_authenticator.models import AuthenticationModel
from streamlit_authenticator.utilities import RegisterError

from accounts.authentication import AccountRules
from accounts.directory import Credentials, LogInDirectory, RegistrationDirectory
from accounts.throttle import Throttle
from db.queries import users
from db.queries.users import User

pytestmark = pytest.mark.data_layer


@pytest.fixture
def queries(engine: Engine) -> Iterator[list[str]]:
    """Collect the SQL that is sent during the test."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def _log_in_directory(engine: Engine) -> LogInDirectory:
    return LogInDirectory(engine, Throttle(engine), "192.0.2.1")


def _model(directory: LogInDirectory | RegistrationDirectory) -> AuthenticationModel:
    return AuthenticationModel(Credentials(directory), auto_hash=False, validator=AccountRules())


def test_log_in_costs_one_query(engine: Engine, jane: User, queries: list[str]) -> None:
    model = _model(_log_in_directory(engine))
    queries.clear()
    assert model.login("jane@mail.com", "correct horse battery") is True
    assert len([query for query in queries if "FROM users" in query]) == 1


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("jane@mail.com", "wrong horse battery"),
        ("nobody@mail.com", "correct horse battery"),
        ("' OR 1=1 --", "x"),
        ("x" * 10_000, "x"),
        ("jane@mail.com\0", "correct horse battery"),
    ],
)
def test_wrong_log_ins(engine: Engine, jane: User, email: str, password: str) -> None:
    assert not _model(_log_in_directory(engine)).login(email, password)


def test_each_name_costs_a_password_hash(engine: Engine, jane: User) -> None:
    names = ("jane@mail.com", "nobody@mail.com", "not an email", "")
    stored = [_log_in_directory(engine)[name]["password"] for name in names]
    assert [len(each) for each in stored] == [60] * 4
    assert {each[:7] for each in stored} == {(jane.password_hash or "")[:7]}  # the same cost


def test_registration(engine: Engine) -> None:
    model = _model(RegistrationDirectory(engine))
    model.register_user("Jane", "Doe", "Jane@mail.com", "jane@mail.com", "correct horse", "")
    with engine.connect() as connection:
        user = users.by_email(connection, "jane@mail.com")
    assert user is not None
    assert (user.email, user.name) == ("jane@mail.com", "Jane Doe")
    assert _model(_log_in_directory(engine)).login("jane@mail.com", "correct horse") is True


@pytest.mark.parametrize("email", ["jane@mail.com", "JANE@mail.com", " jane@mail.com "])
def test_taken_email(engine: Engine, jane: User, email: str) -> None:
    model = _model(RegistrationDirectory(engine))
    with pytest.raises(RegisterError, match="taken"):
        model.register_user("", "", email, email, "correct horse", "")


def test_slower_of_two_registrations_fails(engine: Engine, jane: User) -> None:
    directory = RegistrationDirectory(engine)
    record = {"first_name": "", "last_name": "", "password": "$2b$12$x"}
    with pytest.raises(users.EmailTakenError):
        directory["jane@mail.com"] = record
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM users")) == 1


def test_accounts_cannot_be_enumerated(engine: Engine) -> None:
    for directory in (_log_in_directory(engine), RegistrationDirectory(engine)):
        for walk in (list, len, dict):
            with pytest.raises(TypeError, match="one by one"):
                walk(directory)
