"""Five films, and the buttons for the next five and the previous ones."""

import streamlit as st

from db.queries.users import User
from pages.parts import announcing, cards, guard, seen, waiting
from pages.parts.filters import in_words
from pages.parts.text import plain
from pages.parts.wording import _, genre_in_text, ngettext, number
from recsys.data.genres import UnknownGenre
from recsys.models.styles import Style
from recsys.serving.cache import LIST_LENGTH
from recsys.serving.filters import Filters
from recsys.serving.guests import GuestRatings
from recsys.serving.lists import Served
from startup import Services

FIVE = 5

_HEIGHT = 430
_MOVED = "list_moved"


def show(
    services: Services,
    user: User | None,
    guest_ratings: GuestRatings,
    filters: Filters,
    style: Style,
) -> list[int]:
    """Show five films, with buttons for the next five and, from there, for the five before.

    Parameters
    ----------
    services : Services
    user : User or None
        None for a guest.
    guest_ratings : GuestRatings
        A guest's ratings and marks.
    filters : Filters
    style : "popular", "balanced" or "adventurous"

    Returns
    -------
    list of int
        The numbers of the films shown.

    Raises
    ------
    recsys.data.genres.UnknownGenre
        If no film has a requested genre.
    """
    whose = f"{'stranger' if user is None else user.id}:{style}:{filters.name}"
    is_another = st.session_state.get("list_of") != whose
    if is_another:
        st.session_state.update(list_of=whose, list_start=0)
    start: int = st.session_state.list_start

    if not services.progress.is_done:
        waiting.until_model(services)
    place = st.container(key="list")
    # The same list a moment later stays on the page meanwhile.
    with place, st.skeleton(height=_HEIGHT) if is_another else st.empty():
        served = services.recommender.recommend(
            user,
            guest_ratings=guest_ratings,
            filters=filters,
            limit=min(start + FIVE + 1, LIST_LENGTH),
            style=style,
        )
    if start >= len(served.items):  # the last ones were rated; the previous ones still exist
        start = max(0, len(served.items) - 1) // FIVE * FIVE
        st.session_state.list_start = start
    five = served.items[start : start + FIVE]
    if not five:
        st.info(_nothing_left(served), icon=":material/filter_alt_off:")
        return []
    with place:
        cards.show(services, five, style, key="five")
    if served.relaxations:
        st.info(_few_left(served), icon=":material/filter_alt:")
    shown = [item.movie_id for item in five]
    seen.shown(
        services.recorder,
        shown,
        user,
        in_list=whose,
        model_version=served.model_version,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        _ways(start, has_more=start + FIVE < len(served.items))
        _say_where_from(served, is_cache_available=services.recommender.cache.is_available)
    if st.session_state.pop(_MOVED, False):
        announcing.tell(
            _("Films {first} to {last} of the list.").format(
                first=number(start + 1), last=number(start + len(shown))
            )
        )
        announcing.show()
    return shown


def _nothing_left(served: Served) -> str:
    if served.relaxations:
        costs = _costs(served)
        return _("No matching film is left that you haven't rated or marked: {costs}.").format(
            costs=costs
        )
    if served.filters.name:
        return _(
            "There is no matching film left that you haven't rated or marked. Use broader filters."
        )
    return _("There is no film left that you haven't rated or marked. That is all there is.")


def _few_left(served: Served) -> str:
    return ngettext(
        "Only {count} film is left: {costs}.", "Only {count} films are left: {costs}.", served.total
    ).format(count=number(served.total), costs=_costs(served))


def _costs(served: Served) -> str:
    """Return what each filter costs, as Markdown for the middle of a sentence."""
    first, *others = (
        {"filter": in_words(served.filters, each.filter), "count": number(each.films)}
        for each in served.relaxations
    )
    costs = [_("without “{filter}” there would be {count}").format(**first)]
    costs += [_("without “{filter}” {count}").format(**other) for other in others]
    return ", ".join(costs)


def _ways(start: int, *, has_more: bool) -> None:
    """Show buttons that lead to other films of the list."""
    if has_more or start:
        st.button(
            _("Five more films") if has_more else _("Back to the first five"),
            icon=":material/casino:" if has_more else ":material/first_page:",
            type="primary",
            key="more",
            on_click=guard.callback(_move_to, start + FIVE if has_more else 0),
        )
    if start:
        st.button(
            _("Previous five"),
            icon=":material/arrow_back:",
            key="before",
            on_click=guard.callback(_move_to, start - FIVE),
        )


def nothing_told() -> str:
    """Return, as Markdown, why a guest's films are popular ones."""
    return _(
        "The best-liked films of all, because you haven't rated any yet. Rate one, or [log "
        "in or register](/account), to get your own."
    )


def say_unknown_genre(typed: str, error: UnknownGenre) -> None:
    """Say that there is no such genre, and list those that exist."""
    st.error(
        _("There is no genre “{typed}”. Choose from: {genres}.").format(
            typed=plain(typed),
            genres=plain(", ".join(sorted(map(genre_in_text, error.available))), 1000),
        ),
        icon=":material/error:",
    )


def _move_to(start: int) -> None:
    st.session_state.list_start = start
    st.session_state[_MOVED] = True


def _say_where_from(served: Served, *, is_cache_available: bool) -> None:
    if served.model_version is not None:
        st.badge(
            _("Model {number}").format(number=served.model_version),
            icon=":material/neurology:",
            color="gray",
            help=_("Which trained model chose these films."),
        )
    if not is_cache_available:
        st.badge(
            _("Cache offline"),
            icon=":material/cloud_off:",
            color="orange",
            help=_(
                "Redis is not responding. Lists are computed on every click, which takes a "
                "little longer; they are the same lists."
            ),
        )
