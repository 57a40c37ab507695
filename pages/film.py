"""The page of a film: facts, ratings, similar films, and one's own opinion."""

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup
from sqlalchemy import Engine

from db.queries import details, film_statistics, movies, tags, tmdb
from db.queries.details import Person
from db.queries.marks import Mark
from db.queries.movies import Movie
from db.queries.tmdb import Shown
from pages.parts import cards, charts, guard, opinions, origins, pictures, reasons, seen, watching
from pages.parts.text import plain
from pages.parts.wording import (
    _,
    genres,
    label_of,
    ngettext,
    number,
    spoken,
    title_of,
    year_and_length,
)
from pages.shell.head import film_title, number_in
from recsys.models.results import UnknownMovie
from startup import Services

MOST_SIMILAR = 6
MOST_TAGS = 8
_WHOLE = 1000  # characters, more than any title has
_WHOLE_PLOT = 6000
_MOMENT = 0.4  # seconds
_TRAILER = "https://www.youtube.com/watch?v="

# Opens Find with the tag in it (parts/search.js).
_TAG = Markup(
    '<li><button type="button" data-find="{tag}" aria-haspopup="dialog">{tag}</button></li>'
)
_PERSON = Markup('<li><a href="/person?id={person.id}">{person.name}</a></li>')


def show(services: Services) -> None:
    """Show the page of the film that the address names."""
    film = _asked(services.engine)
    if film is None:
        st.title(_("A film"))
        st.info(
            _("There is no film at this address. Use “Find a film” above to look one up."),
            icon=":material/search:",
        )
        st.subheader(_("Or one that many people like"))
        cards.show_to_all(services, services.recommender.recommend(None).items, key="popular")
    else:
        st.set_page_config(page_title=film_title(film))
        seen.opened(services.recorder, film.id)
        _facts(services, film)
        opinions.notice(services)
        _similar(services, film)
        _statistics(services.engine, film)


def _asked(engine: Engine) -> Movie | None:
    """Return the film that the address names, if any."""
    asked = number_in(st.query_params.get("id", ""))
    if asked is None:
        return None
    with engine.connect() as connection:
        return next(iter(movies.by_ids(connection, [asked])), None)


def _facts(services: Services, film: Movie) -> None:
    known = _from_tmdb(services, film)
    picture, beside = st.columns([2, 3], gap="large")
    with picture.container(key="picture"):
        if known is not None and known.poster is not None:
            st.html(pictures.poster(film))
        elif known is not None and known.backdrop is not None:
            st.html(pictures.backdrop(film))
        else:
            st.html(pictures.drawn(film))
    with beside:
        st.title(plain(title_of(film), _WHOLE))
        facts = (
            year_and_length(film),
            plain(film.age_rating or ""),
            plain(genres(film.genres)) or _("no genres listed"),
        )
        st.markdown(" · ".join(fact for fact in facts if fact))
        st.html(f'<p class="film">{cards.liking(film)}</p>')
        if known is not None:
            _about(known)
        _people(services.engine, film)
        _tags(services.engine, film)
        _mine(services, film)
        with st.container(horizontal=True):
            if known is not None and known.trailer is not None:
                st.link_button(
                    _("Watch the trailer"), f"{_TRAILER}{known.trailer}", icon=":material/movie:"
                )
            for name, address in film.links.items():
                st.link_button(name, address, icon=":material/open_in_new:")
        if known is not None:
            watching.show(services, film)


def _from_tmdb(services: Services, film: Movie) -> Shown | None:
    """Return what is stored; what is missing is waited for a moment, then for the next run."""
    if services.tmdb is None:
        return None
    known = _stored(services.engine, film)
    if known is None:
        services.tmdb.details.ask([film.id], patience=_MOMENT)
        return _stored(services.engine, film)
    if not known.is_fresh:
        services.tmdb.details.ask([film.id])
    return known


def _stored(engine: Engine, film: Movie) -> Shown | None:
    with engine.connect() as connection:
        return tmdb.of_film(connection, film.id, spoken())


