"""Film cards: picture, title, genres, how well liked."""

from collections.abc import Sequence
from html import escape

import streamlit as st

import startup
from db import movies
from db.movies import Movie
from db.users import User
from pages.parts import rating, reasons
from pages.parts.posters import poster_address
from recsys.results import Recommendation

LEAST_WIDTH = 150


def show(items: Sequence[Recommendation], user: User | None, *, key: str) -> None:
    """Show films side by side, with stars to rate and the reasons; on a phone two in a row."""
    asked = [item.movie_id for item in items]
    liked = [reason.movie_id for item in items for reason in item.reasons]
    with startup.current().engine.connect() as connection:
        films = {film.id: film for film in movies.by_ids(connection, [*asked, *liked])}
    titles = {number: film.title for number, film in films.items()}
    with st.container(key=key), st.grid(5, min_column_width=LEAST_WIDTH):
        for item in items:
            film = films.get(item.movie_id)
            if film is None:
                continue
            with st.container(border=True, height="stretch"):
                st.html(_card(film, reasons.sentence(item.reasons, titles)))
                rating.stars(film)
                if st.button(
                    "Why?", key=f"why-{film.id}", type="tertiary", icon=":material/lightbulb:"
                ):
                    reasons.show(film, user)


def _card(film: Movie, why: str) -> str:
    genres = "".join(f"<span>{escape(genre)}</span>" for genre in film.genres)
    year = f'<p class="quiet">{film.year}</p>' if film.year is not None else ""
    return (
        f'<article class="film"><img class="poster" alt="" '
        f'src="{poster_address(film.id, film.genres)}">'
        f"<h3>{escape(film.title)}</h3>{year}"
        f"<p>{_liking(film)}</p>"
        f'<div class="genres">{genres}</div>'
        f'<p class="why">{escape(why)}</p></article>'
    )


def _liking(film: Movie) -> str:
    if film.mean is None or not film.ratings:
        return '<span class="quiet">Nobody has rated it yet</span>'
    people = f"{film.ratings:,} rating{'s' if film.ratings != 1 else ''}"
    return (
        f"<b>★ {film.mean:.1f}</b> "
        f'<span class="quiet">{people}, {film.likes / film.ratings:.0%} liked it</span>'
    )
