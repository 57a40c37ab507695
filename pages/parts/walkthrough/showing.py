"""What the audience sees of each step: the results, as the other pages show them."""

import pandas as pd
import streamlit as st

import startup
from db import movies
from db.movies import Movie
from pages.parts import cards, charts, film_map, identity, lists, reasons
from pages.parts.text import plain
from pages.parts.walkthrough.story import (
    STARS,
    Change,
    Figures,
    OfGenre,
    OnTheMap,
    Person,
    Why,
    WrongGenre,
)
from recsys.serving import Served


def stranger(served: Served) -> None:
    """Five popular films."""
    _five(served)


def genre(given: OfGenre) -> None:
    """Five films of a genre."""
    st.markdown(f"Typed: **{plain(given.typed)}**")
    _five(given.served)


def wrong_genre(given: WrongGenre) -> None:
    """The genres that there are."""
    st.markdown(f"Typed: **{plain(given.typed)}**")
    lists.say_unknown_genre(given.typed, given.error)
    if given.error.did_you_mean:
        st.markdown(f"And a guess: did you mean **{plain(given.error.did_you_mean)}**?")


def newcomer(person: Person) -> None:
    """The new account, and its five, which are the popular ones."""
    _who(person)
    _five(person.served)


def rated(movie_ids: list[int]) -> None:
    """The films that have their stars now."""
    for film in _films(movie_ids):
        st.markdown(f"**{plain(film.label)}** {STARS:g} ★")
    st.caption("The ratings are in the database: it is what a click on the stars does.")


def change(changed: Change) -> None:
    """The list before beside the list now, what changed marked; then the cards."""
    before = [item.movie_id for item in changed.before.items]
    after = [item.movie_id for item in changed.after.items]
    new = set(after) - set(before)
    left, right = st.columns(2)
    with left:
        st.subheader("Before")
        for film in _films(before):
            words = plain(film.label)
            went = "rated" if film.id in changed.rated else "gone"
            st.markdown(words if film.id in after else f"~~{words}~~ :gray-badge[{went}]")
    with right:
        st.subheader("Now")
        for film in _films(after):
            words = plain(film.label)
            st.markdown(f"**{words}** :green-badge[new]" if film.id in new else words)
    st.markdown(
        f"**{len(new)} of {len(after)} are new.**"
        if new
        else "The same films still, though they may have changed places: so few ratings say little."
    )
    cards.show_to_all(changed.after.items, key="walkthrough", new=new)


def why(given: Why) -> None:
    """The parts as a picture, then with their sum."""
    (film,) = _films([given.movie_id])
    score = given.explanation.score
    parts = reasons.parts_of(given.explanation)
    st.markdown(
        f"The score of **{plain(film.label)}** is **{score:.4f}**. It is the sum of these parts, "
        "exactly; what points left speaks against it."
    )
    st.plotly_chart(
        charts.score_parts(parts),
        key="walkthrough_why",
        alt="The parts of the score: "
        + ", ".join(f"{part} {value:.4f}" for part, value in parts.itertuples(index=False)),
        config={"displayModeBar": False},
    )
    rows = [*parts.itertuples(index=False), ("**Sum of the parts**", parts["value"].sum())]
    st.table(
        pd.DataFrame({"Part": [part for part, _ in rows], "Adds": [f"{v:+.4f}" for _, v in rows]}),
        border="horizontal",
        hide_index=True,
        width="content",
    )


def rater(person: Person) -> None:
    """Somebody with many ratings, and five films that they haven't rated."""
    if person.is_logged_in:
        _who(person)
    else:
        st.info(
            "There are no demo accounts here (`DEMO_ACCOUNTS` is off), so nobody is logged in: "
            "these are the five of a person of the data set, without a name or an email, who "
            f"has rated {person.rated:,} films.",
            icon=":material/person_off:",
        )
    _five(person.served)


def figures(given: Figures) -> None:
    """How many, and how they are spread."""
    totals = given.totals
    with st.container(horizontal=True):
        st.metric("Ratings", f"{totals.ratings:,}")
        st.metric("People", f"{totals.people:,}")
        st.metric("Films with a rating", f"{totals.rated_films:,}")
        st.metric("Mean", "–" if totals.mean is None else f"{totals.mean:.2f} ★")
    if given.distribution["ratings"].sum():
        st.plotly_chart(
            charts.rating_distribution(given.distribution),
            key="walkthrough_ratings",
            alt="How often each number of stars was given: "
            + ", ".join(
                f"{stars:g} stars {often:,} times"
                for stars, often in zip(
                    given.distribution["rating"], given.distribution["ratings"], strict=True
                )
            ),
            config={"displayModeBar": False},
        )
    st.page_link("ratings.py", label="All charts, to look into", icon=":material/bar_chart:")


def on_the_map(given: OnTheMap) -> None:
    """The films as a picture, and somebody among them."""
    film_map.draw(given.films, given.who, key="walkthrough_map", called=given.called)
    st.page_link("map.py", label="The map, to search and to click in", icon=":material/map:")


def _who(person: Person) -> None:
    with st.container(border=True, width=480):
        st.markdown(f"Logged in: **{plain(identity.display_name(person.user))}**")
        st.text(f"Email: {person.user.email}")  # Markdown would make a link of it
        st.text(f"Ratings: {person.rated:,}")
        st.text("Known to us" if person.rated else "New here: the five are popular ones")


def _five(served: Served) -> None:
    if not served.items:
        st.info("No film is left to show here.", icon=":material/filter_alt_off:")
        return
    cards.show_to_all(served.items, key="walkthrough")


def _films(movie_ids: list[int]) -> list[Movie]:
    with startup.current().engine.connect() as connection:
        return movies.by_ids(connection, movie_ids)
