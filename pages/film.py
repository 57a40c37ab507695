"""One film: facts, what people think of it, what is like it, and what I say of it."""

import streamlit as st

import startup
from db import film as figures
from db import movies
from db.movies import Movie
from pages.parts import cards, charts, identity, opinions, reasons, seen
from pages.parts.posters import poster_address
from pages.parts.text import plain
from recsys.results import UnknownMovie

MOST_SIMILAR = 6


def _asked() -> Movie | None:
    """The film that the address names, if it names one."""
    number = st.query_params.get("id", "")
    if not (number.isascii() and number.isdigit() and 0 < int(number[:12]) < 2**31):
        return None
    with startup.current().engine.connect() as connection:
        return next(iter(movies.by_ids(connection, [int(number[:12])])), None)


def _facts(film: Movie) -> None:
    picture, facts = st.columns([2, 3], gap="large")
    picture.html(f'<img class="poster large" alt="" src="{poster_address(film.id, film.genres)}">')
    with facts:
        st.title(plain(film.title))
        year = f"{film.year} · " if film.year is not None else ""
        st.markdown(f"{year}{plain(', '.join(film.genres)) or 'no genres listed'}")
        st.html(f'<p class="film">{cards.liking(film)}</p>')
        _mine(film)
        with st.container(horizontal=True):
            for name, address in film.links.items():
                st.link_button(name, address, icon=":material/open_in_new:")


def _mine(film: Movie) -> None:
    """What I have said of the film, and how to say it or take it back."""
    opinion = opinions.of(film.id)
    if opinion is None:
        st.write("What do you say of it?")
        opinions.stars(film)
        with st.container(horizontal=True, key=f"say-{film.id}"):
            opinions.mark_buttons(film)
        if st.button("Why would I like it?", type="tertiary", icon=":material/lightbulb:"):
            reasons.show(film, identity.current_user())
        return
    said = f"{opinion:g} ★" if isinstance(opinion, float) else opinions.LABELS[opinion]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"You say: **{said}**", width="content")
        st.button(
            "Take it back",
            key="take_back",
            on_click=opinions.say,
            args=(film.id, film.label, None),
        )


def _figures(film: Movie) -> None:
    with startup.current().engine.connect() as connection:
        distribution = figures.distribution(connection, film.id)
        years = figures.by_year(connection, film.id)
    if years.empty:
        st.info("Nobody has rated this film yet.", icon=":material/star_border:")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("How people rate it")
        st.plotly_chart(
            charts.rating_distribution(distribution),
            key="film_distribution",
            alt=f"How often each number of stars was given to {film.label}",
            config={"displayModeBar": False},
        )
    with right:
        st.subheader("Its ratings over time")
        st.plotly_chart(
            charts.film_by_year(years),
            key="film_years",
            alt=f"Ratings of {film.label} in each year, and their mean",
            config={"displayModeBar": False},
        )


def _similar(film: Movie) -> None:
    try:
        alike = startup.current().recommender.similar(film.id, MOST_SIMILAR)
    except UnknownMovie:
        return
    with startup.current().engine.connect() as connection:
        films = movies.by_ids(connection, [each.movie_id for each in alike])
    if films:
        st.subheader("The same people like")
        cards.show_small(films, key="similar")


film = _asked()
if film is None:
    st.title("A film")
    st.info(
        "There is no film at this address. Find one by its title with “Find a film” above.",
        icon=":material/search:",
    )
else:
    seen.opened(film.id)
    _facts(film)
    opinions.notice()
    _similar(film)
    _figures(film)
