"""What people see while they wait, and when something does not work."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

import startup
from db import outage, views
from pages.parts.wording import _, say

logger = logging.getLogger("pages")
_faults = outage.Once(logger, "a page and the database")


@contextmanager
def faults_are_told() -> Iterator[None]:
    """Say what goes wrong in here; around a page, and in a fragment, which is run without it."""
    try:
        yield
    except SQLAlchemyError as error:
        _database_away(error)
    except Exception:
        logger.exception("a page failed")
        _failed()


def until_films() -> None:
    """The stages of the first start, until the first films can be shown."""
    st.title(_("Five films"))
    st.write(_("The cinema is opening. This takes some seconds at the first start only."))
    _stages()


@st.fragment(run_every=0.5)
def _stages() -> None:
    application = startup.current()
    if application.has_films:
        st.rerun()
    stage = application.stage
    if stage.problem is None:
        st.progress(stage.share or 0.0, text=f"{say(stage.what)} …")
        with st.grid(5, min_column_width=150):
            for _place in range(5):
                st.skeleton(height=260)
    else:
        st.error(
            _(
                "{what} doesn't work yet: {problem}\n\nIt is tried again every few "
                "seconds; this page goes on by itself."
            ).format(what=say(stage.what), problem=say(stage.problem)),
            icon=":material/error:",
        )


@st.fragment(run_every=1.0)
def until_figures() -> None:
    """A line while the figures of the first load are computed, until there are some."""
    with faults_are_told(), startup.current().engine.connect() as connection:
        is_waiting = views.are_missing(connection)
    if not is_waiting:
        st.rerun()
    st.info(
        _("The figures are being computed, which is done once after the first load."),
        icon=":material/hourglass_empty:",
    )


@st.fragment(run_every=1.0)
def until_model() -> None:
    """A line about the training, until personal films can be shown."""
    application = startup.current()
    if application.is_done:
        st.rerun()
    stage = application.stage
    is_quick = application.recommender.active().is_quick
    if stage.problem is None:
        st.progress(
            stage.share or 0.0,
            text=_(
                "Films by a first, quick model for now. Better ones come when the training is done."
            )
            if is_quick
            else _("Popular films for now. Personal ones come when the training is done."),
        )
        return
    words = (
        _("Films by a first, quick model for now: {problem}. It is tried again by itself.")
        if is_quick
        else _("Popular films for now: {problem}. It is tried again by itself.")
    )
    st.warning(words.format(problem=say(stage.problem)), icon=":material/hourglass:")


def _database_away(error: SQLAlchemyError) -> None:
    """The database doesn't do what a page needs: say what is the matter, offer to try again."""
    _faults.failed(error)
    st.error(
        say(outage.in_words(error)) + " " + _("Nothing you did before is lost."),
        icon=":material/cloud_off:",
    )
    st.button(_("Try again"), icon=":material/refresh:", type="primary")


def _failed() -> None:
    """A fault of ours: say so, offer to try again."""
    st.error(_("Something went wrong on our side. It has been noted."), icon=":material/error:")
    st.button(_("Try again"), icon=":material/refresh:", type="primary")
