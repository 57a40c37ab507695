"""The map of films: films that the same people like are close to each other."""

import streamlit as st

from db.queries import search
from db.queries.movies import Movie
from pages.parts import film_map, identity
from pages.parts.search import ANY_FILM, box
from pages.parts.text import plain
from pages.parts.wording import _
from startup import Services

MOST_FOUND = 12


def show(services: Services) -> None:
    """Show the map, a search for its films, and where the current person is."""
    st.title(_("Map of films"))
    films = film_map.films_on_it(services)
    if films.empty:
        film_map.without_one(services.progress)
        st.stop()
    st.markdown(film_map.about(len(films)))
    typed = box(
        _("Find films on the map"),
        key="find_film",
        suggestion=_(ANY_FILM),
        is_in_address=True,
        width=420,
    )
    on_it = set(films["movie_id"])
    found: list[Movie] = []
    if typed:
        with services.engine.connect() as connection:
            found, _total = search.search(connection, query=typed, size=MOST_FOUND)
    who = film_map.whereabouts(services, identity.current_user(), films)
    film_map.draw(films, who, key="film_map", called=_("You"), found=[film.id for film in found])
    if who.place is None:
        st.caption(_("Rate a film on any page to see yourself on the map."))
    else:
        st.caption(film_map.about_place(_("You")))
    left, right = st.columns(2, gap="large")
    with left:
        if typed:
            st.subheader(_("Found for “{typed}”").format(typed=plain(typed)))
            if found:
                film_map.listed(found, on_it)
            else:
                st.info(_("No film has a title like that. Try fewer letters."))
    with right:
        if who.place is not None:
            st.subheader(_("Nearest to you"))
            nearest = services.recommender.films(film_map.near(films, who.place))
            film_map.listed([*nearest.values()], on_it)
