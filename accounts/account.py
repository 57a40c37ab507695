"""What people do with their own account: change the password, see what is known, leave."""

import logging
from typing import Any

from sqlalchemy import Engine

from accounts import passwords
from accounts.login import WrongLogInError
from accounts.registration import InvalidAccountError, check_new_password
from accounts.sessions import token_hash
from accounts.throttle import Throttle
from db import sessions, users
from db.sessions import Session
from db.users import User
from language import Text

logger = logging.getLogger(__name__)


class DemoAccountError(RuntimeError):
    """Demo accounts are everybody's: their password stays and they can't be deleted."""

    def __init__(self) -> None:
        super().__init__(Text("This is a demo account, which others use too: it stays as it is."))


class NotConfirmedError(InvalidAccountError):
    """What was typed to confirm isn't the account's email."""

    def __init__(self) -> None:
        super().__init__("confirm", Text("That is not your email: nothing was deleted."))


def change_password(
    engine: Engine,
    user: User,
    *,
    old: str,
    new: str,
    throttle: Throttle | None = None,
    address: str = "local",
) -> User:
    """Set a new password, and end all sessions everywhere.

    With a throttle, a wrong old password counts like a failed log-in: a page that somebody left
    open is no way to guess without end.

    Returns
    -------
    User
        The person, fit for a new session.

    Raises
    ------
    accounts.login.WrongLogInError
        When the old password is wrong, or was replaced meanwhile.
    accounts.registration.InvalidAccountError
        When the new one may not be chosen, or is the old one.
    accounts.throttle.LockedError
        After too many wrong ones.
    DemoAccountError
        For a demo account.
    """
    if user.is_demo or user.email is None:
        raise DemoAccountError
    check_new_password(new)
    if throttle is not None:
        throttle.begin(user.email, address)
    if not passwords.matches(passwords.clean(old), user.password_hash):
        logger.warning("password change refused, wrong password: user %d", user.id)
        raise WrongLogInError
    if throttle is not None:
        throttle.note_success(user.email, address)
    if passwords.clean(new) == passwords.clean(old):
        raise InvalidAccountError(
            "password", Text("The new password is the old one: take another.")
        )
    new_hash = passwords.hashed(passwords.clean(new))
    with engine.begin() as connection:
        changed = users.set_password(
            connection, user.id, old_hash=user.password_hash, new_hash=new_hash
        )
        ended = 0 if changed is None else sessions.end_all(connection, user.id)
    if changed is None:
        raise WrongLogInError
    logger.info("password changed, %d sessions ended: user %d", ended, user.id)
    return changed


def export(engine: Engine, user: User) -> dict[str, Any]:
    """All that is known about somebody, as JSON can hold it; no hashes, no tokens."""
    with engine.connect() as connection:
        return users.everything_about(connection, user.id)


def delete(engine: Engine, user: User) -> None:
    """Remove an account with its ratings and sessions; lists in the cache are forgotten too.

    A cached list can't be asked for without the account, whose number is never given again, and
    is gone from Redis within a day.

    Raises
    ------
    DemoAccountError
        For a demo account.
    """
    if user.is_demo or user.email is None:
        raise DemoAccountError
    with engine.begin() as connection:
        users.delete(connection, user.id)
    logger.info("account deleted: user %d", user.id)


def sessions_of(engine: Engine, user: User, token: str | None) -> list[Session]:
    """Somebody's open sessions, the newest first; `token` tells which one is asking."""
    with engine.connect() as connection:
        return sessions.of_user(connection, user.id, token_hash(token or ""))


def end_other_sessions(engine: Engine, user: User, token: str | None) -> int:
    """Log out everywhere but here; how many sessions ended."""
    with engine.begin() as connection:
        ended = sessions.end_all(connection, user.id, but=token_hash(token or ""))
    logger.info("%d other sessions ended: user %d", ended, user.id)
    return ended
