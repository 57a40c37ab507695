"""Film cards: picture, title, genres, how well liked, and what one can say of it."""

from collections.abc import Collection, Sequence
from html import escape

import streamlit as st

import startup
from db import movies
from db.movies import Movie
from db.users import User
from pages.parts import opinions, reasons
from pages.parts.posters import poster_address
from pages.parts.text import plain
from recsys.results import Recommendation

LEAST_WIDTH = 150
FILM_PAGE = "film.py"


def show(items: Sequence[Recommendation], user: User | None, *, key: str) -> None:
    """Show recommended films side by side, each with its reasons; on a phone two in a row."""
    films = _films_of(items)
    titles = {number: film.title for number, film in films.items()}
    with st.container(key=key), st.grid(5, min_column_width=LEAST_WIDTH):
        for item in items:
            film = films.get(item.movie_id)
            if film is None:
                continue
            with st.container(border=True, height="stretch", gap="small"):
                _picture_and_title(film)
                st.html(_facts(film, reasons.sentence(item.reasons, titles)))
                opinions.stars(film)
                with st.container(horizontal=True, gap="small", key=f"say-{film.id}"):
                    opinions.mark_buttons(film)
                    if st.button(
                        "Why?", key=f"why-{film.id}", type="tertiary", icon=":material/lightbulb:"
                    ):
                        reasons.show(film, user)


def show_to_all(
    items: Sequence[Recommendation], *, key: str, new: Collection[int] = frozenset()
) -> None:
    """Show recommended films with nothing to click but their pages; the `new` ones are marked."""
    films = _films_of(items)
    titles = {number: film.title for number, film in films.items()}
    with st.container(key=key), st.grid(5, min_column_width=LEAST_WIDTH):
        for item in items:
            film = films.get(item.movie_id)
            if film is None:
                continue
            with st.container(border=True, height="stretch", gap="small"):
                _picture_and_title(film, where=f"{key}-")
                if film.id in new:
                    st.badge("new", color="green")
                st.html(_facts(film, reasons.sentence(item.reasons, titles)))


def show_small(films: Sequence[Movie], *, key: str) -> None:
    """Show films with picture, title, genres and stars alone, six in a row."""
    with st.container(key=key), st.grid(6, min_column_width=LEAST_WIDTH):
        for film in films:
            with st.container(border=True, height="stretch", gap="small"):
                _picture_and_title(film, where=f"{key}-")
                st.html(f'<div class="film">{_genres(film)}</div>')
                opinions.stars(film, where=f"{key}-")


def liking(film: Movie) -> str:
    """How well liked a film is, as HTML."""
    if film.mean is None or not film.ratings:
        return '<span class="quiet">Nobody has rated it yet</span>'
    people = f"{film.ratings:,} rating{'s' if film.ratings != 1 else ''}"
    return (
        f"<b>★ {film.mean:.1f}</b> "
        f'<span class="quiet">{people}, {film.likes / film.ratings:.0%} liked it</span>'
    )


def _films_of(items: Sequence[Recommendation]) -> dict[int, Movie]:
    """The recommended films and those that are their reasons, by number."""
    asked = [item.movie_id for item in items]
    liked = [reason.movie_id for item in items for reason in item.reasons]
    with startup.current().engine.connect() as connection:
        return {film.id: film for film in movies.by_ids(connection, [*asked, *liked])}


def _picture_and_title(film: Movie, *, where: str = "") -> None:
    st.html(f'<img class="poster" alt="" src="{poster_address(film.id, film.genres)}">')
    with st.container(key=f"title-{where}{film.id}"):
        st.page_link(FILM_PAGE, label=plain(film.title), query_params={"id": str(film.id)})


def _facts(film: Movie, why: str) -> str:
    year = f'<p class="quiet">{film.year}</p>' if film.year is not None else ""
    return (
        f'<div class="film">{year}<p>{liking(film)}</p>{_genres(film)}'
        f'<p class="why">{escape(why)}</p></div>'
    )


def _genres(film: Movie) -> str:
    tags = "".join(f"<span>{escape(genre)}</span>" for genre in film.genres)
    return f'<div class="genres">{tags}</div>'
