"""What people see when something fails."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from db.connection import unavailable
from pages.parts.wording import _, say

logger = logging.getLogger("pages")
_faults = unavailable.Once(logger, "a page and the database")


@contextmanager
def are_told() -> Iterator[None]:
    """Show errors raised inside; for pages and, because they run alone, for fragments."""
    try:
        yield
    except SQLAlchemyError as error:
        _database_away(error)
    except Exception:
        logger.exception("a page failed")
        _failed()


def _database_away(error: SQLAlchemyError) -> None:
    """Show that the database is unavailable, and a button to try again."""
    _faults.failed(error)
    st.error(
        say(unavailable.in_words(error)) + " " + _("Nothing you did before is lost."),
        icon=":material/cloud_off:",
    )
    st.button(_("Try again"), icon=":material/refresh:", type="primary")


def _failed() -> None:
    """Show that Five Films has a bug, and a button to try again."""
    st.error(
        _("Something went wrong on our side. The error has been logged."), icon=":material/error:"
    )
    st.button(_("Try again"), icon=":material/refresh:", type="primary")
