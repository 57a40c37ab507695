"""The accounts as streamlit-authenticator 0.4.2 expects them: a mapping, read lazily.

The library takes a dict of all accounts, which for 100,000 of them would be 44 MB at each page
run. These mappings support the few operations that its log-in and registration forms use, with one
query each, and reject the rest. They depend on the library's internals, so its version is pinned
and tests/accounts/test_directory.py checks the contract.
"""

from collections.abc import Container, Iterator, MutableMapping
from typing import Any, NoReturn

from sqlalchemy import Engine

from accounts import emails, names, passwords
from accounts.throttle import Throttle
from db.queries import users
from db.queries.users import User

Record = dict[str, Any]


class Credentials(dict[str, Any]):
    """The credentials for `Authenticate`, which can't replace the directory by a copy."""

    def __init__(self, usernames: "LogInDirectory | RegistrationDirectory") -> None:
        super().__init__(usernames=usernames)

    def __setitem__(self, key: str, value: Any) -> None:
        """Ignore the copy with lower-case keys: the directory ignores case."""


class _Directory(MutableMapping[str, Record]):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __bool__(self) -> bool:
        return False  # so that the constructor doesn't iterate over all accounts

    def __iter__(self) -> Iterator[str]:
        self._refuse()

    def __len__(self) -> int:
        self._refuse()

    def __delitem__(self, key: str) -> None:
        self._refuse()

    @staticmethod
    def _refuse() -> NoReturn:
        raise TypeError("the accounts are looked up one by one")

    def _find(self, email: str) -> User | None:
        if not emails.is_valid(email):
            return None
        with self._engine.connect() as connection:
            return users.by_email(connection, emails.normal(email))


class LogInDirectory(_Directory):
    """For the log-in form: every name seems to have an account, so none can be discovered.

    A name without an account gets a hash that nothing matches, so bcrypt takes the same time.
    A lookup asks the throttle first, which may raise `accounts.throttle.LockedError`.
    """

    def __init__(self, engine: Engine, throttle: Throttle, address: str) -> None:
        super().__init__(engine)
        self._throttle = throttle
        self._address = address
        self._asked: dict[str, Record] = {}

    @property
    def tried(self) -> str | None:
        """The name that was typed; None until the form is sent."""
        return next(iter(self._asked), None)

    def __contains__(self, email: object) -> bool:
        return isinstance(email, str)

    def __getitem__(self, email: str) -> Record:
        if email not in self._asked:
            with self._throttle.looking_up(email, self._address):
                user = self._find(email)
            self._asked[email] = {
                "email": email if user is None else user.email,
                "name": "" if user is None else user.name,
                "password": (user and user.password_hash) or passwords.decoy_hash(),
                "logged_in": False,
            }
        return self._asked[email]

    def __setitem__(self, email: str, record: Record) -> None:
        self._refuse()


class RegistrationDirectory(_Directory):
    """For the registration form: looks up an email and creates the account."""

    def __contains__(self, email: object) -> bool:
        return isinstance(email, str) and self._find(email) is not None

    def __getitem__(self, email: str) -> Record:
        raise KeyError(email)

    def __setitem__(self, email: str, record: Record) -> None:
        """Create the account; raise `db.queries.users.EmailTakenError` if the email is taken."""
        name = f"{record['first_name']} {record['last_name']}".strip()
        if not names.is_valid(name):
            raise ValueError(name)
        with self._engine.begin() as connection:
            users.register(
                connection, email=emails.normal(email), name=name, password_hash=record["password"]
            )

    def values(self) -> Any:
        """Return a stand-in for all accounts, whose values "contain" each email that is taken."""
        return [_AnyAccount(self)]


class _AnyAccount:
    def __init__(self, directory: RegistrationDirectory) -> None:
        self._directory = directory

    def values(self) -> Container[object]:
        return self._directory
