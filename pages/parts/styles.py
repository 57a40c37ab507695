"""Styles: how much popularity counts; chosen above the films, stored, and kept in the address."""

import logging

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from accounts.rate_limits import TooOftenError
from db.queries import users
from db.queries.users import User
from monitoring.errors import first_line
from pages.parts import guard, identity
from pages.parts.wording import N_, _
from recsys.models.styles import STYLES, Style
from recsys.serving.lists import style_of
from startup import Services

logger = logging.getLogger("pages")

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


def ask(services: Services, user: User | None) -> Style:
    """Ask for the style of one's lists: from the address, else as stored; store a choice."""
    usual = style_of(user, identity.guest_ratings(services, user))
    return _control(usual, key=_IN_ADDRESS, kept_by=services)


def look(usual: Style) -> Style:
    """Ask for a style to view lists in: from the address, else the default; store nothing."""
    return _control(usual, key="look", kept_by=None)


def _control(usual: Style, *, key: str, kept_by: Services | None) -> Style:
    named = _of_address() or usual
    if st.session_state.get(key, named) != named:
        st.session_state[key] = named  # the browser went back
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


def _choose(*, key: str, kept_by: Services | None) -> None:
    """Put a choice into the address, and store it for the current person."""
    chosen: Style = st.session_state[key]
    st.query_params[_IN_ADDRESS] = chosen
    if kept_by is None:
        return
    user = identity.current_user()
    try:
        identity.note_rating(kept_by, user)
        if user is None:
            kept_by.guests.put_style(identity.visitor(kept_by.settings), chosen)
        else:
            with kept_by.engine.begin() as connection:
                users.set_style(connection, user.id, chosen)
    except TooOftenError:
        pass  # it still applies to this visit
    except SQLAlchemyError as error:
        logger.warning("a style could not be kept: %s", first_line(error))
