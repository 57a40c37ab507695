"""Filters that are stored for whoever chose them, and kept in the address as styles are.

In the address, they are written as in the API:
`?not_genres=Horror,War&max_minutes=120&max_age_rating=PG-13`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import streamlit as st

from db.queries import users
from db.queries.movies import AGE_RATINGS, AgeRating
from pages.parts import guard, identity, keeping
from pages.parts.choice import follow_address
from pages.parts.wording import _, genre, length, ngettext, number, pgettext
from recsys.data.genres import UnknownGenre, match_genres
from recsys.serving.filters import EVERYTHING, MOST_GENRES, MOST_MINUTES, Filters
from startup import Services

NOT_GENRES, MAX_MINUTES, MAX_AGE_RATING = "not_genres", "max_minutes", "max_age_rating"

_LENGTHS = (90, 120, 150)
_ANY_LENGTH = 0
_ANY_AGE_RATING: Literal[""] = ""
_ANY_IN_ADDRESS = "any"


def ask(services: Services, stored: Filters) -> Filters:
    """Ask for genres to leave out, length and age rating: from the address, else as stored."""
    available = services.recommender.genres()
    named = _named(available, stored)
    return Filters(
        not_genres=_ask_for_genres(services, available, named.not_genres),
        max_minutes=_ask_for_length(services, named.max_minutes),
        max_age_rating=_ask_for_age_rating(services, named.max_age_rating),
    )


def clear(services: Services) -> None:
    """Switch these filters off."""
    put(services, not_genres=(), max_minutes=None, max_age_rating=None)


def put(services: Services, **changed: Any) -> None:
    """Store filters for the current person, and put them into the address.

    Parameters
    ----------
    services : Services
    **changed : dict
        `not_genres`, `max_minutes`, `max_age_rating`; what isn't named stays as stored.
    """
    user = identity.current_user()
    stored = services.recommender.stored_filters(user, identity.guest_ratings(services, user))
    chosen = replace(stored, **changed)
    is_stored = chosen == stored or keeping.keep(
        services,
        "filters",
        for_visitor=lambda visitor: services.guests.put_filters(visitor, chosen),
        for_user=lambda connection, user_id: users.set_filters(
            connection, user_id, **chosen.stored
        ),
    )
    for name in changed:
        # What is off and stored needs no words in the address.
        if is_stored and getattr(chosen, name) == getattr(EVERYTHING, name):
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = _for_address(chosen, name)


def _ask_for_genres(
    services: Services, available: list[str], named: tuple[str, ...]
) -> tuple[str, ...]:
    follow_address(NOT_GENRES, [*named])
    return tuple(
        st.multiselect(
            _("Not these genres"),
            available,
            default=named,
            format_func=genre,
            key=NOT_GENRES,
            placeholder=_("Choose genres"),
            on_change=guard.callback(_choose_genres, services),
        )
    )


def _ask_for_length(services: Services, named: int | None) -> int | None:
    """Ask for a length if that of a film is known, or if there is a limit."""
    extent = services.recommender.extent()
    if extent.without_length == extent.films and named is None:
        return None
    value = named or _ANY_LENGTH
    follow_address(MAX_MINUTES, value)
    chosen = st.segmented_control(
        _("At most this long"),
        [_ANY_LENGTH, *sorted({*_LENGTHS, value} - {_ANY_LENGTH})],
        default=value,
        format_func=_in_words,
        required=True,
        key=MAX_MINUTES,
        on_change=guard.callback(_choose_length, services),
    )
    if extent.without_length:
        st.caption(
            ngettext(
                "Length unknown for {unknown} of {count} film; a limit leaves such films out.",
                "Length unknown for {unknown} of {count} films; a limit leaves such films out.",
                extent.films,
            ).format(unknown=number(extent.without_length), count=number(extent.films))
        )
    return chosen or None


def _ask_for_age_rating(services: Services, named: AgeRating | None) -> AgeRating | None:
    """Ask for an age rating if that of a film is known, or if there is a limit."""
    extent = services.recommender.extent()
    offered = [each for each in AGE_RATINGS if each in extent.age_ratings or each == named]
    if not offered:
        return None
    value: AgeRating | Literal[""] = named or _ANY_AGE_RATING
    follow_address(MAX_AGE_RATING, value)
    chosen = st.segmented_control(
        _("At most this age rating"),
        [_ANY_AGE_RATING, *offered],
        default=value,
        format_func=lambda age_rating: age_rating or pgettext("age rating", "Any"),
        required=True,
        key=MAX_AGE_RATING,
        on_change=guard.callback(_choose_age_rating, services),
        help=_(
            "The American rating. PG: parental guidance suggested; PG-13: parents of children "
            "under 13 are cautioned; R: under 17 only with an adult."
        ),
    )
    if unknown := extent.films - sum(extent.age_ratings.values()):
        st.caption(
            ngettext(
                "Age rating unknown for {unknown} of {count} film; a limit leaves such films out.",
                "Age rating unknown for {unknown} of {count} films; a limit leaves such films out.",
                extent.films,
            ).format(unknown=number(unknown), count=number(extent.films))
        )
    return chosen or None


def _in_words(minutes: int) -> str:
    return length(minutes) if minutes else _("Any")


def _choose_genres(services: Services) -> None:
    put(services, not_genres=tuple(st.session_state[NOT_GENRES]))


def _choose_length(services: Services) -> None:
    put(services, max_minutes=st.session_state[MAX_MINUTES] or None)


def _choose_age_rating(services: Services) -> None:
    put(services, max_age_rating=st.session_state[MAX_AGE_RATING] or None)


def _named(available: Sequence[str], stored: Filters) -> Filters:
    """Return what the address names, else what is stored; unknown words are ignored."""
    asked = st.query_params
    if NOT_GENRES in asked:
        names = ",".join(asked.get_all(NOT_GENRES)).split(",")[:MOST_GENRES]
        found = [genre for name in names for genre in _meant(name, available)]
        stored = replace(stored, not_genres=tuple(dict.fromkeys(found)))
    minutes = asked.get(MAX_MINUTES, "")
    if minutes == _ANY_IN_ADDRESS:
        stored = replace(stored, max_minutes=None)
    elif minutes.isascii() and minutes.isdigit() and 1 <= int(minutes[:5]) <= MOST_MINUTES:
        stored = replace(stored, max_minutes=int(minutes[:5]))
    age_rating = asked.get(MAX_AGE_RATING, "")
    if age_rating == _ANY_IN_ADDRESS:
        stored = replace(stored, max_age_rating=None)
    elif age_rating in AGE_RATINGS:
        stored = replace(stored, max_age_rating=age_rating)
    return stored


def _meant(name: str, available: Sequence[str]) -> tuple[str, ...]:
    try:
        return match_genres(name, available)
    except UnknownGenre:
        return ()


def _for_address(filters: Filters, name: str) -> str:
    if name == NOT_GENRES:
        return ",".join(filters.not_genres)
    limit = getattr(filters, name)
    return _ANY_IN_ADDRESS if limit is None else str(limit)
