"""What people do with their own account: change the password, see what is known, leave."""

import logging
from typing import Any

from sqlalchemy import Engine

from accounts import passwords
from accounts.login import WrongLogInError
from accounts.registration import InvalidAccountError
from accounts.sessions import token_hash
from accounts.throttle import Throttle
from db.queries import sessions, users
from db.queries.sessions import Session
from db.queries.users import User
from i18n.language import Text

logger = logging.getLogger(__name__)


class DemoAccountError(RuntimeError):
    """Demo accounts are everybody's: their password stays and they can't be deleted."""

    def __init__(self) -> None:
        super().__init__(Text("This is a shared demo account, so it can't be changed."))


def change_password(
    engine: Engine,
    user: User,
    *,
    old: str,
    new: str,
    again: str | None = None,
    throttle: Throttle | None = None,
    address: str = "local",
) -> User:
    """Set a new password, and end all sessions everywhere.

    With a throttle, a wrong old password counts like a failed log-in: a page that somebody left
    open is no way to guess without end. `again` is the new one as a form has it typed once more.

    Returns
    -------
    User
        The person, fit for a new session.

    Raises
    ------
    accounts.login.WrongLogInError
        When the old password alone is wrong, or was replaced meanwhile.
    accounts.registration.InvalidAccountError
        When the new one may not be chosen, is the old one, or was typed in two ways; a wrong old
        one is among what it names.
    accounts.throttle.LockedError
        After too many wrong ones.
    DemoAccountError
        For a demo account.
    """
    if user.is_demo or user.email is None:
        raise DemoAccountError
    problems: dict[str, str] = {}
    unfit = passwords.problem(passwords.clean(new), email=user.email, name=user.name)
    if unfit is not None:
        problems["new"] = unfit
    elif passwords.clean(new) == passwords.clean(old):
        problems["new"] = Text("The new password is the same as the old one. Choose another.")
    if again not in (None, new):
        problems["again"] = Text("The two new passwords differ. Type the same one twice.")
    try:
        _check_password(user, user.email, old, throttle, address, what="password change")
    except WrongLogInError:
        if not problems:
            raise
        problems = {"old": Text("That is not your current password."), **problems}
    if problems:
        raise InvalidAccountError(problems)
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


def delete(
    engine: Engine,
    user: User,
    *,
    confirm: str,
    password: str,
    throttle: Throttle | None = None,
    address: str = "local",
) -> None:
    """Remove an account with its ratings and sessions; lists in the cache are forgotten too.

    With a throttle, a wrong password counts like a failed log-in. A cached list can't be asked
    for without the account, whose number is never given again, and is gone from Redis within a day.

    Raises
    ------
    accounts.registration.InvalidAccountError
        When `confirm` isn't the account's email; a wrong password is named beside it.
    accounts.login.WrongLogInError
        When the password alone is wrong.
    accounts.throttle.LockedError
        After too many wrong ones.
    DemoAccountError
        For a demo account.
    """
    if user.is_demo or user.email is None:
        raise DemoAccountError
    problems: dict[str, str] = {}
    if confirm.strip().lower() != user.email:
        problems["confirm"] = Text("That is not your email address. Nothing was deleted.")
    try:
        _check_password(user, user.email, password, throttle, address, what="removal")
    except WrongLogInError:
        if not problems:
            raise
        problems["password"] = Text("That is not your password. Nothing was deleted.")
    if problems:
        raise InvalidAccountError(problems)
    with engine.begin() as connection:
        users.delete(connection, user.id)
    logger.info("account deleted: user %d", user.id)


def _check_password(
    user: User, email: str, typed: str, throttle: Throttle | None, address: str, *, what: str
) -> None:
    """A session alone, which may be stolen or left open, doesn't prove who somebody is."""
    if throttle is not None:
        throttle.begin(email, address)
    if not passwords.matches(passwords.clean(typed), user.password_hash):
        logger.warning("%s refused, wrong password: user %d", what, user.id)
        raise WrongLogInError
    if throttle is not None:
        throttle.note_success(email, address)


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
