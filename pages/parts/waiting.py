"""What people see while they wait, and when something does not work."""

import streamlit as st

import startup


def until_films() -> None:
    """The stages of the first start, until the first films can be shown."""
    st.title("Five films")
    st.write("The cinema is opening. This takes some seconds at the first start only.")
    _stages()


@st.fragment(run_every=0.5)
def _stages() -> None:
    application = startup.current()
    if application.has_films:
        st.rerun()
    stage = application.stage
    if stage.problem is None:
        st.progress(stage.share or 0.0, text=f"{stage.what} …")
        with st.grid(5, min_column_width=150):
            for _ in range(5):
                st.skeleton(height=260)
    else:
        st.error(
            f"{stage.what} doesn't work yet: {stage.problem}\n\nIt is tried again every few "
            "seconds; this page goes on by itself.",
            icon=":material/error:",
        )


@st.fragment(run_every=1.0)
def until_model() -> None:
    """A line about the training, until personal films can be shown."""
    application = startup.current()
    if application.is_done:
        st.rerun()
    stage = application.stage
    if stage.problem is None:
        st.progress(
            stage.share or 0.0,
            text="Popular films for now. Personal ones come when the training is done.",
        )
    else:
        st.warning(
            f"Popular films for now: {stage.problem}. It is tried again by itself.",
            icon=":material/hourglass:",
        )


def database_away() -> None:
    """The database doesn't answer: say so, offer to try again."""
    st.error(
        "The database doesn't answer at the moment. Nothing you did before is lost.",
        icon=":material/cloud_off:",
    )
    st.button("Try again", icon=":material/refresh:", type="primary")


def failed() -> None:
    """A fault of ours: say so, offer to try again."""
    st.error("Something went wrong on our side. It has been noted.", icon=":material/error:")
    st.button("Try again", icon=":material/refresh:", type="primary")
