"""Training from the page: start it, watch it, and see how earlier ones ended.

The training belongs to the app, not the page: it continues when the page is closed.
"""

import logging
from datetime import UTC, datetime

import pandas as pd
import streamlit as st
from sqlalchemy import Engine

from db.queries import trainings
from db.queries.locks import BusyError
from db.queries.trainings import Training
from pages.parts import access, guard
from pages.parts.text import plain
from pages.parts.wording import N_, _, moment, number, say
from recsys.training.supervisor import Trainer
from startup import Services

logger = logging.getLogger("pages")

PLACE = N_("the Operations page")
_REFUSED = "training_refused"


def button(services: Services) -> None:
    """Show a button that trains now, disabled during a training."""
    st.button(
        _("Train now"),
        type="primary",
        icon=":material/model_training:",
        key="train",
        disabled=_is_under_way(services),
        help=_("Trains a new model on all current ratings and serves it when done."),
        on_click=guard.callback(_begin, services),
    )


def show(services: Services) -> None:
    """Show the current training or the outcome of the last one, and earlier ones."""
    if st.session_state.pop(_REFUSED, False):
        st.warning(
            _("{said_of}. Wait until it has finished.").format(
                said_of=_said_of(_running(services.engine))
            ),
            icon=":material/block:",
        )
    if _is_under_way(services):
        _watch(services)
        return
    with services.engine.connect() as connection:
        last = trainings.listed(connection)
    _how_it_ended(services.trainer, last[0] if last else None)
    if last:
        expander = st.expander(
            _("Recent trainings"), icon=":material/history:", key="trainings", on_change="rerun"
        )
        if expander.open:
            with expander:
                _table(last)


def _begin(services: Services) -> None:
    user = access.require(services.settings, "admin")
    if _running(services.engine) is not None:
        st.session_state[_REFUSED] = True
        return
    try:
        services.trainer.begin(PLACE, user.id)
    except BusyError:
        st.session_state[_REFUSED] = True
    else:
        logger.info("training begun by user %d", user.id)


@guard.fragment(run_every=1.0)
def _watch(services: Services) -> None:
    if not _is_under_way(services):
        st.rerun()
    progress, running = services.trainer.progress, _running(services.engine)
    if progress is None or progress.is_over:
        st.info(
            _("{said_of}. Only the app that started it knows its progress.").format(
                said_of=_said_of(running)
            ),
            icon=":material/model_training:",
        )
        return
    box = st.status(
        _("Training: {what}. You can close this page.").format(what=say(progress.what)),
        expanded=True,
    )
    box.progress(progress.share)  # not in a with statement, whose end would mark it complete
    box.caption(f"{_said_of(running)}.")


def _how_it_ended(trainer: Trainer, last: Training | None) -> None:
    progress = trainer.progress
    if progress is not None and progress.problem is not None:
        st.error(
            _("The last training failed: {problem}. The previous model stays in service.").format(
                problem=plain(say(progress.problem), 500)
            ),
            icon=":material/error:",
        )
    elif last is not None and last.ended_at is not None and last.problem is None:
        minutes = (last.ended_at - last.started_at).total_seconds() / 60
        st.caption(
            _(
                "The last training, started {begun}, finished {ended} UTC after {minutes} "
                "min with model {model_version}."
            ).format(
                begun=plain(_begun(last)),
                ended=moment(last.ended_at.astimezone(UTC), "d MMMM, HH:mm"),
                minutes=number(minutes, ".1f"),
                model_version=last.model_version,
            )
        )
    elif last is not None:
        st.error(
            _(
                "The last training, started {begun}, failed: {ending}. The previous model "
                "stays in service."
            ).format(begun=plain(_begun(last)), ending=plain(_ending(last), 500)),
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
        alt=_("Recent trainings and their outcomes"),
        hide_index=True,
        placeholder="–",
        column_config={
            "begun": st.column_config.DatetimeColumn(
                _("Started (UTC)"), format="YYYY-MM-DD HH:mm", timezone="UTC"
            ),
            "by": st.column_config.TextColumn(_("Started")),
            "seconds": st.column_config.NumberColumn(_("Seconds"), format="%.0f", width="small"),
            "ending": st.column_config.TextColumn(_("Outcome"), width="large"),
        },
    )


def _ending(training: Training) -> str:
    if training.problem is not None:
        return say(training.problem)
    if training.ended_at is None:
        return _("its process was killed")
    return _("model {number}").format(number=training.model_version)


def _begun(training: Training) -> str:
    place = say(training.started_from)
    if training.email is None:
        return _("from {place}").format(place=place)
    return _("by {email} from {place}").format(email=training.email, place=place)


def _said_of(running: Training | None) -> str:
    if running is None:
        return _("A training has just been started here")
    seconds = (datetime.now(UTC) - running.started_at).total_seconds()
    return _("A training is running, started {begun} at {time} UTC, {seconds} s ago").format(
        begun=plain(_begun(running)),
        time=f"{running.started_at.astimezone(UTC):%H:%M:%S}",
        seconds=number(seconds, ".0f"),
    )


def _running(engine: Engine) -> Training | None:
    with engine.connect() as connection:
        return trainings.running(connection)


def _is_under_way(services: Services) -> bool:
    progress = services.trainer.progress
    return (progress is not None and not progress.is_over) or _running(services.engine) is not None
