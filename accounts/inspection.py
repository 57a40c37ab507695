"""Whose ratings an analyst may inspect: the data set's users, and registered ones by setting."""

from sqlalchemy import Connection

from config import Settings
from db.queries import users
from db.queries.users import FIRST_REGISTERED, ROLES, User
from i18n.language import Text

_GREATEST = 2**31 - 1  # the column's maximum


class NotShownError(RuntimeError):
    """The viewer may not inspect a user; the text says why."""


def sees_registered(viewer: User, settings: Settings) -> bool:
    """Return whether a viewer may inspect users who registered here.

    An analyst may if `INSPECT_REGISTERED` is on, but not with a demo account, which is shared.
    """
    is_analyst = ROLES.index(viewer.role) >= ROLES.index("analyst")
    return settings.inspect_registered and is_analyst and not viewer.is_demo


def person(connection: Connection, viewer: User, number: int, settings: Settings) -> User | None:
    """Return the user with this id for an analyst to inspect; None if there is none.

    Parameters
    ----------
    connection : Connection
    viewer : User
    number : int
        The user's id.
    settings : Settings

    Returns
    -------
    User or None

    Raises
    ------
    NotShownError
        For an id of users who registered here, whether it exists or not.
    """
    if number > _GREATEST:
        return None
    if number >= FIRST_REGISTERED and not sees_registered(viewer, settings):
        raise NotShownError(
            Text(
                "Numbers from {first} belong to people who registered here. A demo account, "
                "which anybody can use, sees only the people of the data set.",
                first=str(FIRST_REGISTERED),
            )
            if viewer.is_demo
            else Text(
                "Numbers from {first} belong to people who registered here. They are shown "
                "only if the setting INSPECT_REGISTERED is on.",
                first=str(FIRST_REGISTERED),
            )
        )
    return users.by_id(connection, number)
