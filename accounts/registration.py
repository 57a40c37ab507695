"""Making an account: one set of rules for the page and the API."""

import logging

from sqlalchemy import Engine

from accounts import emails, names, passwords
from db import users
from db.users import User
from language import Text

logger = logging.getLogger(__name__)


class InvalidAccountError(ValueError):
    """A field won't do; `field` is email, password or name, the text says what to do."""

    def __init__(self, field: str, problem: str) -> None:
        self.field = field
        super().__init__(problem)


def register(engine: Engine, *, email: str, password: str, name: str = "") -> User:
    """Create an account.

    Raises
    ------
    InvalidAccountError
        When a field won't do.
    db.users.EmailTakenError
        When there is an account with this email.
    """
    if not emails.is_valid(email):
        raise InvalidAccountError(
            "email", Text("This is no email address: it should read like name@example.org.")
        )
    if emails.is_reserved(email):
        raise InvalidAccountError(
            "email", Text("This address belongs to a demo account: register with your own.")
        )
    name = " ".join(part for part in name.split(" ") if part)
    if not names.is_valid(name):
        raise InvalidAccountError(
            "name",
            Text(
                "The name is too long ({most_characters} characters at the most) or "
                "has unprintable signs in it.",
                most_characters=names.MOST_CHARACTERS,
            ),
        )
    check_new_password(password)
    with engine.begin() as connection:
        user = users.register(
            connection,
            email=emails.normal(email),
            name=name,
            password_hash=passwords.hashed(passwords.clean(password)),
        )
    logger.info("registered: user %d", user.id)
    return user


def check_new_password(password: str) -> None:
    """Raise InvalidAccountError when a password may not be chosen."""
    problem = passwords.problem(passwords.clean(password))
    if problem is not None:
        raise InvalidAccountError("password", problem)
