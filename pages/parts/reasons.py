"""Why a film is recommended: in a sentence on its card, and part by part when asked."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

import startup
from db import movies
from db.movies import Movie
from db.users import User
from pages.parts import charts, identity, seen
from pages.parts.text import plain
from recsys.explain import Explanation
from recsys.picks import Picked
from recsys.results import Reason, UnknownMovie

MOST_FILMS = 6


def sentence(reasons: Sequence[Reason], titles: Mapping[int, str]) -> str:
    """ "Because you liked Heat and Fargo", or popularity where no liked film speaks for it."""
    liked = [titles[each.movie_id] for each in reasons if each.movie_id in titles][:2]
    return f"Because you liked {' and '.join(liked)}" if liked else "Because many people like it"


@st.dialog("Why this film?", width="medium")
def show(film: Movie, user: User | None) -> None:
    """Every part of the score; the parts add up to it. And what would be without a liked film."""
    seen.opened(film.id)
    st.markdown(f"**{plain(film.label)}**")
    picks = identity.picks(user)
    try:
        explanation = startup.current().recommender.explain(user, film.id, picks=picks)
    except UnknownMovie:
        st.info("The model doesn't know this film yet: it learns about it at the next training.")
        return
    parts = parts_of(explanation)
    st.write(
        f"Its score for you is **{explanation.score:.2f}**. It is the sum of these parts, exactly; "
        "what points left speaks against it."
    )
    st.plotly_chart(
        charts.score_parts(parts),
        key="why_chart",
        alt="The parts of the score: "
        + ", ".join(f"{part} {value:.2f}" for part, value in parts.itertuples(index=False)),
        config={"displayModeBar": False},
    )
    if explanation.liked:
        _what_if(explanation, user, picks)


def _what_if(explanation: Explanation, user: User | None, picks: Picked) -> None:
    """The five that would come had one not rated some of the films that one liked."""
    strongest = sorted(explanation.liked, key=lambda each: -abs(each[1]))
    with startup.current().engine.connect() as connection:
        liked = movies.by_ids(connection, [movie_id for movie_id, _ in strongest])
    st.markdown("**What if you hadn't liked …?** Tick films off; nothing is saved.")
    chosen = []
    for film in liked[:MOST_FILMS]:
        if not st.checkbox(plain(film.label), value=True, key=f"liked-{film.id}"):
            chosen.append(film.id)
    if liked[MOST_FILMS:]:
        labels = {film.id: film.label for film in liked[MOST_FILMS:]}
        chosen += st.multiselect(
            "… or another one of the films you liked",
            list(labels),
            format_func=labels.__getitem__,
            key="liked-others",
        )
    recommender = startup.current().recommender
    before = [item.movie_id for item in recommender.give(user, picks=picks).items]
    after = [item.movie_id for item in recommender.give_without(user, chosen, picks=picks)]
    with startup.current().engine.connect() as connection:
        films = movies.by_ids(connection, after)
    st.markdown("Your five would be:" if chosen else "Your five are:")
    for film in films:
        is_new = film.id not in before
        st.markdown(
            f"{'**' if is_new else ''}{plain(film.label)}{'** :green-badge[new]' if is_new else ''}"
        )


def parts_of(explanation: Explanation) -> pd.DataFrame:
    """The parts as a frame: part, value; films by their size, the small ones put together."""
    strongest = sorted(explanation.liked, key=lambda each: -abs(each[1]))
    shown, rest = strongest[:MOST_FILMS], strongest[MOST_FILMS:]
    with startup.current().engine.connect() as connection:
        labels = {film.id: film.label for film in movies.by_ids(connection, [i for i, _ in shown])}
    rows = [(f"You liked {labels.get(number, number)}", value) for number, value in shown]
    if rest:
        rows.append((f"{len(rest)} more films you liked", sum(value for _, value in rest)))
    if explanation.liked:
        rows.append(("Its genres", explanation.genre))
        rows.append(("Its time", explanation.period))
    rows.append(("How popular it is", explanation.popularity))
    return pd.DataFrame(rows, columns=["part", "value"])
