"""The page of a person: their films, those that the visitor would like best first."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db.queries import details
from db.queries.details import Person, Role
from db.queries.movies import Movie
from pages.parts import cards, guard, identity, opinions, people
from pages.parts.text import plain
from pages.parts.wording import _, number, year_and_length
from pages.shell.head import number_in, person_title
from recsys.serving import people as visitors
from recsys.serving.histories import history_of
from recsys.serving.lists import style_of
from startup import Services

AT_ONCE = 24
_MORE = "more_of_person"
_WHOLE = 1000  # characters, more than any name has


def show(services: Services) -> None:
    """Show the films of the person whom the address names."""
    person, films = _asked(services)
    if person is None:
        st.title(_("A person"))
        st.info(
            _(
                "There is no person at this address. Use “Find a film” above to look one up by "
                "name; the people of a film are on its page."
            ),
            icon=":material/search:",
        )
        return
    st.set_page_config(page_title=person_title(person))
    st.title(plain(person.name, _WHOLE))
    links = [f"[{site}]({address})" for site, address in person.links.items()]
    st.markdown(" · ".join([people.counted(films.values()), *links]))
    opinions.notice(services)
    _filmography(services, person, films)


def _asked(services: Services) -> tuple[Person | None, dict[int, list[Role]]]:
    """Return the person whom the address names, if any, and the films with their roles."""
    asked = number_in(st.query_params.get("id", ""))
    if asked is None:
        return None, {}
    with services.engine.connect() as connection:
        return details.person(connection, asked), details.films_of(connection, asked)


def _filmography(services: Services, person: Person, films: Mapping[int, Sequence[Role]]) -> None:
    user = identity.current_user()
    guest_ratings = identity.guest_ratings(services, user)
    own = visitors.history(services.engine, user, guest_ratings)
    ranked = services.recommender.active().model.ranked(
        history_of(own), list(films), style_of(user, guest_ratings)
    )
    answers = {film: _(opinions.LABELS[mark]) for film, mark in opinions.marked(services).items()}
    answers |= {
        film: f"{number(stars, 'g')} ★"
        for film, stars in zip(own.movie_ids.tolist(), own.stars.tolist(), strict=True)
    }
    new = [film for film in ranked if film not in answers]
    known = [film for film in ranked if film in answers]
    if new:
        st.subheader(_("Best for you first") if len(own.movie_ids) else _("Best liked first"))
        _cards(services, person, new, films, answers, key="new")
    if known:
        st.subheader(_("Rated or marked by you"))
        _cards(services, person, known, films, answers, key="known")


def _cards(
    services: Services,
    person: Person,
    ranked: Sequence[int],
    films: Mapping[int, Sequence[Role]],
    answers: Mapping[int, str],
    *,
    key: str,
) -> None:
    """Show the first of these films, and a button for more."""
    shown = f"{_MORE}_{key}_{person.id}"
    most = st.session_state.get(shown, AT_ONCE)
    found = [*services.recommender.films(ranked[:most]).values()]
    has_several = len({role for roles in films.values() for role in roles}) > 1
    lines = {
        film.id: _lines(film, films[film.id] if has_several else (), answers.get(film.id))
        for film in found
    }
    cards.show_small(services, found, key=f"person_{key}", lines=lines)
    if len(ranked) > most:
        st.button(
            _("Show more"),
            icon=":material/expand_more:",
            key=f"more_{key}",
            on_click=guard.callback(_show_more, shown, most + AT_ONCE),
        )


def _lines(film: Movie, roles: Sequence[Role], answer: str | None) -> tuple[str, ...]:
    lines = (
        year_and_length(film),
        people.roles(roles),
        "" if answer is None else _("Your answer: {said}").format(said=answer),
    )
    return tuple(line for line in lines if line)


def _show_more(shown: str, most: int) -> None:
    st.session_state[shown] = most
