"""Choosing a subject: by number, at random, or a made-up history; all in the address."""

from dataclasses import dataclass

import streamlit as st
from sqlalchemy import Engine

from accounts import inspection
from accounts.inspection import NotShownError
from config import Settings
from db.queries import histories, interactions, movies, search, users
from db.queries.movies import Movie
from db.queries.users import FIRST_REGISTERED
from db.scale import HIGHEST, STARS
from pages.inspector import made_up
from pages.inspector.subject import Subject
from pages.parts import access, guard, styles
from pages.parts.search import ANY_FILM, box
from pages.parts.text import plain
from pages.parts.wording import N_, _, label_of, number, pgettext, say
from recsys.models.styles import DEFAULT_STYLE, Style
from startup import Services

USER, OTHER, HISTORY = "user", "other", "history"
MADE_UP = N_("The made-up history")

MOST_FOUND = 6
_STARS, _TITLE = "made_up_stars", "made_up_title"


@dataclass(frozen=True)
class Chosen:
    """The chosen subjects, the length of lists, and the style."""

    first: Subject | None
    second: Subject | None
    k: int
    style: Style


def ask(services: Services) -> Chosen:
    """Show the choices and return what was chosen; explain what is impossible."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(
            _("Person"),
            key=USER,
            bind="query-params",
            placeholder=_("a number"),
            max_chars=40,
            width=150,
            on_change=guard.callback(_forget_made_up),
        )
        beside = st.text_input(
            _("Against person"),
            key=OTHER,
            bind="query-params",
            placeholder=_("nobody"),
            max_chars=40,
            width=150,
        )
        st.button(
            _("Someone at random"),
            icon=":material/casino:",
            key="random",
            on_click=guard.callback(_choose_anybody, services),
        )
        k = st.segmented_control(
            _("Films per list"), [5, 10], default=5, required=True, key="k", bind="query-params"
        )
    style = styles.look(DEFAULT_STYLE)
    rated, films = _read_made_up(services.engine)
    with st.expander(_("Make up a history"), icon=":material/edit_note:", expanded=bool(rated)):
        _make_up(services.engine, rated, films)
    first = _person(services, typed)
    if rated:
        if typed.strip():
            _complain(
                _("The address has a person and a history: what follows is the made-up history.")
            )
        first = Subject(_(MADE_UP), made_up.history(rated), is_made_up=True)
    second = _person(services, beside)
    if second is not None and first is not None and second.name == first.name:
        _complain(_("Choose two different people to compare.").format(name=first.name))
        second = None
    return Chosen(first, second, int(k or 5), style)


def _person(services: Services, typed: str) -> Subject | None:
    """Return the person with the typed number; None, with a reason, if there is none."""
    words = typed.strip()
    if not words:
        return None
    digits = (
        words.lower()
        .removeprefix(_("Person").lower())
        .removeprefix("person")
        .replace("#", "")
        .replace(",", "")
        .strip()
    )
    if not (digits.isascii() and digits.isdigit()):
        _complain(
            _("“{words}” is not a number. {who_there_is}").format(
                words=plain(words, 40), who_there_is=_who_there_is(services)
            )
        )
        return None
    person = int(digits)
    with services.engine.connect() as connection:
        try:
            found = inspection.person(
                connection, access.require(services.settings, "analyst"), person, services.settings
            )
        except NotShownError as error:
            _complain(plain(say(error), 300))
            return None
        if found is not None:
            history = histories.get(connection, person)
            return Subject(
                _("Person {number}").format(number=person),
                history.frame,
                frozenset(history.marked),
                frozenset(history.dismissed),
            )
    _complain(
        _("There is no person {number}. {who_there_is}").format(
            number=person, who_there_is=_who_there_is(services)
        )
    )
    return None


def _who_there_is(services: Services) -> str:
    with services.engine.connect() as connection:
        numbers = users.numbers_of_raters(connection)
    words = [_("Or pick someone at random.")]
    if _sees_registered(services.settings):
        words.insert(
            0,
            _("Accounts registered here have numbers from {first}.").format(first=FIRST_REGISTERED),
        )
    if numbers is not None:
        words.insert(
            0,
            _("The data set's people are {first} to {last}.").format(
                first=numbers[0], last=numbers[1]
            ),
        )
    return " ".join(words)


def _sees_registered(settings: Settings) -> bool:
    return inspection.sees_registered(access.require(settings, "analyst"), settings)


def _complain(words: str) -> None:
    st.warning(words, icon=":material/rule:")


def _choose_anybody(services: Services) -> None:
    with services.engine.connect() as connection:
        person = interactions.random_rater(
            connection, registered=_sees_registered(services.settings)
        )
    if person is not None:
        st.session_state[USER] = str(person)
        _forget_made_up()


def _forget_made_up() -> None:
    if str(st.session_state[USER]).strip():
        st.query_params.pop(HISTORY, None)


def _read_made_up(engine: Engine) -> tuple[list[made_up.Rated], dict[int, Movie]]:
    """Return the address's made-up history with its films; explain what is impossible."""
    rated, problems = made_up.read(st.query_params.get(HISTORY, ""))
    with engine.connect() as connection:
        found = movies.by_ids(connection, [film for film, _ in rated if film < 2**31])
    films = {film.id: film for film in found}
    problems += [
        _("there is no film {film}").format(film=film)
        for film, _stars in rated
        if film not in films
    ]
    if problems:
        words = _("Ignored in the address's history: {problems}.")
        if len(problems) > 3:
            words = _("Ignored in the address's history: {problems}; and {more} more.")
        _complain(
            words.format(problems=plain("; ".join(problems[:3]), 400), more=len(problems) - 3)
        )
    return [each for each in rated if each[0] in films], films


