"""One film: facts, what people think of it, what is like it, and what I say of it."""

import streamlit as st

import startup
from db import film as figures
from db import movies
from db.movies import Movie
from pages.parts import cards, charts, identity, opinions, reasons, seen
from pages.parts.posters import poster_address
from pages.parts.text import plain
from pages.parts.wording import _, genres, number
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
    with picture.container(key="picture"):
        st.html(f'<img class="poster" alt="" src="{poster_address(film.id, film.genres)}">')
    with facts:
        st.title(plain(film.title))
        year = f"{film.year} · " if film.year is not None else ""
        st.markdown(f"{year}{plain(genres(film.genres)) or _('no genres listed')}")
        st.html(f'<p class="film">{cards.liking(film)}</p>')
        _mine(film)
        with st.container(horizontal=True):
            for name, address in film.links.items():
                st.link_button(name, address, icon=":material/open_in_new:")


def _mine(film: Movie) -> None:
    """What I have said of the film, and how to say it or take it back."""
    opinion = opinions.of(film.id)
    if opinion is None:
        st.write(_("What do you say of it?"))
        opinions.stars(film)
        with st.container(horizontal=True, key=f"say-{film.id}"):
            opinions.mark_buttons(film)
        if st.button(_("Why would I like it?"), type="tertiary", icon=":material/lightbulb:"):
            reasons.show(film, identity.current_user())
        return
    said = (
        f"{number(opinion, 'g')} ★" if isinstance(opinion, float) else _(opinions.LABELS[opinion])
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("You say: **{said}**").format(said=said), width="content")
        st.button(
            _("Take it back"),
            key="take_back",
            on_click=opinions.say,
            args=(film.id, film.label, None),
        )


def _figures(film: Movie) -> None:
    with startup.current().engine.connect() as connection:
        given = figures.counted(connection, film.id)
    distribution, years = figures.distribution(given), figures.by_year(given)
    if years.empty:
        st.info(_("Nobody has rated this film yet."), icon=":material/star_border:")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(_("How people rate it"))
        st.plotly_chart(
            charts.rating_distribution(distribution),
            key="film_distribution",
            alt=_("How often each number of stars was given to {label}").format(label=film.label),
            config={"displayModeBar": False},
        )
    with right:
        st.subheader(_("Its ratings over time"))
        st.plotly_chart(
            charts.film_by_year(years),
            key="film_years",
            alt=_("Ratings of {label} in each year, and their mean").format(label=film.label),
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
        st.subheader(_("The same people like"))
        cards.show_small(films, key="similar")


film = _asked()
if film is None:
    st.title(_("A film"))
    st.info(
        _("There is no film at this address. Find one by its title with “Find a film” above."),
        icon=":material/search:",
    )
else:
    seen.opened(film.id)
    _facts(film)
    opinions.notice()
    _similar(film)
    _figures(film)
