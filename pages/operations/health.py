"""Health: each component, and what to do if one fails."""

import streamlit as st

from pages.parts.text import plain
from pages.parts.wording import _, say
from startup import Services, health
from startup.health import Part


def show(services: Services) -> None:
    """Show each component as a card, and the versions in use."""
    found = health.parts(services)
    parts = {
        _("Database"): found.database,
        _("Model"): found.model,
        _("Cache"): found.cache,
    }
    room = health.disk(services.settings)
    if room is not None:
        parts[_("Disk")] = room
    mail = health.mail(services)
    if mail is not None:
        parts[_("Mail")] = mail
    with st.grid(len(parts), min_column_width=200):
        for name, part in parts.items():
            _card(name, part)
    detail = services.progress.stage.detail
    if detail is not None:
        st.error(
            _("The app can't start: {problem}").format(problem=plain(detail, 500)),
            icon=":material/error:",
        )
    st.button(_("Refresh"), icon=":material/refresh:")
    st.subheader(_("Versions"))
    with st.container(key="versions_of_all"):
        st.dataframe(
            [
                {"what": _(what), "version": say(version)}
                for what, version in health.versions(services).items()
            ],
            column_config={"what": _("What"), "version": _("Version")},
            key="versions",
            hide_index=True,
            height="content",
            width=480,
            alt=_("Installed software and versions"),
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
        detail = say(part.detail)
        st.write(detail[:1].upper() + detail[1:] + ".")
        if part.advice is not None:
            st.caption(say(part.advice))
