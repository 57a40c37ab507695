"""Opinions about a film: stars, marks, and undo."""

import logging
from dataclasses import dataclass
from typing import TypeAlias

import streamlit as st
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from accounts.rate_limits import TooOftenError
from db.queries import marks, ratings
from db.queries.marks import Mark
from db.queries.movies import Movie
from db.queries.users import User
from monitoring.errors import first_line
from pages.parts import announcing, guard, identity, seen, wording
from pages.parts.text import plain
from pages.parts.wording import N_, _, label_of, number
from recsys.serving.guests import TooManyGuestRatingsError
from startup import Services

logger = logging.getLogger("pages")

Opinion: TypeAlias = float | Mark | None
"""Stars from 0.5 to 5, a mark, or nothing."""

_LAST = "last_opinion"
_PROBLEM = "opinion_problem"

_MARKS: tuple[tuple[Mark, str, str, str], ...] = (
    (
        "dismissed",
        N_("Not interested"),
        ":material/thumb_down:",
        N_("You are not interested in **{film}**"),
    ),
    ("seen", N_("Seen it"), ":material/visibility:", N_("You have seen **{film}**")),
    (
        "later",
        N_("Watch later"),
        ":material/bookmark_add:",
        N_("**{film}** is on your list to watch later"),
    ),
)
LABELS: dict[Mark, str] = {mark: label for mark, label, *_rest in _MARKS}


@dataclass(frozen=True)
class _Last:
    """The last opinion, for undo."""

    movie_id: int
    label: str
    said: Opinion
    before: Opinion


def stars(services: Services, film: Movie, said: Opinion = None) -> None:
    """Show five stars to click; those given are filled, a click on the last removes them."""
    key = f"stars-{film.id}"
    # Streamlit has no half stars.
    st.session_state[key] = int(said) - 1 if isinstance(said, float) and said.is_integer() else None
    st.feedback("stars", key=key, on_change=guard.callback(_rate, services, key, film))


def mark_buttons(services: Services, film: Movie, said: Opinion = None) -> None:
    """Show buttons for the marks that the film doesn't have yet."""
    for mark, label, icon, _words in _MARKS:
        if mark == said:
            continue
        st.button(
            _(label),
            key=f"mark-{mark}-{film.id}",
            icon=icon,
            help=_(label),
            type="tertiary",
            on_click=guard.callback(say, services, film.id, label_of(film), mark),
        )


def marks_with_icons() -> list[tuple[Mark, str, str]]:
    """Return each mark with its name and its icon."""
    return [
        (mark, _(label), icon.split("/")[1].rstrip(":")) for mark, label, icon, _words in _MARKS
    ]


def mark_called(name: str) -> Mark | None:
    """Return the mark of this name, if there is one."""
    return next((mark for mark in LABELS if mark == name), None)


def notice(services: Services) -> None:
    """Show the last opinion with a button to undo it; or why it wasn't stored."""
    _last(services)
    announcing.show()


def _last(services: Services) -> None:
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        st.error(problem, icon=":material/error:")
    last: _Last | None = st.session_state.get(_LAST)
    if last is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="said", width="content"):
        st.markdown(_in_words(last), width="content")
        st.button(
            _("Undo"), icon=":material/undo:", key="undo", on_click=guard.callback(_undo, services)
        )


def say(services: Services, movie_id: int, label: str, opinion: Opinion) -> None:
    """Store an opinion (None removes it), and remember the previous one."""
    try:
        before = _put(services, movie_id, opinion)
    except (SQLAlchemyError, TooManyGuestRatingsError, TooOftenError) as error:
        _say_that_it_failed(error)
    else:
        last = _Last(movie_id, label, opinion, before)
        st.session_state[_LAST] = last
        announcing.tell(_aloud(last))
        if isinstance(opinion, float):
            seen.rated(services.recorder, movie_id)


def of(services: Services, movie_id: int) -> Opinion:
    """Return the current person's rating or mark of a film."""
    user = identity.current_user()
    if user is None:
        return identity.guest_ratings(services, None).of(movie_id)
    with services.engine.connect() as connection:
        return _said(connection, user, movie_id)


def _said(connection: Connection, user: User, movie_id: int) -> Opinion:
    rating = ratings.get(connection, user.id, movie_id)
    return marks.get(connection, user.id, movie_id) if rating is None else rating


def marked(services: Services) -> dict[int, Mark]:
    """Return the films that the current person has marked, newest first."""
    user = identity.current_user()
    if user is None:
        return dict(reversed(list(identity.guest_ratings(services, None).marks.items())))
    with services.engine.connect() as connection:
        frame = marks.of_user(connection, user.id)
    return dict(zip(frame["movie_id"].tolist(), frame["mark"].tolist(), strict=True))


def _rate(services: Services, key: str, film: Movie) -> None:
    clicked = st.session_state[key]
    say(services, film.id, label_of(film), None if clicked is None else float(clicked + 1))


def _undo(services: Services) -> None:
    last: _Last | None = st.session_state.get(_LAST)
    if last is None:
        return
    try:
        _put(services, last.movie_id, last.before)
    except (SQLAlchemyError, TooManyGuestRatingsError, TooOftenError) as error:
        _say_that_it_failed(error)
    else:
        del st.session_state[_LAST]
        announcing.tell(_("Undone: {film}.").format(film=last.label))


def _put(services: Services, movie_id: int, opinion: Opinion) -> Opinion:
    """Store the current person's opinion; return the previous one."""
    user = identity.current_user()
    identity.note_rating(services, user)
    if user is None:
        guests, visitor = services.guests, identity.visitor(services.settings)
        if opinion is None:
            return guests.remove(visitor, movie_id)
        return guests.put(visitor, movie_id, opinion)
    with services.engine.begin() as connection:
        before = _said(connection, user, movie_id)
        if isinstance(opinion, float):
            ratings.put(connection, user.id, movie_id, opinion)
        else:
            ratings.delete(connection, user.id, movie_id)
            if opinion is None:
                marks.delete(connection, user.id, movie_id)
            else:
                marks.put(connection, user.id, movie_id, opinion)
    return before


def _in_words(last: _Last) -> str:
    film = plain(last.label)
    if last.said is None:
        return _("Your answer for **{film}** is cleared").format(film=film)
    if isinstance(last.said, float):
        return _("You gave **{film}** {stars} ★").format(film=film, stars=number(last.said, "g"))
    words = {mark: said for mark, _label, _icon, said in _MARKS}
    return _(words[last.said]).format(film=film)


def _aloud(last: _Last) -> str:
    """Return the last opinion as a sentence for screen readers."""
    if last.said is None:
        return _("Removed: {film}.").format(film=last.label)
    if isinstance(last.said, float):
        words = _("You rated {film} {stars} out of 5 stars.")
        return words.format(film=last.label, stars=number(last.said, "g"))
    return f"{_(LABELS[last.said])}: {last.label}."


def _say_that_it_failed(error: Exception) -> None:
    if isinstance(error, TooManyGuestRatingsError):
        st.session_state[_PROBLEM] = _("That is a lot for a stranger: register to rate more films.")
        return
    if isinstance(error, TooOftenError):
        st.session_state[_PROBLEM] = wording.say(error)
        return
    logger.error("an opinion could not be kept: %s", first_line(error))
    st.session_state[_PROBLEM] = _("That was not kept. Please try again in a moment.")
