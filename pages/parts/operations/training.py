"""Training a model from the page: started, watched by whoever looks, and how the last ones ended.

The training is the app's, not the page's: it goes on when the page is closed.
"""

import logging
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

import startup
from db import trainings
from db.locks import BusyError
from db.trainings import Training
from db.users import User
from pages.parts.text import plain

logger = logging.getLogger("pages")

PLACE = "the Operations page"
_REFUSED = "training_refused"


def button(user: User) -> None:
    """Train now; greyed out while a training is under way."""
    st.button(
        "Train now",
        type="primary",
        icon=":material/model_training:",
        key="train",
        disabled=_is_under_way(),
        help="A new model on all ratings there are now, served when it is done.",
        on_click=_begin,
        args=(user,),
    )


def show() -> None:
    """The training under way, or how the last one ended; and those before it."""
    if st.session_state.pop(_REFUSED, False):
        st.warning(f"{_said_of(_running())}. Wait until it has ended.", icon=":material/block:")
    if _is_under_way():
        _watch()
        return
    with startup.current().engine.connect() as connection:
        last = trainings.listed(connection)
    _how_it_ended(last[0] if last else None)
    if last:
        expander = st.expander(
            "The last trainings", icon=":material/history:", key="trainings", on_change="rerun"
        )
        if expander.open:
            with expander:
                _table(last)


def _begin(user: User) -> None:
    if _running() is not None:
        st.session_state[_REFUSED] = True
        return
    try:
        startup.current().trainer.begin(PLACE, user.id)
    except BusyError:
        st.session_state[_REFUSED] = True
    else:
        logger.info("training begun by user %d", user.id)


@st.fragment(run_every=1.0)
def _watch() -> None:
    if not _is_under_way():
        st.rerun()
    progress, running = startup.current().trainer.progress, _running()
    if progress is None or progress.is_over:
        st.info(
            f"{_said_of(running)}. How far it is, its own app knows alone.",
            icon=":material/model_training:",
        )
        return
    box = st.status(f"Training: {progress.what}. This page may be closed meanwhile.", expanded=True)
    box.progress(progress.share)  # not in a with-statement, whose end would call it complete
    box.caption(f"{_said_of(running)}.")


def _how_it_ended(last: Training | None) -> None:
    progress = startup.current().trainer.progress
    if progress is not None and progress.problem is not None:
        st.error(
            f"The last training failed: {plain(progress.problem, 500)}. The model that was served "
            "still is.",
            icon=":material/error:",
        )
    elif last is not None and last.ended_at is not None and last.problem is None:
        minutes = (last.ended_at - last.started_at).total_seconds() / 60
        st.caption(
            f"The last training, begun {plain(_begun(last))}, ended "
            f"{last.ended_at.astimezone(UTC):%-d %B at %H:%M} UTC after {minutes:.1f} minutes with "
            f"model {last.model_version}."
        )
    elif last is not None:
        st.error(
            f"The last training, begun {plain(_begun(last))}, failed: "
            f"{plain(_ending(last), 500)}. The model that was served still is.",
            icon=":material/error:",
        )


def _table(last: list[Training]) -> None:
    st.dataframe(
        pd.DataFrame(
            {
                "begun": each.started_at,
                "by": _begun(each),
                "seconds": None
                if each.ended_at is None
                else (each.ended_at - each.started_at).total_seconds(),
                "ending": _ending(each),
            }
            for each in last
        ),
        key="trainings_table",
        hide_index=True,
        column_config={
            "begun": st.column_config.DatetimeColumn(
                "Begun (UTC)", format="YYYY-MM-DD HH:mm", timezone="UTC"
            ),
            "by": st.column_config.TextColumn("How"),
            "seconds": st.column_config.NumberColumn("Seconds", format="%.0f", width="small"),
            "ending": st.column_config.TextColumn("How it ended", width="large"),
        },
    )


def _ending(training: Training) -> str:
    if training.problem is not None:
        return training.problem
    if training.ended_at is None:
        return "its process was killed before the end"
    return f"model {training.model_version}"


def _begun(training: Training) -> str:
    who = "" if training.email is None else f"by {training.email} "
    return f"{who}from {training.started_from}"


def _said_of(running: Training | None) -> str:
    if running is None:
        return "A training has just been begun here"
    seconds = (datetime.now(UTC) - running.started_at).total_seconds()
    return (
        f"A training is under way, begun {plain(_begun(running))} at "
        f"{running.started_at.astimezone(UTC):%H:%M:%S} UTC, {seconds:.0f} seconds ago"
    )


def _running() -> Training | None:
    with startup.current().engine.connect() as connection:
        return trainings.running(connection)


def _is_under_way() -> bool:
    progress = startup.current().trainer.progress
    return (progress is not None and not progress.is_over) or _running() is not None
