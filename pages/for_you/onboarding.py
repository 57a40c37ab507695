"""Onboarding: twelve films to rate, for people with few or no ratings."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from db.queries.users import User
from pages.parts import cards, guard
from pages.parts.wording import _
from recsys.serving.guests import GuestRatings
from startup import Services

TWELVE = 12
ENOUGH = 5


@dataclass
class _Offer:
    """Films offered in this visit: those shown now and those skipped before."""

    shown: list[int] = field(default_factory=list)
    passed: list[int] = field(default_factory=list)

    def pass_over(self) -> None:
        """Skip the films shown and ask for others."""
        self.passed += self.shown
        self.shown = []


def offer(
    services: Services,
    user: User | None,
    guest_ratings: GuestRatings,
    rated: int,
    listed: Sequence[int],
) -> None:
    """Offer the films until enough are rated; expanded for an account without ratings.

    The next film takes the place of a rated one; the others stay where they are.

    Parameters
    ----------
    services : Services
    user : User or None
    guest_ratings : GuestRatings
        A guest's ratings and marks.
    rated : int
        How many films the person has rated.
    listed : sequence of int
        The numbers of the films above, which aren't offered.
    """
    if rated >= ENOUGH:
        return
    whose = "stranger" if user is None else str(user.id)
    is_open = user is not None and st.session_state.setdefault(f"starting-{whose}", rated == 0)
    with st.expander(
        _("Rate some films you know"),
        expanded=is_open,
        icon=":material/kid_star:",
        key="starters_open",
        on_change="rerun",
    ) as expander:
        if not expander.open:
            return
        st.write(
            _(
                "Well-known films of different kinds, chosen because their ratings say most "
                "about your taste. Two or three are enough to start with."
            )
        )
        made: _Offer = st.session_state.setdefault(f"starters-{whose}", _Offer())
        made.shown = services.recommender.onboarding_films(
            user,
            TWELVE,
            guest_ratings=guest_ratings,
            listed=listed,
            passed=made.passed,
            shown=made.shown,
        )
        films = [*services.recommender.films(made.shown).values()]
        cards.show_small(services, films, key="starters")
        if len(films) == TWELVE:
            st.button(
                _("Other films"),
                icon=":material/shuffle:",
                help=_("In case you know none of these."),
                key="other_starters",
                on_click=guard.callback(made.pass_over),
            )
