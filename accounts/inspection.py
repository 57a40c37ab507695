"""Whose ratings an analyst may look at: the data set's people's, and hardly anybody else's."""

from sqlalchemy import Connection

from config import Settings
from db.queries import users
from db.queries.users import FIRST_REGISTERED, ROLES, User
from i18n.language import Text

_GREATEST = 2**31 - 1  # that the column can hold


class NotShownError(RuntimeError):
    """Somebody may not look at a person; the text says why."""


def sees_registered(viewer: User, settings: Settings) -> bool:
    """Whether somebody may look at people who registered here, and didn't come with the data set.

    An analyst may, where `INSPECT_REGISTERED` is on; not by a demo account, which is everybody's.
    """
    is_analyst = ROLES.index(viewer.role) >= ROLES.index("analyst")
    return settings.inspect_registered and is_analyst and not viewer.is_demo


def person(connection: Connection, viewer: User, number: int, settings: Settings) -> User | None:
    """The person of this number, to be looked at by an analyst; None where there is none.

    Raises
    ------
    NotShownError
        For a number of people who registered here, whether there is one of it or not.
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
