"""Accounts that the Walkthrough creates for an audience, distinguished by a signature.

The email's second code is a keyed hash of its first. The key is this database's id, so that
no user can register an address that would be mistaken for one of these and removed.
"""

import hashlib
import hmac
import logging
import re
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine

from accounts import registration
from db.queries import statistics, users
from db.queries.users import EmailTakenError, User

logger = logging.getLogger(__name__)

KEPT = timedelta(days=1)

_EMAIL = re.compile(r"presenter-([0-9a-f]{4})-([0-9a-f]{12})@example\.com")
_LIKE = "presenter-____-____________@example.com"
_TRIES = 5


def register(engine: Engine) -> tuple[User, str]:
    """Register a presenter like any user, and return the account and its random password.

    Parameters
    ----------
    engine : Engine

    Returns
    -------
    tuple of User and str

    Raises
    ------
    db.queries.users.EmailTakenError
        If no free address was found after some tries.
    """
    installation = _installation(engine)
    password = secrets.token_urlsafe(18)
    for left in reversed(range(_TRIES)):
        code = secrets.token_hex(2)
        email = f"presenter-{code}-{_sign(installation, code)}@example.com"
        try:
            return registration.register(
                engine, email=email, password=password, name=f"Presenter {code}"
            ), password
        except EmailTakenError:
            if not left:
                raise
    raise AssertionError  # pragma: no cover - the last try returns or raises


def is_one(engine: Engine, user: User) -> bool:
    """Return whether the Walkthrough, rather than a person, created this account."""
    return _is_signed(_installation(engine), user)


def remove(engine: Engine, user: User) -> None:
    """Delete a presenter with ratings, marks and sessions; ignore any other account."""
    if is_one(engine, user):
        _remove(engine, user)


def remove_old(engine: Engine) -> list[User]:
    """Delete presenters that are older than a day, and return them."""
    installation = _installation(engine)
    with engine.connect() as connection:
        found = users.registered_before(connection, like=_LIKE, age=KEPT)
    old = [user for user in found if _is_signed(installation, user)]
    for user in old:
        _remove(engine, user)
    return old


def _remove(engine: Engine, user: User) -> None:
    with engine.begin() as connection:
        users.delete(connection, user.id)
    logger.info("presenter's account removed: user %d", user.id)


def _installation(engine: Engine) -> UUID:
    with engine.connect() as connection:
        return statistics.installation(connection)


def _is_signed(installation: UUID, user: User) -> bool:
    found = _EMAIL.fullmatch(user.email or "")
    return found is not None and hmac.compare_digest(found[2], _sign(installation, found[1]))


def _sign(installation: UUID, code: str) -> str:
    return hmac.new(installation.bytes, code.encode(), hashlib.sha256).hexdigest()[:12]
