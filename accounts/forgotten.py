"""New passwords for people who have forgotten theirs: by a link, or by an operator."""

import logging
from datetime import timedelta

from sqlalchemy import Engine

from accounts import emails
from accounts.account import DemoAccountError, problems_of_new, replace_password
from accounts.registration import NOT_AN_EMAIL, InvalidAccountError
from accounts.sessions import AccountChangedError, new_token, token_hash
from accounts.throttle import Throttle
from db.queries import mails, password_links, users
from db.queries.users import User
from i18n.language import Language, Text

logger = logging.getLogger(__name__)

LINK_MINUTES = 30
MOST_MAILS_PER_ACCOUNT = 3
MOST_MAILS_PER_ADDRESS = 20
WINDOW_SECONDS = 60 * 60


class UnknownAccountError(LookupError):
    """There is no account with this email."""


class UsedLinkError(ValueError):
    """A link has expired, was used or replaced, or never existed."""

    def __init__(self) -> None:
        super().__init__(Text("This link has expired, or it has been used. Ask for a new one."))


def ask_for_link(engine: Engine, *, email: str, address: str, language: Language) -> bool:
    """Have a link sent to an email, if there is an account with it.

    Parameters
    ----------
    engine : Engine
    email : str
        As typed.
    address : str
        The network address that the request comes from.
    language : Language
        Of the mail, for an account that has chosen none.

    Returns
    -------
    bool
        Whether mails can be sent at the moment. As everything here, it doesn't depend on whether
        there is an account.

    Raises
    ------
    accounts.registration.InvalidAccountError
        If this can't be an email.
    accounts.throttle.LockedError
        After too many requests for this email or from this address.
    """
    if not emails.is_valid(email):
        raise InvalidAccountError({"email": NOT_AN_EMAIL})
    throttle = Throttle(
        engine,
        what="mails",
        per_account=MOST_MAILS_PER_ACCOUNT,
        per_address=MOST_MAILS_PER_ADDRESS,
        window_seconds=WINDOW_SECONDS,
    )
    throttle.begin(email, address)
    with engine.begin() as connection:
        mails.add(connection, email=emails.normal(email), kind="forgotten", language=language)
        return not mails.number_failed(connection)


def new_link(engine: Engine, user: User) -> str:
    """Store a link in place of the user's former one, and return its token."""
    token = new_token()
    with engine.begin() as connection:
        password_links.create(
            connection,
            token_hash=token_hash(token),
            user_id=user.id,
            lasts=timedelta(minutes=LINK_MINUTES),
        )
    return token


def owner_of_link(engine: Engine, token: str) -> User:
    """Return the account whose password a link sets.

    Parameters
    ----------
    engine : Engine
    token : str
        As in the link.

    Returns
    -------
    User

    Raises
    ------
    UsedLinkError
    """
    with engine.connect() as connection:
        user = password_links.owner(connection, token_hash(token))
    if user is None or user.is_demo:
        raise UsedLinkError
    return user


def set_by_link(engine: Engine, *, token: str, new: str, again: str | None = None) -> User:
    """Use a link up: set a new password, end all sessions and unlock the account.

    Parameters
    ----------
    engine : Engine
    token : str
    new : str
        As typed.
    again : str, optional
        The new password as repeated in a form.

    Returns
    -------
    User
        The user, ready for a new session.

    Raises
    ------
    UsedLinkError
    accounts.registration.InvalidAccountError
        If the new password isn't allowed, or differs from `again`. The link can still be used.
    """
    user = owner_of_link(engine, token)
    try:
        changed, ended = _set(engine, user, new, again=again, tells_owner=True)
    except AccountChangedError:  # another request has used it
        raise UsedLinkError from None
    logger.info("password set by a link, %d sessions ended: user %d", ended, user.id)
    return changed


def set_by_operator(engine: Engine, *, email: str, new: str, tells_owner: bool = False) -> int:
    """Set an account's password without the old one, end its sessions and unlock it.

    Parameters
    ----------
    engine : Engine
    email : str
    new : str
        As typed.
    tells_owner : bool
        Whether a mail tells the account's owner.

    Returns
    -------
    int
        The number of sessions that were ended.

    Raises
    ------
    UnknownAccountError
    DemoAccountError
        For a demo account.
    accounts.registration.InvalidAccountError
        If the new password isn't allowed.
    accounts.sessions.AccountChangedError
        If the password was changed at the same moment.
    """
    user = None
    if emails.is_valid(email):
        with engine.connect() as connection:
            user = users.by_email(connection, emails.normal(email))
    if user is None:
        raise UnknownAccountError
    if user.is_demo:
        raise DemoAccountError
    _, ended = _set(engine, user, new, tells_owner=tells_owner)
    logger.info("password set by an operator, %d sessions ended: user %d", ended, user.id)
    return ended


def _set(
    engine: Engine, user: User, new: str, *, again: str | None = None, tells_owner: bool
) -> tuple[User, int]:
    """Set a password without the old one, if it is allowed, and unlock the account."""
    problems = problems_of_new(user, new, again=again)
    if problems:
        raise InvalidAccountError(problems)
    changed, ended = replace_password(engine, user, new, tells_owner=tells_owner)
    Throttle(engine).unlock(user.email or "")
    return changed, ended
