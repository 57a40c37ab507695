"""Why a film is recommended: a sentence on its card, and its score taken apart on request."""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd
import streamlit as st

from db.queries.movies import Movie
from pages.parts import charts, guard, identity, opinions, seen
from pages.parts.text import plain
from pages.parts.wording import N_, _, genre, genre_in_text, label_of, ngettext, number
from recsys.models.explanation import Explanation
from recsys.models.results import Recommendation, UnknownMovie
from recsys.models.styles import Style
from recsys.serving.guests import GuestRatings
from recsys.serving.recommender import Recommender
from startup import Services

MOST_FILMS = 6
MOST_DISLIKED = 3
SIZEABLE = 0.1  # of all positive contributions

# Whole sentences, because each genre has its own grammatical gender in Russian.
_WELL_LIKED = {
    "Action": N_("A well-liked action film"),
    "Adventure": N_("A well-liked adventure film"),
    "Animation": N_("A well-liked animated film"),
    "Children": N_("A well-liked children's film"),
    "Children's": N_("A well-liked children's film"),
    "Comedy": N_("A well-liked comedy"),
    "Crime": N_("A well-liked crime film"),
    "Documentary": N_("A well-liked documentary"),
    "Drama": N_("A well-liked drama"),
    "Fantasy": N_("A well-liked fantasy film"),
    "Film-Noir": N_("A well-liked film noir"),
    "Horror": N_("A well-liked horror film"),
    "IMAX": N_("A well-liked IMAX film"),
    "Musical": N_("A well-liked musical"),
    "Mystery": N_("A well-liked mystery"),
    "Romance": N_("A well-liked romance"),
    "Sci-Fi": N_("A well-liked science-fiction film"),
    "Thriller": N_("A well-liked thriller"),
    "War": N_("A well-liked war film"),
    "Western": N_("A well-liked Western"),
}


def sentence(item: Recommendation, titles: Mapping[int, str]) -> str:
    """Return the main reason: "Because you liked Heat and Fargo", "A well-liked Western"."""
    if item.basis == "popular":
        return _("Something new") if item.is_new else _("Many people like it")
    if item.basis not in ("liked", "many"):
        if item.is_new:
            return _("Of a genre you may like: {genre}").format(genre=genre_in_text(item.basis))
        of_genre = _WELL_LIKED.get(item.basis)
        return _(of_genre) if of_genre else _("Well liked: {genre}").format(genre=genre(item.basis))
    liked = [titles[each.movie_id] for each in item.reasons if each.movie_id in titles][:2]
    if item.basis == "many" or not liked:
        return _("Similar to many of the films you liked")
    if len(liked) == 1:
        return _("Because you liked {film}").format(film=liked[0])
    return _("Because you liked {film} and {other}").format(film=liked[0], other=liked[1])


def show(services: Services, film: Movie, style: Style | None = None) -> None:
    """Show all contributions, which add up to the score, and the list without a liked film.

    Without a style in the one that was kept.
    """
    guard.dialog(_("Why this film?"), _explain, services, film, style)


