"""Rating where one stands: stars on a card, and the way back."""

import logging
from dataclasses import dataclass

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

import startup
from db import ratings
from db.movies import Movie
from pages.parts import identity
from pages.parts.text import plain
from recsys.picks import PicksAwayError, TooManyPicksError

logger = logging.getLogger("pages")

_LAST = "last_rating"
_PROBLEM = "rating_problem"


@dataclass(frozen=True)
class _Last:
    """What was done last, to be undone; `before` is None where there was no rating."""

    movie_id: int
    label: str
    stars: float
    before: float | None


def stars(film: Movie) -> None:
    """Five stars to click; the list knows it at once."""
    key = f"stars-{film.id}"
    st.feedback("stars", key=key, on_change=_rate, args=(key, film.id, film.label))


def notice() -> None:
    """What was rated last, with a button that takes it back; or why it wasn't kept."""
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        st.error(problem, icon=":material/error:")
    last: _Last | None = st.session_state.get(_LAST)
    if last is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="rated"):
        st.markdown(f"You gave **{plain(last.label)}** {last.stars:g} ★", width="content")
        st.button("Undo", icon=":material/undo:", key="undo", on_click=_undo)


def _rate(key: str, movie_id: int, label: str) -> None:
    clicked = st.session_state.pop(key, None)
    if clicked is None:
        return
    given = float(clicked + 1)
    try:
        before = _put(movie_id, given)
    except (SQLAlchemyError, PicksAwayError, TooManyPicksError) as error:
        _say_that_it_failed(error)
    else:
        st.session_state[_LAST] = _Last(movie_id, label, given, before)


def _undo() -> None:
    last: _Last | None = st.session_state.get(_LAST)
    if last is None:
        return
    try:
        _put(last.movie_id, last.before)
    except (SQLAlchemyError, PicksAwayError) as error:
        _say_that_it_failed(error)
    else:
        del st.session_state[_LAST]


def _put(movie_id: int, given: float | None) -> float | None:
    """Set or (None) remove the rating of whoever is here now; what it was before."""
    application = startup.current()
    user = identity.current_user()
    if user is not None:
        with application.engine.begin() as connection:
            before = ratings.get(connection, user.id, movie_id)
            if given is None:
                ratings.delete(connection, user.id, movie_id)
            else:
                ratings.put(connection, user.id, movie_id, given)
        return before
    visitor = identity.visitor()
    history = application.picks.history(visitor)
    kept = history.loc[history["movie_id"] == movie_id, "rating"]
    if given is None:
        application.picks.remove(visitor, movie_id)
    else:
        application.picks.put(visitor, movie_id, given)
    return None if kept.empty else float(kept.iloc[0])


def _say_that_it_failed(error: Exception) -> None:
    if isinstance(error, TooManyPicksError):
        st.session_state[_PROBLEM] = "That is a lot for a stranger: register to rate more films."
        return
    logger.error("a rating could not be kept: %s", str(error).splitlines()[0])
    st.session_state[_PROBLEM] = "That was not kept. Please try again in a moment."
