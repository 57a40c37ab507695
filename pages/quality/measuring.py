"""Small evaluations, run by the app itself or started by administrators on the page."""

import logging

import streamlit as st

from db.queries.evaluations import KeptEvaluation
from db.queries.locks import BusyError
from i18n.language import Text
from pages.parts import access, guard, identity
from pages.parts.text import plain
from pages.parts.wording import _, number, say
from recsys.evaluation.background import Evaluator
from startup import Services

logger = logging.getLogger("pages")


def is_under_way(evaluator: Evaluator) -> bool:
    """Return whether this app is running an evaluation."""
    progress = evaluator.progress
    return progress is not None and not progress.is_over


@guard.fragment(run_every=1.0)
def watch(services: Services) -> None:
    """Show the evaluation's progress; redraw the page when it ends."""
    if not is_under_way(services.evaluator):
        st.rerun()
    progress = services.evaluator.progress
    if progress is not None:
        st.progress(
            progress.share,
            text=_("A small evaluation is running: {what}. You can close this page.").format(
                what=say(progress.what)
            ),
        )


def about(evaluation: KeptEvaluation) -> None:
    """Say if an evaluation was a small one."""
    if evaluation.results.get("is_small"):
        st.info(
            _(
                "A small evaluation that the app ran by itself: {people} people, one seed, "
                "compared with popularity only. `make evaluate` measures everyone and "
                "compares with other models."
            ).format(people=number(evaluation.results["people"])),
            icon=":material/science:",
        )


def left_out(evaluation: KeptEvaluation) -> None:
    """Say which models couldn't be measured, and why."""
    reasons = [
        f"{say(name)} ({say(Text(why['text'], **why['values']))})"
        for name, why in evaluation.results.get("left_out", {}).items()
    ]
    if reasons:
        st.caption(_("Left out: {models}.").format(models=plain("; ".join(reasons), 500)))


def button(services: Services) -> None:
    """Show administrators a button that starts one, and why the last one failed."""
    if not access.may(identity.current_user(), "admin"):
        return
    progress = services.evaluator.progress
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
        on_click=guard.callback(_begin, services),
    )


def _begin(services: Services) -> None:
    user = access.require(services.settings, "admin")
    try:
        services.evaluator.begin()
    except BusyError:
        return  # the page shows its progress
    logger.info("a small evaluation begun by user %d", user.id)
