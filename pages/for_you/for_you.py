"""For you: popular films for a guest, their own for a known person."""

import streamlit as st
from sqlalchemy import Engine

from db.connection.engine import for_reading
from db.queries import ratings
from db.queries.ratings import Tally
from db.queries.users import User
from db.scale import DISLIKE, LIKE
from pages.for_you import onboarding
from pages.parts import filters, guard, identity, lists, opinions, styles
from pages.parts.text import plain
from pages.parts.wording import _, ngettext, number
from recsys.models.styles import Style
from recsys.serving.filters import Filters
from recsys.serving.guests import GuestRatings
from startup import Services

NOTHING_TOLD = Tally(0, 0, 0, 0)


@guard.fragment()  # so that a click doesn't run the navigation, the search and the footer too
def show(services: Services) -> None:
    """Show five films for the current person, and what they are based on."""
    user = identity.current_user()
    if user is None:
        st.title(_("Five films for tonight"))
    else:
        st.title(_("Five films for {name}").format(name=plain(identity.display_name(user))))
    guest_ratings = identity.guest_ratings(services, user)
    with st.container(horizontal=True, vertical_alignment="center"):
        stored = services.recommender.stored_filters(user, guest_ratings)
        chosen = filters.ask(services, stored, with_genres=True)
        style = styles.ask(services, user, guest_ratings)
    _films(services, chosen, style)


@guard.fragment()  # nor, for a click on the films, everything under Filters
def _films(services: Services, chosen: Filters, style: Style) -> None:
    user = identity.current_user()
    guest_ratings = identity.guest_ratings(services, user)
    told = _tally(guest_ratings) if user is None else _tally_of(services.engine, user)
    with st.container(key="films"):
        with st.container(horizontal=True, vertical_alignment="center", key="told"):
            said = _to_a_stranger(told) if user is None else _to_somebody(told)
            st.markdown(said, width="content")
            opinions.notice(services)
        listed = lists.show(services, user, guest_ratings, chosen, style)
        onboarding.offer(services, user, guest_ratings, told.rated, listed)


def _tally_of(engine: Engine, user: User) -> Tally:
    with for_reading(engine).connect() as connection:
        return ratings.tally(connection, user.id, like=LIKE, dislike=DISLIKE)


def _tally(guest_ratings: GuestRatings) -> Tally:
    stars = guest_ratings.history["rating"]
    return Tally(
        rated=len(stars),
        liked=int((stars >= LIKE).sum()),
        disliked=int((stars <= DISLIKE).sum()),
        dismissed=len(guest_ratings.as_history.dismissed),
    )


def _to_a_stranger(told: Tally) -> str:
    if told.liked:
        return ngettext(
            "Based on the film you have rated here. [Log in or register](/account) to keep it.",
            "Based on the {count} films you have rated here. [Log in or register](/account) "
            "to keep them.",
            told.rated,
        ).format(count=number(told.rated))
    if told == NOTHING_TOLD:
        return lists.nothing_told()
    keep = _("[Log in or register](/account) to keep this.")
    return f"{_without_a_like(told)} {keep}"


def _to_somebody(told: Tally) -> str:
    if told.liked and told.disliked:
        return ngettext(
            "Based on what you liked and disliked among the {count} film you have rated.",
            "Based on what you liked and disliked among the {count} films you have rated.",
            told.rated,
        ).format(count=number(told.rated))
    if told.liked:
        return ngettext(
            "Based on what you liked among the {count} film you have rated.",
            "Based on what you liked among the {count} films you have rated.",
            told.rated,
        ).format(count=number(told.rated))
    if told == NOTHING_TOLD:
        return _(
            "The best-liked films of all, because you haven't rated any yet. Rate one, and "
            "your next five will reflect it."
        )
    return _without_a_like(told)


def _without_a_like(told: Tally) -> str:
    """Explain the list of a person who has rated something but likes nothing yet."""
    against = told.disliked + told.dismissed
    if not against:
        return ngettext(
            "The best-liked films of all, because you haven't liked the film you have rated. "
            "Give one 4 stars or more, and your next five will reflect it.",
            "The best-liked films of all, because you haven't liked any of the {count} films "
            "you have rated. Give one 4 stars or more, and your next five will reflect it.",
            told.rated,
        ).format(count=number(told.rated))
    if told.dismissed:
        return ngettext(
            "The best-liked films of all, without any like the one you aren't interested in. "
            "Like one, and your next five will reflect it.",
            "The best-liked films of all, without any like the {count} you disliked or "
            "aren't interested in. Like one, and your next five will reflect it.",
            against,
        ).format(count=number(against))
    return ngettext(
        "The best-liked films of all, without any like the one you disliked. Like one, and "
        "your next five will reflect it.",
        "The best-liked films of all, without any like the {count} you disliked. Like one, "
        "and your next five will reflect it.",
        against,
    ).format(count=number(against))