def _make_up(engine: Engine, rated: list[made_up.Rated], films: dict[int, Movie]) -> None:
    st.caption(
        _(
            "The films an imaginary person has rated, the newest last: the order counts. The "
            "history is part of the address; nothing is saved."
        )
    )
    for film, stars in rated:
        with st.container(horizontal=True, vertical_alignment="center", key=f"made_up-{film}"):
            st.markdown(plain(label_of(films[film])), width="stretch")
            st.selectbox(
                _("Stars for {label}").format(label=plain(label_of(films[film]))),
                STARS,
                index=STARS.index(stars),
                format_func=_stars,
                key=f"{_STARS}-{film}",
                width=110,
                label_visibility="collapsed",
                on_change=guard.callback(_rate, rated, film),
            )
            st.button(
                _("Remove"),
                key=f"take_out-{film}",
                icon=":material/close:",
                type="tertiary",
                on_click=guard.callback(_keep, [each for each in rated if each[0] != film]),
            )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = box(_("Add a film"), key=_TITLE, suggestion=_(ANY_FILM), is_live=True, width=360)
        stars = st.selectbox(
            pgettext("so many stars", "with"),
            STARS,
            index=STARS.index(HIGHEST),
            format_func=_stars,
            key=_STARS,
            width=110,
        )
    if len(rated) >= made_up.MOST:
        st.caption(_("At most {most} films: remove one to add another.").format(most=made_up.MOST))
    elif title:
        _found(engine, title, rated, float(stars))


def _stars(value: float) -> str:
    return f"{number(value, 'g')} ★"


def _found(engine: Engine, title: str, rated: list[made_up.Rated], stars: float) -> None:
    with engine.connect() as connection:
        found, _total = search.search(connection, query=title, size=MOST_FOUND)
    if not found:
        st.info(
            _("No film has a title like “{title}”. Try fewer letters.").format(title=plain(title)),
            icon=":material/search_off:",
        )
    there = {film for film, _ in rated}
    with st.container(horizontal=True):
        for film in found:
            st.button(
                plain(label_of(film)),
                key=f"add-{film.id}",
                icon=":material/check:" if film.id in there else ":material/add:",
                disabled=film.id in there,
                on_click=guard.callback(_add, [*rated, (film.id, stars)]),
            )


def _rate(rated: list[made_up.Rated], film: int) -> None:
    stars = float(st.session_state[f"{_STARS}-{film}"])
    _keep([(each, stars if each == film else before) for each, before in rated])


def _add(rated: list[made_up.Rated]) -> None:
    st.session_state[USER] = st.session_state[_TITLE] = ""
    _keep(rated)


def _keep(rated: list[made_up.Rated]) -> None:
    if rated:
        st.query_params[HISTORY] = made_up.write(rated)
    else:
        st.query_params.pop(HISTORY, None)
