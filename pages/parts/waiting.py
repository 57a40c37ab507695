"""What people see while they wait."""

import streamlit as st
from sqlalchemy import Engine

from db.queries import views
from pages.parts import guard
from pages.parts.wording import _, say
from startup import Progress, Services


def until_films(progress: Progress) -> None:
    """Show the stages of the first start until the first films are ready."""
    st.title(_("Five films"))
    st.write(_("The cinema is opening. This takes a few seconds, on the first start only."))
    _stages(progress)


@guard.fragment(run_every=0.5)
def _stages(progress: Progress) -> None:
    if progress.has_films:
        st.rerun()
    stage = progress.stage
    if stage.problem is None:
        st.progress(stage.share or 0.0, text=f"{say(stage.what)} …")
        with st.grid(5, min_column_width=150):
            for _place in range(5):
                st.skeleton(height=260)
    else:
        st.error(
            _(
                "{what} failed: {problem}.\n\nThe app tries again every few seconds, and this "
                "page continues automatically.\n\nIf you run this site: the log (with `make "
                "run`, the terminal) says exactly what is wrong and what to do."
            ).format(what=say(stage.what), problem=say(stage.problem)),
            icon=":material/error:",
        )


@guard.fragment(run_every=1.0)
def until_statistics(engine: Engine) -> None:
    """Show a line until the statistics of the first data load are computed."""
    with engine.connect() as connection:
        is_waiting = views.are_missing(connection)
    if not is_waiting:
        st.rerun()
    st.info(
        _("The statistics are being computed, once after the first load."),
        icon=":material/hourglass_empty:",
    )


@guard.fragment(run_every=1.0)
def until_model(services: Services) -> None:
    """Show a line about the training until personal films are ready."""
    if services.progress.is_done:
        st.rerun()
    stage = services.progress.stage
    is_quick = services.recommender.active().is_quick
    if stage.problem is None:
        st.progress(
            stage.share or 0.0,
            text=_(
                "These films come from a first, quick model. Better ones follow when "
                "training is done."
            )
            if is_quick
            else _("Popular films for now. Personal ones follow when training is done."),
        )
        return
    words = (
        _(
            "These films come from a first, quick model: {problem}. Training is retried "
            "automatically."
        )
        if is_quick
        else _("Popular films for now: {problem}. Training is retried automatically.")
    )
    st.warning(words.format(problem=say(stage.problem)), icon=":material/hourglass:")
