"""Ten steps through the story for an audience; each does the thing for real, with one button."""

import logging

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

import startup
from accounts.login import WrongLogInError
from accounts.registration import InvalidAccountError
from accounts.sessions import AccountChangedError
from accounts.throttle import LockedError
from db.users import EmailTakenError
from pages.parts import waiting
from pages.parts.walkthrough import story
from pages.parts.walkthrough.steps import STEPS
from pages.parts.walkthrough.story import CannotGoOnError
from pages.parts.wording import _, ngettext, say

logger = logging.getLogger("pages")

_SAID = "walkthrough_said"
_PROBLEM = "walkthrough_problem"


def _do(*numbers: int) -> None:
    try:
        story.in_order([(number, STEPS[number].do) for number in numbers])
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
        logger.error("a step of the walkthrough failed: %s", str(error).splitlines()[0])
        st.session_state[_PROBLEM] = _("The database doesn't answer at the moment. Try again.")


def _reset() -> None:
    try:
        st.session_state[_SAID] = story.reset()
    except SQLAlchemyError as error:
        logger.error("the walkthrough could not be reset: %s", str(error).splitlines()[0])
        st.session_state[_PROBLEM] = _(
            "The database doesn't answer at the moment, so nothing was reset. Try again."
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


def _buttons(number: int) -> None:
    """Back, the step's own, next; what is still to be done stands out."""
    results = story.current().results
    is_done = number in results
    missing = [each for each in STEPS[number].needs if each not in results]
    with st.container(horizontal=True, key="onwards"):
        st.button(
            _("Back"),
            key="back",
            icon=":material/arrow_back:",
            disabled=number == 1,
            on_click=_go_to,
            args=(number - 1,),
        )
        if missing:
            st.button(
                _("Do the steps before this first"),
                key="before",
                type="primary",
                icon=":material/fast_forward:",
                on_click=_do,
                args=missing,
            )
        else:
            st.button(
                _(STEPS[number].button),
                key=f"do-{number}",
                type="secondary" if is_done else "primary",
                icon=":material/check:" if is_done else ":material/play_arrow:",
                disabled=is_done,
                on_click=_do,
                args=(number,),
            )
        st.button(
            _("Next"),
            key="next",
            icon=":material/arrow_forward:",
            type="primary" if is_done else "secondary",
            disabled=number == len(STEPS),
            on_click=_go_to,
            args=(number + 1,),
        )


def _show_step(number: int, *, with_notes: bool) -> None:
    step, results = STEPS[number], story.current().results
    st.header(
        _("{number} of {steps}: {heading}").format(
            number=number, steps=len(STEPS), heading=_(step.heading)
        )
    )
    st.write(_(step.told))
    if with_notes:
        with st.container(border=True, key="speaker"):
            st.markdown(_("**Speaker notes.** {notes}").format(notes=_(step.notes)))
    _buttons(number)
    missing = [each for each in step.needs if each not in results]
    if missing:
        st.info(
            ngettext(
                "This step goes on from step {steps}, which has not been done yet.",
                "This step goes on from steps {steps}, which have not been done yet.",
                len(missing),
            ).format(steps=", ".join(map(str, missing))),
            icon=":material/fast_rewind:",
        )
    if number in results:
        with st.container(key="result"):
            step.show(results[number])


st.title(_("Walkthrough"))
st.write(
    _(
        "The story in {steps} steps. Each button does the thing itself, with the data "
        "that is here now; Reset removes what it made."
    ).format(steps=len(STEPS))
)
with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = st.pills(
        _("Step"),
        list(STEPS),
        default=1,
        required=True,
        key="step",
        bind="query-params",
    )
    notes = st.toggle(_("Speaker notes"), key="notes", bind="query-params")
    st.button(
        _("Reset"),
        key="reset",
        icon=":material/restart_alt:",
        on_click=_reset,
    )
if not startup.current().is_done:
    waiting.until_model()
_show_what_was_said()
_show_step(chosen or 1, with_notes=notes)  # an empty step in the address is none
