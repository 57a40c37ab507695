"""The Walkthrough: steps for an audience, each a real action with one button."""

import logging

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from accounts.login import WrongLogInError
from accounts.registration import InvalidAccountError
from accounts.sessions import AccountChangedError
from accounts.throttle import LockedError
from config import Settings
from db.queries.users import EmailTakenError
from monitoring.errors import first_line
from pages.parts import guard, waiting
from pages.parts.wording import _, ngettext, say
from pages.walkthrough import story
from pages.walkthrough.steps import STEPS
from pages.walkthrough.story import CannotGoOnError
from startup import Services

logger = logging.getLogger("pages")

_SAID = "walkthrough_said"
_PROBLEM = "walkthrough_problem"


def show(services: Services) -> None:
    """Show the current step, or the notes about it."""
    if st.query_params.get("notes"):
        st.title(_("Speaker notes"))
        st.caption(
            _(
                "These notes follow the Walkthrough in this browser's other window. A clicker "
                "works here, too."
            )
        )
        _notes(services.settings)
    else:
        _present(services)


def _do(services: Services, step: int, *numbers: int) -> None:
    """Run these steps and stay at `step`: right after Next a browser may still send the last."""
    _go_to(step)
    try:
        story.in_order(services, [(number, STEPS[number].do) for number in numbers])
    except (
        CannotGoOnError,
        InvalidAccountError,
        EmailTakenError,
        WrongLogInError,
        AccountChangedError,
        LockedError,
    ) as error:
        st.session_state[_PROBLEM] = say(error)
    except SQLAlchemyError as error:
        logger.error("a step of the walkthrough failed: %s", first_line(error))
        st.session_state[_PROBLEM] = _("The database is not responding at the moment. Try again.")


def _reset(services: Services) -> None:
    try:
        st.session_state[_SAID] = story.reset(services)
    except SQLAlchemyError as error:
        logger.error("the walkthrough could not be reset: %s", first_line(error))
        st.session_state[_PROBLEM] = _(
            "The database is not responding at the moment, so nothing was reset. Try again."
        )
    else:
        _go_to(1)


def _go_to(number: int) -> None:
    st.session_state.step = number


def _show_what_was_said() -> None:
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        st.error(problem, icon=":material/error:")
    said = st.session_state.pop(_SAID, None)
    if said is not None:
        st.success(said, icon=":material/restart_alt:")


def _buttons(services: Services, number: int) -> None:
    """Show Back, the step's own button and Next; emphasise what is still to do."""
    results = story.current(services.settings).results
    is_done = number in results
    missing = [each for each in STEPS[number].depends_on if each not in results]
    with st.container(horizontal=True, key="onwards"):
        st.button(
            _("Back"),
            key="back",
            icon=":material/arrow_back:",
            disabled=number == 1,
            on_click=guard.callback(_go_to, number - 1),
        )
        if missing:
            st.button(
                _("Do the earlier steps first"),
                key="before",
                type="primary",
                icon=":material/fast_forward:",
                on_click=guard.callback(_do, services, number, *missing),
            )
        else:
            st.button(
                _(STEPS[number].button),
                key=f"do-{number}",
                type="secondary" if is_done else "primary",
                icon=":material/check:" if is_done else ":material/play_arrow:",
                disabled=is_done,
                on_click=guard.callback(_do, services, number, number),
            )
        st.button(
            _("Next"),
            key="next",
            icon=":material/arrow_forward:",
            type="primary" if is_done else "secondary",
            disabled=number == len(STEPS),
            on_click=guard.callback(_go_to, number + 1),
        )


def _show_step(services: Services, number: int) -> None:
    step, results = STEPS[number], story.current(services.settings).results
    st.header(
        _("{number} of {steps}: {heading}").format(
            number=number, steps=len(STEPS), heading=_(step.heading)
        )
    )
    st.write(_(step.told))
    if step.ask is not None:
        step.ask(services)
    _buttons(services, number)
    missing = [each for each in step.depends_on if each not in results]
    if missing:
        st.info(
            ngettext(
                "This step builds on step {steps}, which has not been done yet.",
                "This step builds on steps {steps}, which have not been done yet.",
                len(missing),
            ).format(steps=", ".join(map(str, missing))),
            icon=":material/fast_rewind:",
        )
    if number in results:
        with st.container(key="result"):
            step.show(services, results[number])


def _present(services: Services) -> None:
    st.title(_("Walkthrough"))
    if "step" not in st.session_state and "step" not in st.query_params:
        _go_to(story.current(services.settings).step)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.pills(
            _("Step"),
            list(STEPS),
            default=1,
            required=True,
            key="step",
            bind="query-params",
        )
        st.link_button(
            _("Speaker notes"),
            "/walkthrough?notes=true",
            icon=":material/speaker_notes:",
            help=_("Opens in a separate window that follows this one."),
        )
        st.button(
            _("Reset"),
            key="reset",
            icon=":material/restart_alt:",
            on_click=guard.callback(_reset, services),
        )
    number = story.current(services.settings).step = (
        chosen or 1
    )  # an empty step in the address means none
    if not services.progress.is_done:
        waiting.until_model(services)
    with st.container(key="stage"):
        _show_what_was_said()
        _show_step(services, number)
    st.caption(
        _(
            "Each button does the real thing with the current data; Reset removes what it "
            "created. A clicker works, too: Page Down, an arrow key or the space bar moves "
            "on, Page Up goes back."
        )
    )


@guard.fragment(run_every=1.0)
def _notes(settings: Settings) -> None:
    """Show the notes of the step that the other window shows."""
    number = story.current(settings).step
    step, next_step = STEPS[number], STEPS.get(number + 1)
    with st.container(key="speaker"):
        st.header(
            _("{number} of {steps}: {heading}").format(
                number=number, steps=len(STEPS), heading=_(step.heading)
            )
        )
        st.write(_(step.notes))
        if next_step is not None:
            st.caption(_("Next: {heading}").format(heading=_(next_step.heading)))
