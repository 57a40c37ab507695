"""A list of five: asked for, shown, and the next five."""

import streamlit as st

import startup
from db.users import User
from pages.parts import cards, seen, waiting
from pages.parts.text import plain
from pages.parts.wording import _, genre_in_text
from recsys.cache import LIST_LENGTH
from recsys.filters import Filters
from recsys.genres import UnknownGenre
from recsys.picks import Picked
from recsys.served import Served
from recsys.styles import Style

FIVE = 5

_HEIGHT = 430


def show(user: User | None, picks: Picked, filters: Filters, style: Style) -> list[int]:
    """Show five films, with a button for the next five; after the last come the first again.

    Returns
    -------
    list of int
        The numbers of the films shown.

    Raises
    ------
    recsys.genres.UnknownGenre
        When no film has a genre that is asked for.
    """
    whose = f"{'stranger' if user is None else user.id}:{style}:{filters.name}"
    is_another = st.session_state.get("list_of") != whose
    if is_another:
        st.session_state.update(list_of=whose, list_start=0)
    start = st.session_state.list_start

    application = startup.current()
    if not application.is_done:
        waiting.until_model()
    place = st.container(key="list")
    # The same list a moment later stays where it is meanwhile.
    with place, st.skeleton(height=_HEIGHT) if is_another else st.empty():
        served = application.recommender.give(
            user,
            picks=picks,
            filters=filters,
            limit=min(start + FIVE + 1, LIST_LENGTH),
            style=style,
        )
    five = served.items[start : start + FIVE]
    if not five:
        st.info(
            _(
                "No film is left that fits and that you haven't told us about. Ask for less under "
                "Filters."
            )
            if filters.name
            else _(
                "No film is left that fits and that you haven't told us about. That is all there "
                "is."
            ),
            icon=":material/filter_alt_off:",
        )
        return []
    with place:
        cards.show(five, user, style, key="five")
    shown = [item.movie_id for item in five]
    seen.shown(
        shown,
        user,
        in_list=whose,
        model_version=served.model_version,
    )
    has_more = start + FIVE < len(served.items)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Five more films") if has_more else _("Back to the first five"),
            icon=":material/casino:" if has_more else ":material/first_page:",
            type="primary",
            key="more",
            on_click=_move_to,
            args=(start + FIVE if has_more else 0,),
        )
        _say_where_from(served)
    return shown


def say_unknown_genre(typed: str, error: UnknownGenre) -> None:
    """There is no such genre; which there are."""
    st.error(
        _("There is no genre “{typed}”. The genres there are: {genres}.").format(
            typed=plain(typed), genres=", ".join(sorted(map(genre_in_text, error.available)))
        ),
        icon=":material/error:",
    )


def _move_to(start: int) -> None:
    st.session_state.list_start = start


def _say_where_from(served: Served) -> None:
    if served.model_version is not None:
        st.badge(
            _("Model {number}").format(number=served.model_version),
            icon=":material/neurology:",
            color="gray",
            help=_("Which trained model chose these films."),
        )
    if not startup.current().recommender.cache.is_available:
        st.badge(
            _("Cache away"),
            icon=":material/cloud_off:",
            color="orange",
            help=_(
                "Redis doesn't answer. Lists are computed at each click, which takes a little "
                "longer; they are the same."
            ),
        )
