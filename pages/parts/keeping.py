"""Choices that are stored for whoever made them."""

import logging
from collections.abc import Callable

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from accounts.rate_limits import TooOftenError
from monitoring.errors import first_line
from pages.parts import identity
from startup import Services

logger = logging.getLogger("pages")


def keep(
    services: Services,
    what: str,
    *,
    for_visitor: Callable[[str], None],
    for_user: Callable[[Connection, int], None],
) -> bool:
    """Store a choice of the current person.

    Parameters
    ----------
    services : Services
    what : str
        What is chosen, for the log.
    for_visitor : callable
        Stores it for the visitor with this token.
    for_user : callable
        Stores it for the user with this ID.

    Returns
    -------
    bool
        False if it couldn't be stored; the choice still applies to this visit.
    """
    user = identity.current_user()
    try:
        identity.note_rating(services, user)
        if user is None:
            for_visitor(identity.visitor(services.settings))
        else:
            with services.engine.begin() as connection:
                for_user(connection, user.id)
    except TooOftenError:
        return False
    except SQLAlchemyError as error:
        logger.warning("%s could not be kept: %s", what, first_line(error))
        return False
    return True