def _about(known: Shown) -> None:
    """Show tagline, folded plot, countries and language."""
    if known.tagline is not None:
        st.markdown(f"*{plain(known.tagline, _WHOLE)}*")
    made_in = [*filter(None, map(origins.country, known.countries))]
    facts = []
    if made_in:
        made = ngettext("Country: {names}", "Countries: {names}", len(made_in))
        facts.append(made.format(names=plain(", ".join(made_in), _WHOLE)))
    if language := origins.language(known.original_language):
        facts.append(_("Original language: {name}").format(name=plain(language)))
    if facts:
        st.markdown(" · ".join(facts))
    if known.plot is not None:
        with st.expander(_("What it is about")):
            st.markdown(plain(known.plot, _WHOLE_PLOT))


def _people(engine: Engine, film: Movie) -> None:
    """Show the original title and the people; each name leads to the person's page."""
    with engine.connect() as connection:
        known = details.of_film(connection, film.id)
    original = known.original_title or ""
    if original.casefold() not in title_of(film).casefold():  # MovieLens has it in brackets
        st.markdown(_("Original title: {title}").format(title=plain(original, _WHOLE)))
    rows = (
        (ngettext("Director", "Directors", len(known.directors)), known.directors),
        (ngettext("Writer", "Writers", len(known.writers)), known.writers),
        (_("Cast"), known.cast),
    )
    if any(people for _label, people in rows):
        st.html(Markup("").join(_people_row(*row) for row in rows))


def _people_row(label: str, people: Sequence[Person]) -> Markup:
    if not people:
        return Markup("")
    names = Markup("").join(_PERSON.format(person=each) for each in people)
    row = Markup('<ul class="people" aria-label="{}"><li>{}:</li>{}</ul>')
    return row.format(label, label, names)


def _tags(engine: Engine, film: Movie) -> None:
    with engine.connect() as connection:
        known = tags.of_film(connection, film.id, MOST_TAGS)
    if known:
        chips = Markup("").join(_TAG.format(tag=each.name) for each in known)
        label = _("Tags: find films with the same one")
        st.html(Markup('<ul class="tags" aria-label="{}">{}</ul>').format(label, chips))


def _mine(services: Services, film: Movie) -> None:
    """Show one's own opinion of the film, with ways to change and remove it."""
    opinion = opinions.of(services, film.id)
    if opinion is None:
        st.write(_("Rate this film"))
    else:
        _said(services, film, opinion)
    opinions.stars(services, film, opinion)
    if isinstance(opinion, float):  # which says more than a mark, and no list has the film
        return
    with st.container(horizontal=True, key=f"say-{film.id}"):
        opinions.mark_buttons(services, film, opinion)
    if st.button(_("Why would I like it?"), type="tertiary", icon=":material/lightbulb:"):
        reasons.show(services, film)


def _said(services: Services, film: Movie, opinion: float | Mark) -> None:
    said = (
        f"{number(opinion, 'g')} ★" if isinstance(opinion, float) else _(opinions.LABELS[opinion])
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("Your answer: **{said}**").format(said=said), width="content")
        st.button(
            _("Clear my answer"),
            key="take_back",
            on_click=guard.callback(opinions.say, services, film.id, label_of(film), None),
        )


def _statistics(engine: Engine, film: Movie) -> None:
    with engine.connect() as connection:
        given = film_statistics.counted(connection, film.id)
    distribution, years = film_statistics.distribution(given), film_statistics.by_year(given)
    if years.empty:
        st.info(_("Nobody has rated this film yet."), icon=":material/star_border:")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(_("How people rate it"))
        st.plotly_chart(
            charts.rating_distribution(distribution),
            key="film_distribution",
            alt=_("How often each number of stars was given to {label}").format(
                label=label_of(film)
            ),
            config={"displayModeBar": False},
        )
    with right:
        st.subheader(_("Its ratings over time"))
        st.plotly_chart(
            charts.film_by_year(years),
            key="film_years",
            alt=_("Ratings of {label} in each year, and their mean").format(label=label_of(film)),
            config={"displayModeBar": False},
        )


def _similar(services: Services, film: Movie) -> None:
    try:
        alike = services.recommender.similar(film.id, MOST_SIMILAR)
    except UnknownMovie:
        return
    films = [*services.recommender.films([each.movie_id for each in alike]).values()]
    if films:
        is_new = film.id in services.recommender.active().model.new_ids
        of_features, of_likes = _("Of similar genres and years"), _("Liked by the same people")
        st.subheader(of_features if is_new else of_likes)
        cards.show_small(services, films, key="similar")
