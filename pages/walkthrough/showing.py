"""What the audience sees of each step: its results, drawn as on other pages."""

import pandas as pd
import streamlit as st

from db.scale import HIGHEST
from pages.parts import cards, charts, film_map, identity, links, lists, reasons, styles
from pages.parts.text import plain
from pages.parts.wording import _, label_of, number, say
from pages.parts.wording import genre as genre_name
from pages.walkthrough import actions
from pages.walkthrough.actions import (
    Change,
    DataSet,
    OfGenre,
    OnTheMap,
    Person,
    Why,
    WrongGenre,
)
from pages.walkthrough.story import CannotGoOnError
from recsys.serving.lists import Served
from startup import Services


def stranger(services: Services, served: Served) -> None:
    """Show five popular films."""
    _five(services, served)


def genre(services: Services, given: OfGenre) -> None:
    """Show five films of a genre."""
    st.markdown(_("Typed: **{typed}**").format(typed=plain(given.typed)))
    _five(services, given.served)


def wrong_genre(_services: Services, given: WrongGenre) -> None:
    """Show all genres."""
    st.markdown(_("Typed: **{typed}**").format(typed=plain(given.typed)))
    lists.say_unknown_genre(given.typed, given.error)
    if given.error.did_you_mean:
        st.markdown(
            _("And a guess: did you mean **{did_you_mean}**?").format(
                did_you_mean=plain(genre_name(given.error.did_you_mean))
            )
        )


def newcomer(services: Services, person: Person) -> None:
    """Show the new account and its five, which are the popular ones."""
    _who(person)
    _five(services, person.served)


def rated(services: Services, movie_ids: list[int]) -> None:
    """Show the films that are rated now."""
    for film in services.recommender.films(movie_ids).values():
        st.markdown(f"**{plain(label_of(film))}** {number(HIGHEST, 'g')} ★")
    st.caption(_("The ratings are in the database, just as if the stars had been clicked."))


def change(services: Services, changed: Change) -> None:
    """Show the lists before and after, with changes marked; then the cards."""
    before = [item.movie_id for item in changed.before.items]
    after = [item.movie_id for item in changed.after.items]
    new = set(after) - set(before)
    left, right = st.columns(2)
    with left:
        st.subheader(_("Before"))
        for film in services.recommender.films(before).values():
            words = plain(label_of(film))
            went = _("rated") if film.id in changed.rated else _("gone")
            st.markdown(words if film.id in after else f"~~{words}~~ :gray-badge[{went}]")
    with right:
        st.subheader(_("Now"))
        badge = _("new")
        for film in services.recommender.films(after).values():
            words = plain(label_of(film))
            st.markdown(f"**{words}** :green-badge[{badge}]" if film.id in new else words)
    st.markdown(
        _("**New: {new} of {count}.**").format(new=len(new), count=len(after))
        if new
        else _("Still the same films, though perhaps in another order: so few ratings say little.")
    )
    cards.show_to_all(services, changed.after.items, key="walkthrough", new=new)


def why(services: Services, given: Why) -> None:
    """Show the contributions as a chart, then with their sum."""
    film = services.recommender.films([given.movie_id])[given.movie_id]
    score = given.explanation.score
    parts = reasons.parts_of(services.recommender, given.explanation)
    st.markdown(
        _(
            "The score of **{label}** is **{score}**, which is exactly the sum of these "
            "parts. Bars to the left count against it."
        ).format(label=plain(label_of(film)), score=number(score, ".4f"))
    )
    st.plotly_chart(
        charts.score_parts(parts),
        key="walkthrough_why",
        alt=_("The parts of the score: {parts}").format(
            parts=", ".join(
                f"{part} {number(value, '.4f')}" for part, value in parts.itertuples(index=False)
            )
        ),
        config={"displayModeBar": False},
    )
    values = [*parts["value"], parts["value"].sum()]
    st.table(
        pd.DataFrame(
            {
                # A table's cells are Markdown.
                _("Part"): [
                    *(plain(part) for part in parts["part"]),
                    _("**Sum of the parts**"),
                ],
                _("Adds"): [number(value, "+.4f") for value in values],
            }
        ),
        alt=_("The parts of the score, and their sum"),
        border="horizontal",
        hide_index=True,
        width="content",
    )


def rater(services: Services, person: Person) -> None:
    """Show a person with many ratings, and their five in each style."""
    if person.is_logged_in:
        _who(person)
    else:
        st.info(
            _(
                "There are no demo accounts here (`DEMO_ACCOUNTS` is off), so nobody is "
                "logged in. These are the five films of a person in the data set, who has no "
                "name or email. Films rated: {count}."
            ).format(count=number(person.rated)),
            icon=":material/person_off:",
        )
    style = styles.look(person.served.style)
    try:
        _five(services, actions.in_style(services, person, style))
    except CannotGoOnError as error:
        st.error(say(error), icon=":material/error:")


def data_set(_services: Services, given: DataSet) -> None:
    """Show how many ratings there are, and their distribution."""
    totals = given.totals
    with st.container(horizontal=True):
        st.metric(_("Ratings"), number(totals.ratings))
        st.metric(_("People"), number(totals.people))
        st.metric(_("Films with a rating"), number(totals.rated_films))
        st.metric(_("Mean"), "–" if totals.mean is None else f"{number(totals.mean, '.2f')} ★")
    if given.distribution["ratings"].sum():
        st.plotly_chart(
            charts.rating_distribution(given.distribution),
            key="walkthrough_ratings",
            alt=_("How often each number of stars was given: {counts}").format(
                counts=", ".join(
                    f"{number(stars, 'g')} ★ {number(often)}"
                    for stars, often in zip(
                        given.distribution["rating"], given.distribution["ratings"], strict=True
                    )
                )
            ),
            config={"displayModeBar": False},
        )
    links.link("ratings", _("All charts, to explore"), icon=":material/bar_chart:")


def on_the_map(_services: Services, given: OnTheMap) -> None:
    """Show the map of films, with a person on it."""
    film_map.draw(given.films, given.who, key="walkthrough_map", called=given.called)
    links.link("map", _("The map, to search and explore"), icon=":material/map:")


def _who(person: Person) -> None:
    with st.container(border=True, width=480):
        st.markdown(
            _("Logged in: **{display_name}**").format(
                display_name=plain(identity.display_name(person.user))
            )
        )
        # Markdown would turn it into a link.
        st.text(_("Email: {email}").format(email=person.user.email))
        st.text(_("Ratings: {rated}").format(rated=number(person.rated)))
        st.text(
            _("Has rated films: the five are personal")
            if person.rated
            else _("New here: the five are popular ones")
        )


def _five(services: Services, served: Served) -> None:
    if not served.items:
        st.info(_("There is no film left to show here."), icon=":material/filter_alt_off:")
        return
    cards.show_to_all(services, served.items, key="walkthrough")
