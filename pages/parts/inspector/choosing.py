"""Choosing whom to look at: by number, at random, or a history made up; all in the address."""

from dataclasses import dataclass

import streamlit as st

import startup
from db import marks, movies, ratings, search, users
from db.movies import Movie
from pages.parts.inspector import made_up
from pages.parts.inspector.subject import Subject
from pages.parts.text import plain

USER, OTHER, HISTORY = "user", "other", "history"
MADE_UP = "The made-up history"

MOST_FOUND = 6
_STARS, _TITLE = "made_up_stars", "made_up_title"


@dataclass(frozen=True)
class Chosen:
    """Who was chosen, and how many films of each list are looked at."""

    first: Subject | None
    second: Subject | None
    k: int


def ask() -> Chosen:
    """The choices, and what was chosen; what can't be says so."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(
            "Person",
            key=USER,
            bind="query-params",
            placeholder="a number",
            max_chars=40,
            width=150,
            on_change=_forget_made_up,
        )
        beside = st.text_input(
            "Against person",
            key=OTHER,
            bind="query-params",
            placeholder="nobody",
            max_chars=40,
            width=150,
        )
        st.button(
            "Somebody at random", icon=":material/casino:", key="random", on_click=_choose_anybody
        )
        k = st.segmented_control(
            "Films in each list", [5, 10], default=5, required=True, key="k", bind="query-params"
        )
    rated, films = _read_made_up()
    with st.expander("Make up a history", icon=":material/edit_note:", expanded=bool(rated)):
        _make_up(rated, films)
    first = _person(typed)
    if rated:
        if typed.strip():
            _complain(f"The address has a person and a history: what follows is {MADE_UP.lower()}.")
        first = Subject(MADE_UP, made_up.history(rated), is_made_up=True)
    second = _person(beside)
    if second is not None and first is not None and second.name == first.name:
        _complain(f"{first.name} against {first.name} says nothing: choose two.")
        second = None
    return Chosen(first, second, int(k or 5))


def _person(typed: str) -> Subject | None:
    """The person whose number was typed, in one way or another; None, and why, if there is none."""
    words = typed.strip()
    if not words:
        return None
    digits = words.lower().removeprefix("person").replace("#", "").replace(",", "").strip()
    if not (digits.isascii() and digits.isdigit()):
        _complain(f"“{plain(words, 40)}” is no number. {_who_there_is()}")
        return None
    number = int(digits)
    with startup.current().engine.connect() as connection:
        is_one = number < 2**31 and users.by_id(connection, number) is not None
        if is_one:
            return Subject(
                f"Person {number}",
                ratings.history(connection, number),
                frozenset(marks.marked_movies(connection, number)),
            )
    _complain(f"There is no person {number}. {_who_there_is()}")
    return None


def _who_there_is() -> str:
    with startup.current().engine.connect() as connection:
        numbers = users.numbers_of_raters(connection)
    brought = "" if numbers is None else f"The data set's people are {numbers[0]} to {numbers[1]}; "
    registered = "accounts registered here have numbers from 1000000000."
    return f"{brought}{registered} Or take somebody at random."


def _complain(words: str) -> None:
    st.warning(words, icon=":material/rule:")


def _choose_anybody() -> None:
    with startup.current().engine.connect() as connection:
        number = ratings.random_rater(connection)
    if number is not None:
        st.session_state[USER] = str(number)
        _forget_made_up()


def _forget_made_up() -> None:
    if str(st.session_state[USER]).strip():
        st.query_params.pop(HISTORY, None)


def _read_made_up() -> tuple[list[made_up.Rated], dict[int, Movie]]:
    """The made-up history of the address, with its films; what can't be says so."""
    rated, problems = made_up.read(st.query_params.get(HISTORY, ""))
    with startup.current().engine.connect() as connection:
        found = movies.by_ids(connection, [film for film, _ in rated if film < 2**31])
    films = {film.id: film for film in found}
    problems += [f"there is no film {film}" for film, _ in rated if film not in films]
    if problems:
        more = f"; and {len(problems) - 3} more like these" if len(problems) > 3 else ""
        _complain(
            "Of the history in the address this is left out: "
            f"{plain('; '.join(problems[:3]), 400)}{more}."
        )
    return [each for each in rated if each[0] in films], films


def _make_up(rated: list[made_up.Rated], films: dict[int, Movie]) -> None:
    st.caption(
        "Films that somebody who isn't there has rated, the newest last: the order counts. "
        "The history stands in the address; nothing is saved."
    )
    for film, stars in rated:
        with st.container(horizontal=True, vertical_alignment="center", key=f"made_up-{film}"):
            st.markdown(plain(films[film].label), width="stretch")
            st.selectbox(
                f"Stars for {plain(films[film].label)}",
                made_up.STARS,
                index=made_up.STARS.index(stars),
                format_func="{:g} ★".format,
                key=f"{_STARS}-{film}",
                width=110,
                label_visibility="collapsed",
                on_change=_rate,
                args=(rated, film),
            )
            st.button(
                "Take out",
                key=f"take_out-{film}",
                icon=":material/close:",
                type="tertiary",
                on_click=_keep,
                args=([each for each in rated if each[0] != film],),
            )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.text_input(
            "Add a film",
            key=_TITLE,
            placeholder="godfather, amelie, city of lost …",
            max_chars=100,
            live="200ms",
            icon=":material/search:",
            width=360,
        ).strip()
        stars = st.selectbox(
            "with", made_up.STARS, index=9, format_func="{:g} ★".format, key=_STARS, width=110
        )
    if len(rated) >= made_up.MOST:
        st.caption(f"{made_up.MOST} films are the most: take one out to add another.")
    elif title:
        _found(title, rated, float(stars))


def _found(title: str, rated: list[made_up.Rated], stars: float) -> None:
    with startup.current().engine.connect() as connection:
        found, _ = search.search(connection, query=title, size=MOST_FOUND)
    if not found:
        st.info(
            f"No film is called anything like “{plain(title)}”. Try fewer letters.",
            icon=":material/search_off:",
        )
    there = {film for film, _ in rated}
    with st.container(horizontal=True):
        for film in found:
            st.button(
                plain(film.label),
                key=f"add-{film.id}",
                icon=":material/check:" if film.id in there else ":material/add:",
                disabled=film.id in there,
                on_click=_add,
                args=([*rated, (film.id, stars)],),
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
