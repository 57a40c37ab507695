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
from pages.parts.wording import _, ngettext, number
from recsys.explain import Explanation
from recsys.picks import Picked
from recsys.results import Reason, UnknownMovie

MOST_FILMS = 6


def sentence(reasons: Sequence[Reason], titles: Mapping[int, str]) -> str:
    """ "Because you liked Heat and Fargo", or popularity where no liked film speaks for it."""
    liked = [titles[each.movie_id] for each in reasons if each.movie_id in titles][:2]
    if not liked:
        return _("Because many people like it")
    if len(liked) == 1:
        return _("Because you liked {film}").format(film=liked[0])
    return _("Because you liked {film} and {other}").format(film=liked[0], other=liked[1])


def show(film: Movie, user: User | None) -> None:
    """Every part of the score; the parts add up to it. And what would be without a liked film."""
    st.dialog(_("Why this film?"), width="medium")(_explain)(film, user)


def _explain(film: Movie, user: User | None) -> None:
    seen.opened(film.id)
    st.markdown(f"**{plain(film.label)}**")
    picks = identity.picks(user)
    try:
        explanation = startup.current().recommender.explain(user, film.id, picks=picks)
    except UnknownMovie:
        st.info(_("The model doesn't know this film yet: it learns about it at the next training."))
        return
    parts = parts_of(explanation)
    st.write(
        _(
            "Its score for you is **{score}**. It is the sum of these parts, exactly; "
            "what points left speaks against it."
        ).format(score=number(explanation.score, ".2f"))
    )
    st.plotly_chart(
        charts.score_parts(parts),
        key="why_chart",
        alt=_("The parts of the score: {parts}").format(
            parts=", ".join(
                f"{part} {number(value, '.2f')}" for part, value in parts.itertuples(index=False)
            )
        ),
        config={"displayModeBar": False},
    )
    if explanation.liked:
        _what_if(explanation, user, picks)


def _what_if(explanation: Explanation, user: User | None, picks: Picked) -> None:
    """The five that would come had one not rated some of the films that one liked."""
    strongest = sorted(explanation.liked, key=lambda each: -abs(each[1]))
    with startup.current().engine.connect() as connection:
        liked = movies.by_ids(connection, [movie_id for movie_id, _value in strongest])
    st.markdown(_("**What if you hadn't liked …?** Tick films off; nothing is saved."))
    chosen = []
    for film in liked[:MOST_FILMS]:
        if not st.checkbox(plain(film.label), value=True, key=f"liked-{film.id}"):
            chosen.append(film.id)
    if liked[MOST_FILMS:]:
        labels = {film.id: film.label for film in liked[MOST_FILMS:]}
        chosen += st.multiselect(
            _("… or another one of the films you liked"),
            list(labels),
            format_func=labels.__getitem__,
            key="liked-others",
        )
    recommender = startup.current().recommender
    before = [item.movie_id for item in recommender.give(user, picks=picks).items]
    after = [item.movie_id for item in recommender.give_without(user, chosen, picks=picks)]
    with startup.current().engine.connect() as connection:
        films = movies.by_ids(connection, after)
    st.markdown(_("Your five would be:") if chosen else _("Your five are:"))
    new = _("new")
    for film in films:
        is_new = film.id not in before
        called = plain(film.label)
        st.markdown(f"**{called}** :green-badge[{new}]" if is_new else called)


def parts_of(explanation: Explanation) -> pd.DataFrame:
    """The parts as a frame: part, value; films by their size, the small ones put together."""
    strongest = sorted(explanation.liked, key=lambda each: -abs(each[1]))
    shown, rest = strongest[:MOST_FILMS], strongest[MOST_FILMS:]
    with startup.current().engine.connect() as connection:
        labels = {
            film.id: film.label for film in movies.by_ids(connection, [i for i, _value in shown])
        }
    rows = [
        (_("You liked {film}").format(film=labels.get(movie_id, movie_id)), value)
        for movie_id, value in shown
    ]
    if rest:
        rows.append(
            (
                ngettext(
                    "{count} more film you liked", "{count} more films you liked", len(rest)
                ).format(count=len(rest)),
                sum(value for _movie_id, value in rest),
            )
        )
    if explanation.liked:
        rows.append((_("Its genres"), explanation.genre))
        rows.append((_("Its time"), explanation.period))
    rows.append((_("How popular it is"), explanation.popularity))
    return pd.DataFrame(rows, columns=["part", "value"])
