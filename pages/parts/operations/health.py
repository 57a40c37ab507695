"""Health: every part, and what to do where one isn't well."""

import streamlit as st

import health
import startup
from health import Part


def show() -> None:
    """Each part as a card, and the versions of what runs."""
    app = startup.current()
    found = health.parts(app)
    parts = {"Database": found.database, "Model": found.model, "Cache": found.cache}
    room = health.disk(app)
    if room is not None:
        parts["Disk"] = room
    with st.grid(len(parts), min_column_width=200):
        for name, part in parts.items():
            _card(name, part)
    if app.stage.problem is not None:
        st.error(f"The start can't go on: {app.stage.problem}", icon=":material/error:")
    st.button("Look again", icon=":material/refresh:")
    st.subheader("Versions")
    st.dataframe(
        [{"What": what, "Version": version} for what, version in health.versions(app).items()],
        key="versions",
        hide_index=True,
        height="content",
        width=480,
    )


def _card(name: str, part: Part) -> None:
    with st.container(border=True, height="stretch"):
        if not part.ok:
            sign = ":red[:material/error:]"
        elif part.advice is not None:
            sign = ":orange[:material/warning:]"
        else:
            sign = ":green[:material/check_circle:]"
        st.markdown(f"{sign} **{name}**")
        st.write(part.detail[0].upper() + part.detail[1:] + ".")
        if part.advice is not None:
            st.caption(part.advice)
