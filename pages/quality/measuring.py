"""A small evaluation, which the app makes by itself and administrators begin from the page."""

import logging

import streamlit as st

import startup
from db.queries.evaluations import KeptEvaluation
from db.queries.locks import BusyError
from pages.parts import access, guard, identity
from pages.parts.text import plain
from pages.parts.wording import _, number, say

logger = logging.getLogger("pages")


def is_under_way() -> bool:
    """Whether this app is evaluating."""
    progress = startup.current().evaluator.progress
    return progress is not None and not progress.is_over


@guard.fragment(run_every=1.0)
def watch() -> None:
    """How far the evaluation has come; the page is drawn anew once it is over."""
    if not is_under_way():
        st.rerun()
    progress = startup.current().evaluator.progress
    if progress is not None:
        st.progress(
            progress.share,
            text=_("A small evaluation is running: {what}. You can close this page.").format(
                what=say(progress.what)
            ),
        )


def about(evaluation: KeptEvaluation) -> None:
    """Say that an evaluation was a small one, if it was."""
    if evaluation.results.get("is_small"):
        st.info(
            _(
                "A small evaluation that the app ran by itself: {people} people, one seed, "
                "compared with popularity only. `make evaluate` measures everyone and "
                "compares with other models."
            ).format(people=number(evaluation.results["people"])),
            icon=":material/science:",
        )


def button() -> None:
    """Begin one, for an administrator; and why the last one failed."""
    if not access.may(identity.current_user(), "admin"):
        return
    progress = startup.current().evaluator.progress
    if progress is not None and progress.problem is not None:
        st.error(
            _("The last evaluation failed: {problem}").format(
                problem=plain(say(progress.problem), 500)
            ),
            icon=":material/error:",
        )
    st.button(
        _("Measure now"),
        key="measure",
        icon=":material/science:",
        help=_(
            "Runs a small evaluation, which takes a few minutes at most. The app keeps running."
        ),
        on_click=guard.callback(_begin),
    )


def _begin() -> None:
    user = access.require("admin")
    try:
        startup.current().evaluator.begin()
    except BusyError:
        return  # the page shows how far it is
    logger.info("a small evaluation begun by user %d", user.id)
