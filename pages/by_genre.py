"""By genre: five films of genres that are picked or typed."""

from dataclasses import replace

import streamlit as st

from pages.parts import filters, guard, identity, lists, opinions, styles, wording
from pages.parts.text import plain
from pages.parts.wording import _
from recsys.data.genres import UnknownGenre
from recsys.models.styles import Style
from recsys.serving.filters import Filters
from startup import Services


def _pick() -> None:
    st.session_state.typed = ""


def _type() -> None:
    st.session_state.genre = []


def _correct(genre: str) -> None:
    st.session_state.typed = ""
    st.session_state.genre = [genre]


@guard.fragment()  # as on For you
def show(services: Services) -> None:
    """Ask for a genre and show five of its films."""
    st.title(_("Five films of a genre"))
    available = services.recommender.genres()
    wording.understand("genre", available)
    with st.container(border=True):
        picked = st.pills(
            _("Pick a genre, or several"),
            available,
            format_func=wording.genre,
            selection_mode="multi",
            key="genre",
            on_change=guard.callback(_pick),
            bind="query-params",
        )
        match_all = filters.any_or_all(picked)
        typed = st.text_input(
            _("… or type one"),
            key="typed",
            placeholder=_("sci fi"),
            max_chars=100,
            on_change=guard.callback(_type),
            icon=":material/search:",
            bind="query-params",
        ).strip()
    wanted = (typed,) if typed else tuple(picked)
    user = identity.current_user()
    guest_ratings = identity.guest_ratings(services, user)
    stored = services.recommender.stored_filters(user, guest_ratings)
    with st.container(key="films"):
        with st.container(horizontal=True, vertical_alignment="center"):
            chosen = replace(
                filters.ask(services, stored, with_genres=False),
                genres=wanted,
                match_all=match_all,
            )
            style = styles.ask(services, user, guest_ratings)
            opinions.notice(services)
        if wanted:
            _films(services, typed, chosen, style)
        else:
            st.info(
                _("Pick a genre above or type one to get five films."),
                icon=":material/arrow_upward:",
            )


def _films(services: Services, typed: str, chosen: Filters, style: Style) -> None:
    user = identity.current_user()
    try:
        lists.show(services, user, identity.guest_ratings(services, user), chosen, style)
    except UnknownGenre as error:
        lists.say_unknown_genre(typed, error)
        if error.did_you_mean:
            st.button(
                _("Did you mean {genre}?").format(genre=plain(wording.genre(error.did_you_mean))),
                key="did_you_mean",
                type="primary",
                on_click=guard.callback(_correct, error.did_you_mean),
            )
