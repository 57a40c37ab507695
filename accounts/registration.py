"""Registration: one set of rules for the page and the API."""

import logging
from collections.abc import Mapping

from sqlalchemy import Engine

from accounts import emails, names, passwords
from db.queries import users
from db.queries.users import EmailTakenError, User
from i18n.language import Text

logger = logging.getLogger(__name__)

TAKEN = Text("There is already an account with this email. Log in instead, or use another address.")


NOT_AN_EMAIL = Text("This is not an email address. It should look like name@example.org.")


class InvalidAccountError(ValueError):
    """Fields are invalid; `problems` has what to do for each field, by name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        first, *others = self.problems.values()
        super().__init__(" ".join((first, *others)) if others else first)


def register(engine: Engine, *, email: str, password: str, name: str = "") -> User:
    """Create an account.

    Parameters
    ----------
    engine : Engine
    email : str
    password : str
    name : str

    Returns
    -------
    User

    Raises
    ------
    InvalidAccountError
        If fields are invalid; it names all of them.
    db.queries.users.EmailTakenError
        If there is an account with this email.
    """
    found = problems(engine, email=email, password=password, name=name)
    if found == {"email": TAKEN}:
        raise EmailTakenError(email)
    if found:
        raise InvalidAccountError(found)
    with engine.begin() as connection:
        user = users.register(
            connection,
            email=emails.normal(email),
            name=names.clean(name),
            password_hash=passwords.hashed(passwords.clean(password)),
        )
    logger.info("registered: user %d", user.id)
    return user


def problems(engine: Engine, *, email: str, password: str, name: str) -> dict[str, str]:
    """Return what is wrong with the fields of a new account, by name; empty if all are valid."""
    found: dict[str, str] = {}
    if not emails.is_valid(email):
        found["email"] = NOT_AN_EMAIL
    elif emails.is_reserved(email):
        found["email"] = Text("This address belongs to a demo account. Register with your own.")
    elif _is_taken(engine, email):
        found["email"] = TAKEN
    if not names.is_valid(names.clean(name)):
        found["name"] = Text(
            "The name is too long ({most_characters} characters at most) or contains "
            "characters that can't be printed.",
            most_characters=names.MOST_CHARACTERS,
        )
    unfit = passwords.problem(passwords.clean(password), email=email, name=name)
    if unfit is not None:
        found["password"] = unfit
    return found


def _is_taken(engine: Engine, email: str) -> bool:
    with engine.connect() as connection:
        return users.by_email(connection, emails.normal(email)) is not None
