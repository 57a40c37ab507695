"""Styles: how much popularity counts; chosen above the films, stored, and kept in the address."""

import streamlit as st

from db.queries import users
from db.queries.users import User
from pages.parts import guard, keeping
from pages.parts.choice import follow_address
from pages.parts.wording import N_, _
from recsys.models.styles import STYLES, Style
from recsys.serving.guests import GuestRatings
from recsys.serving.lists import style_of
from startup import Services

_IN_ADDRESS = "style"
_LABELS: dict[Style, str] = {
    "popular": N_("Well-known"),
    "balanced": N_("Balanced"),
    "adventurous": N_("Adventurous"),
}
ABOUT: dict[Style, str] = {
    "popular": N_("Films that many people like."),
    "balanced": N_("Your taste first, known and less known films alike."),
    "adventurous": N_("Films that few people have discovered yet."),
}


def name(style: Style) -> str:
    """Return a style's name."""
    return _(_LABELS[style])


def ask(services: Services, user: User | None, guest_ratings: GuestRatings) -> Style:
    """Ask for the style of one's lists: from the address, else as stored; store a choice."""
    return _control(style_of(user, guest_ratings), key=_IN_ADDRESS, kept_by=services)


def look(usual: Style) -> Style:
    """Ask for a style to view lists in: from the address, else the default; store nothing."""
    return _control(usual, key="look", kept_by=None)


def _control(usual: Style, *, key: str, kept_by: Services | None) -> Style:
    named = _of_address() or usual
    follow_address(key, named)
    with st.container(
        horizontal=True, vertical_alignment="center", width="content", key="how_known"
    ):
        chosen = (
            st.segmented_control(
                _("How well known"),
                STYLES,
                default=named,
                format_func=name,
                required=True,
                key=key,
                label_visibility="collapsed",
                on_change=guard.callback(_choose, key=key, kept_by=kept_by),
            )
            or usual
        )
        st.caption(_(ABOUT[chosen]), width="content")
    return chosen


def _of_address() -> Style | None:
    asked = st.query_params.get(_IN_ADDRESS)
    return next((style for style in STYLES if style == asked), None)


def put(services: Services, chosen: Style) -> None:
    """Put a choice into the address, and store it for the current person."""
    st.query_params[_IN_ADDRESS] = chosen
    keeping.keep(
        services,
        "a style",
        for_visitor=lambda visitor: services.guests.put_style(visitor, chosen),
        for_user=lambda connection, user_id: users.set_style(connection, user_id, chosen),
    )


def _choose(*, key: str, kept_by: Services | None) -> None:
    chosen: Style = st.session_state[key]
    if kept_by is None:
        st.query_params[_IN_ADDRESS] = chosen
    else:
        put(kept_by, chosen)
