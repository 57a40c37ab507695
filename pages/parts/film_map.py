"""The map of films with a person on it: for the Map page and the Walkthrough."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from db.queries import histories
from db.queries.movies import Movie
from db.queries.users import User
from db.scale import LIKE
from pages.parts import commands, identity, links
from pages.parts.map_chart import film_map, legend, with_main_genre
from pages.parts.text import plain
from pages.parts.wording import _, genres, label_of, number, title_of
from recsys.models.positions import MOST_FOR_A_PERSON, place_of_person
from recsys.serving.cache import LIST_LENGTH
from startup import Progress, Services

MOST_NEAR = 10


@dataclass(frozen=True)
class Whereabouts:
    """A person on the map: the films they like, their five, and their position."""

    liked: list[int]
    five: list[int]
    place: tuple[float, float] | None


def about(films: int) -> str:
    """Return what the map is and how to read it."""
    return _(
        "The {films} best-liked films, placed by t-SNE ([van der Maaten and Hinton "
        "2008](https://jmlr.org/papers/v9/vandermaaten08a.html)) from what the model has "
        "learned about them. **Only nearness counts**: films next to each other are liked by "
        "the same people; the axes and large distances mean nothing. Colour and shape show a "
        "film's first genre, size how many people like it. Click a film to open it."
    ).format(films=number(films))


def about_place(called: str) -> str:
    """Return what a person's position on the map means."""
    return _(
        "**{called}**: the mean place of the first {most} recommended films that are on the map, "
        "weighted by their scores."
    ).format(called=called, most=MOST_FOR_A_PERSON)


def films_on_it(services: Services) -> pd.DataFrame:
    """Return the map's films: movie_id, x, y, title, year, genres, genre_names, genre, likes."""
    placed = services.recommender.places()
    films = services.recommender.films(placed["movie_id"].tolist()).values()
    about = pd.DataFrame(
        {
            "movie_id": [film.id for film in films],
            "title": [label_of(film) for film in films],
            "genre_names": [film.genres for film in films],
            "genres": [genres(film.genres) or _("no genres listed") for film in films],
            "likes": [film.likes for film in films],
        }
    )
    return with_main_genre(placed.merge(about, on="movie_id", how="inner"))


def whereabouts(services: Services, user: User | None, films: pd.DataFrame) -> Whereabouts:
    """Return where a person is; without a rating they have no position yet."""
    guest_ratings = identity.guest_ratings(services, user)
    rated = guest_ratings.history
    if user is not None:
        with services.engine.connect() as connection:
            rated = histories.frame(connection, user.id)
    served = services.recommender.recommend(user, guest_ratings=guest_ratings, limit=LIST_LENGTH)
    return Whereabouts(
        liked=rated.loc[rated["rating"] >= LIKE, "movie_id"].tolist(),
        five=[item.movie_id for item in served.items[:5]],
        place=None if rated.empty else place_of_person(films, served.items),
    )


def draw(
    films: pd.DataFrame, who: Whereabouts, *, key: str, called: str, found: Sequence[int] = ()
) -> None:
    """Draw the map, its legend beside it; a click on a film opens its page."""
    figure = film_map(
        films,
        liked=who.liked,
        five=who.five,
        found=found,
        person=who.place,
        called=called,
        theme=st.context.theme.type or "light",
    )
    left, right = st.columns([6, 1])
    with right:
        st.html(legend(figure))
    with left:
        event = st.plotly_chart(
            figure,
            key=key,
            alt=_in_words(films, who, called, found),
            on_select="rerun",
            selection_mode="points",
            config={
                "displaylogo": False,
                "modeBarButtons": [["zoomIn2d", "zoomOut2d", "pan2d", "resetScale2d"]],
            },
        )
    clicked = [each["customdata"] for each in event.selection.points if "customdata" in each]
    if clicked:
        _open(_number(clicked[0]))


def _open(movie_id: int) -> None:
    """Open it as a link would (links.js); `st.switch_page` would add two entries to the history."""
    st.html(f"<script>fiveFilms.go('/film?id={movie_id}')</script>", unsafe_allow_javascript=True)


def near(films: pd.DataFrame, place: tuple[float, float], most: int = MOST_NEAR) -> list[int]:
    """Return the films nearest to a position, nearest first."""
    distances = np.hypot(films["x"].to_numpy() - place[0], films["y"].to_numpy() - place[1])
    return films["movie_id"].iloc[np.argsort(distances, kind="stable")[:most]].tolist()


def listed(found: Sequence[Movie], on_it: Collection[int]) -> None:
    """Show films as numbered links to their pages; mark those that aren't on the map."""
    for place, film in enumerate(found, start=1):
        about = plain(genres(film.genres)) if film.id in on_it else _("*not on the map*")
        links.link(
            "film",
            f"{place}\\. **{plain(title_of(film))}** {film.year or ''} · {about}",
            query_params={"id": str(film.id)},
            width="stretch",
        )


def without_one(progress: Progress) -> None:
    """Say what to do when the model has no map."""
    if not progress.is_done:
        st.info(
            _(
                "The map comes with the model, which is being trained right now. Come back "
                "in a minute."
            ),
            icon=":material/hourglass:",
        )
        return
    st.info(
        _(
            "The current model has no map: it was trained by an older version, with little "
            "memory, or on too few films that anyone likes. Whoever runs this installation "
            "can retrain it under Operations or on the command line:"
        ),
        icon=":material/map:",
    )
    commands.show("python -m recsys train")


def _number(customdata: Any) -> int:
    """Return the film's number, which Plotly wraps in a list for some kinds of points."""
    return int(customdata[0] if isinstance(customdata, list) else customdata)


def _in_words(films: pd.DataFrame, who: Whereabouts, called: str, found: Sequence[int]) -> str:
    on_it = set(films["movie_id"])
    words = [_("A map of {films} films, by their main genre").format(films=number(len(films)))]
    if marked := on_it & set(found):
        words.append(_("found and marked: {count}").format(count=len(marked)))
    if marked := on_it & set(who.liked):
        words.append(_("liked and ringed: {count}").format(count=len(marked)))
    if who.place is not None:
        words.append(_("{called}: among the films listed below").format(called=called))
    return "; ".join(words) + "."
