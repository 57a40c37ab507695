"""What users do with their own account: change the password, export their data, delete it."""

import logging
from typing import Any

from sqlalchemy import Engine

from accounts import passwords
from accounts.login import WrongLogInError
from accounts.registration import InvalidAccountError
from accounts.sessions import AccountChangedError, token_hash
from accounts.throttle import Throttle
from db.queries import mails, password_links, sessions, users
from db.queries.sessions import Session
from db.queries.users import User
from i18n.language import Text

logger = logging.getLogger(__name__)


class DemoAccountError(RuntimeError):
    """A demo account is shared: its password can't be changed and it can't be deleted."""

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
    tells_owner: bool = False,
) -> User:
    """Set a new password and end all sessions everywhere.

    Parameters
    ----------
    engine : Engine
    user : User
    old : str
        The current password.
    new : str
    again : str, optional
        The new password as repeated in a form.
    throttle : Throttle, optional
        Counts a wrong old password like a failed log-in, so that a page left open can't be used
        to guess it.
    address : str
        The network address that the attempt comes from.
    tells_owner : bool
        Whether a mail tells the account's owner.

    Returns
    -------
    User
        The user, ready for a new session.

    Raises
    ------
    accounts.login.WrongLogInError
        If only the old password is wrong, or it has just been replaced.
    accounts.registration.InvalidAccountError
        If the new password isn't allowed, is the same as the old one, or differs from `again`; it
        names a wrong old password too.
    accounts.throttle.LockedError
        After too many wrong passwords.
    DemoAccountError
        For a demo account.
    """
    if user.is_demo or user.email is None:
        raise DemoAccountError
    problems = problems_of_new(user, new, old=old, again=again)
    try:
        _check_password(user, user.email, old, throttle, address, what="password change")
    except WrongLogInError:
        if not problems:
            raise
        problems = {"old": Text("That is not your current password."), **problems}
    if problems:
        raise InvalidAccountError(problems)
    try:
        changed, ended = replace_password(engine, user, new, tells_owner=tells_owner)
    except AccountChangedError:
        raise WrongLogInError from None
    logger.info("password changed, %d sessions ended: user %d", ended, user.id)
    return changed


def problems_of_new(
    user: User, new: str, *, old: str | None = None, again: str | None = None
) -> dict[str, str]:
    """Return what is wrong with a user's new password, by the fields of a form.

    Parameters
    ----------
    user : User
    new : str
        As typed, as are the others.
    old : str, optional
        The password that it must differ from.
    again : str, optional
        The new password as repeated in a form.

    Returns
    -------
    dict
        Empty if it is allowed.
    """
    problems: dict[str, str] = {}
    unfit = passwords.problem(passwords.clean(new), email=user.email or "", name=user.name)
    if unfit is not None:
        problems["new"] = unfit
    elif old is not None and passwords.clean(new) == passwords.clean(old):
        problems["new"] = Text("The new password is the same as the old one. Choose another.")
    if again not in (None, new):
        problems["again"] = Text("The two new passwords differ. Type the same one twice.")
    return problems


def replace_password(
    engine: Engine, user: User, new: str, *, tells_owner: bool
) -> tuple[User, int]:
    """Store a password that is allowed, and end the account's sessions and links.

    Parameters
    ----------
    engine : Engine
    user : User
    new : str
        The new password, as typed.
    tells_owner : bool
        Whether a mail tells the account's owner.

    Returns
    -------
    tuple of User and int
        The user, ready for a new session, and the number of sessions that were ended.

    Raises
    ------
    accounts.sessions.AccountChangedError
        If the account was deleted or its password changed after `user` was read.
    """
    new_hash = passwords.hashed(passwords.clean(new))
    with engine.begin() as connection:
        changed = users.set_password(
            connection, user.id, old_hash=user.password_hash, new_hash=new_hash
        )
        if changed is None or changed.email is None:
            raise AccountChangedError
        password_links.delete(connection, user.id)
        if tells_owner:
            language = user.language or "en"
            mails.add(connection, email=changed.email, kind="changed", language=language)
        return changed, sessions.end_all(connection, user.id)


def export(engine: Engine, user: User) -> dict[str, Any]:
    """Return everything stored about a user in a form for JSON, without hashes and tokens."""
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
    """Delete an account with its ratings and sessions.

    Cached lists can't be requested without the account, whose id is never reused, and expire from
    Redis within a day.

    Parameters
    ----------
    engine : Engine
    user : User
    confirm : str
        The account's email, typed for confirmation.
    password : str
    throttle : Throttle, optional
        Counts a wrong password like a failed log-in.
    address : str
        The network address that the attempt comes from.

    Raises
    ------
    accounts.registration.InvalidAccountError
        If `confirm` isn't the account's email; it names a wrong password too.
    accounts.login.WrongLogInError
        If only the password is wrong.
    accounts.throttle.LockedError
        After too many wrong passwords.
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
    """Check the password again: a session, which may be stolen or left open, proves too little."""
    if throttle is not None:
        throttle.begin(email, address)
    if not passwords.matches(passwords.clean(typed), user.password_hash):
        logger.warning("%s refused, wrong password: user %d", what, user.id)
        raise WrongLogInError
    if throttle is not None:
        throttle.note_success(email, address)


def sessions_of(engine: Engine, user: User, token: str | None) -> list[Session]:
    """Return a user's open sessions, newest first; `token` identifies the current one."""
    with engine.connect() as connection:
        return sessions.of_user(connection, user.id, token_hash(token or ""))


def end_other_sessions(engine: Engine, user: User, token: str | None) -> int:
    """End all sessions but the current one and return how many."""
    with engine.begin() as connection:
        ended = sessions.end_all(connection, user.id, but=token_hash(token or ""))
    logger.info("%d other sessions ended: user %d", ended, user.id)
    return ended