def _explain(services: Services, film: Movie, style: Style | None) -> None:
    user = identity.current_user()
    seen.opened(services.recorder, film.id)
    st.markdown(f"**{plain(label_of(film))}**")
    guest_ratings = identity.guest_ratings(services, user)
    try:
        explanation = services.recommender.explain(
            user, film.id, guest_ratings=guest_ratings, style=style
        )
    except UnknownMovie:
        st.info(_("The model doesn't know this film yet; it will after the next training."))
        return
    dismissed = _dismissed(services) if explanation.disliked else set()
    parts = parts_of(services.recommender, explanation, dismissed)
    although = despite_dislike(services.recommender, explanation, dismissed)
    st.write(
        _(
            "Its score for you is **{score}**, which is exactly the sum of these parts. Bars "
            "to the left count against it."
        ).format(score=number(explanation.score, ".2f"))
        + (f" {although}" if although else "")
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
        _what_if(services, explanation, guest_ratings, style)


def _dismissed(services: Services) -> set[int]:
    """Return the films that the current person isn't interested in."""
    return {film for film, mark in opinions.marked(services).items() if mark == "dismissed"}


def despite_dislike(
    recommender: Recommender, explanation: Explanation, dismissed: Collection[int]
) -> str:
    """Say which disliked film counts most against this one, if it counts enough."""
    for_it = [part for _film, part in explanation.liked]
    for_it += [explanation.genre, explanation.period, explanation.popularity]
    speaks_for_it = sum(part for part in for_it if part > 0)
    if not explanation.disliked or -explanation.disliked[0][1] < SIZEABLE * speaks_for_it:
        return ""
    movie_id = explanation.disliked[0][0]
    film = recommender.films([movie_id]).get(movie_id)
    if film is None:
        return ""
    words = (
        _("It is listed although you weren't interested in **{film}**.")
        if movie_id in dismissed
        else _("It is listed although you disliked **{film}**.")
    )
    return words.format(film=plain(label_of(film)))


def _what_if(
    services: Services, explanation: Explanation, guest_ratings: GuestRatings, style: Style | None
) -> None:
    """Show the five films that would follow without some of the liked films."""
    strongest = sorted(explanation.liked, key=lambda each: -abs(each[1]))
    liked = [*services.recommender.films([movie_id for movie_id, _value in strongest]).values()]
    st.markdown(_("**What if you hadn't liked …?** Untick films to find out; nothing is saved."))
    chosen = []
    for film in liked[:MOST_FILMS]:
        if not st.checkbox(plain(label_of(film)), value=True, key=f"liked-{film.id}"):
            chosen.append(film.id)
    if liked[MOST_FILMS:]:
        labels = {film.id: label_of(film) for film in liked[MOST_FILMS:]}
        chosen += st.multiselect(
            _("… or another one of the films you liked"),
            list(labels),
            format_func=labels.__getitem__,
            key="liked-others",
        )
    recommender, user = services.recommender, identity.current_user()
    before = [
        item.movie_id
        for item in recommender.recommend(user, guest_ratings=guest_ratings, style=style).items
    ]
    without = recommender.recommend_without(user, chosen, guest_ratings=guest_ratings, style=style)
    after = [item.movie_id for item in without]
    st.markdown(_("Your five would be:") if chosen else _("Your five are:"))
    new = _("new")
    for film in recommender.films(after).values():
        is_new = film.id not in before
        called = plain(label_of(film))
        st.markdown(f"**{called}** :green-badge[{new}]" if is_new else called)


def parts_of(
    recommender: Recommender, explanation: Explanation, dismissed: Collection[int] = frozenset()
) -> pd.DataFrame:
    """Return contributions as a frame: part, value; largest first, small ones combined.

    Parameters
    ----------
    recommender : Recommender
    explanation : Explanation
    dismissed : collection of int
        The films that the person isn't interested in, rather than having rated them low.

    Returns
    -------
    DataFrame
        part, value.
    """
    liked, more_liked = _strongest(explanation.liked, MOST_FILMS)
    disliked, more_disliked = _strongest(explanation.disliked, MOST_DISLIKED)
    films = recommender.films([film for film, _part in (*liked, *disliked)])
    labels = {number: label_of(film) for number, film in films.items()}
    rows = [
        (_("You liked {film}").format(film=labels.get(film, film)), part) for film, part in liked
    ]
    if more_liked:
        words = ngettext(
            "{count} more film you liked", "{count} more films you liked", len(more_liked)
        )
        rows.append((words.format(count=len(more_liked)), sum(more_liked)))
    rows += [
        (
            (
                _("You weren't interested in {film}")
                if film in dismissed
                else _("You disliked {film}")
            ).format(film=labels.get(film, film)),
            part,
        )
        for film, part in disliked
    ]
    if more_disliked:
        words = ngettext(
            "{count} more film you disliked", "{count} more films you disliked", len(more_disliked)
        )
        rows.append((words.format(count=len(more_disliked)), sum(more_disliked)))
    if explanation.liked or explanation.disliked:
        rows.append((_("Its genres"), explanation.genre))
        rows.append((_("Its era"), explanation.period))
    rows.append((_("How popular it is"), explanation.popularity))
    return pd.DataFrame(rows, columns=["part", "value"])


def _strongest(
    parts: Sequence[tuple[int, float]], most: int
) -> tuple[list[tuple[int, float]], list[float]]:
    """Return the films with the largest contributions, and the sum of the others."""
    ordered = sorted(parts, key=lambda each: -abs(each[1]))
    return ordered[:most], [part for _film, part in ordered[most:]]
