"""The texts of pages, in the language of their reader.

`_` and `ngettext` translate (docs/languages.md explains how to add a text). A run of the script has
one language, which `begin` decides. A callback, which runs before it, and a fragment, which runs
alone, use that of the visit's last run.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from gettext import NullTranslations
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from sqlalchemy import Engine

from db.queries import users
from db.queries.movies import Movie
from db.queries.users import User
from i18n import language
from i18n.language import LANGUAGES, Language, Text
from pages.server import addresses
from recsys.data.genres import IN_RUSSIAN

COOKIE = "five_films_language"
"""The cookie that keeps what a stranger has chosen, for all tabs and for 30 days."""

_SPOKEN = "language"
_CHOSEN = "language_chosen"
# Widgets whose choices are words, which the browser identifies by their displayed names.
_CHOICES = (
    *("genre", "view", "match", "films", "activity", "show", "period", "split"),
    *("style", "look", "not_genres", "max_minutes", "max_age_rating", "country"),
    *("original_language", "made_in"),
)

_THIRTY_DAYS = 30 * 24 * 60 * 60

_current: ContextVar[Language | None] = ContextVar("language", default=None)


def begin(user: User | None) -> None:
    """Set the language: the choice of visit, account or browser, else the browser's own."""
    kept = user.language if user is not None else None
    _speak(st.session_state.get(_CHOSEN) or kept or _browsers())


def understand(key: str, choices: Iterable[str]) -> None:
    """Select what an address names in another language; Streamlit knows only this run's words.

    Parameters
    ----------
    key : str
        Of a widget that is bound to the address, and about to be made.
    choices : iterable of str
        What it offers, by their English names; genres are called by `genre`.
    """
    called = names(choices)
    words = [called[word] for word in st.query_params.get_all(key) if word in called]
    if words:
        addresses.say(key, [_in(spoken(), choice) for choice in words])


def names(choices: Iterable[str]) -> dict[str, str]:
    """Return the choices by their names in each language."""
    return {_in(each, choice): choice for choice in choices for each in LANGUAGES}


def spoken() -> Language:
    """Return the language of this run."""
    found = _current.get()
    if found is None:
        found = st.session_state.get(_SPOKEN) or _browsers()
        _current.set(found)
    return found


@contextmanager
def in_language(chosen: Language) -> Iterator[None]:
    """Use a language inside the block, where no page runs."""
    before = _current.set(chosen)
    try:
        yield
    finally:
        _current.reset(before)


def switch(engine: Engine, user: User | None, chosen: Language) -> None:
    """Switch the language, and store it for the account."""
    st.session_state[_CHOSEN] = chosen
    _speak(chosen)
    for key in _CHOICES:  # set again, so that the browser gets their new names
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
    if user is not None:
        _keep(engine, user, chosen)


def take_over(engine: Engine, user: User) -> None:
    """At login, adopt the account's language, or store the visit's for the account."""
    chosen: Language | None = st.session_state.pop(_CHOSEN, None)
    if user.language is None and chosen is not None:
        _keep(engine, user, chosen)


def say_which(user: User | None) -> None:
    """Tell the browser, and with it screen readers, which language the page is in.

    It stores a guest's choice for its other tabs and later visits.
    """
    script = f"document.documentElement.lang = {spoken()!r};"
    if user is None and _CHOSEN in st.session_state:
        script += (
            f"document.cookie = '{COOKIE}={spoken()}; path=/; max-age={_THIRTY_DAYS}; "
            "samesite=lax' + (location.protocol === 'https:' ? '; secure' : '');"
        )
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def of_browser(cookies: Mapping[str, str], locale: str | None) -> Language:
    """Return the language that was chosen in a browser, or else the browser's own."""
    kept = cookies.get(COOKIE)
    return kept if kept in LANGUAGES else language.of_locale(locale)


def in_each_language(build: Callable[[], object]) -> str:
    """Return what `build` returns in each language, as JSON that is safe inside a script."""
    said = {}
    for each in LANGUAGES:
        with in_language(each):
            said[each] = build()
    return json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")


def _(message: str) -> str:
    """Translate a text into the language of this run."""
    return _translations().gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """Translate a text about a number of things; Russian has three plural forms."""
    return _translations().ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    """Translate a text that has several translations; `context` selects one."""
    return _translations().pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802 - as gettext's manual calls it
    """Mark a text that is translated where it is shown."""
    return message


def say(what: object) -> str:
    """Translate a text from below the pages, such as an error's, into the language of this run."""
    if isinstance(what, BaseException):
        what = what.args[0] if what.args else ""
    if isinstance(what, Text) and what.values:
        return _(what.template).format(**{name: _said(each) for name, each in what.values.items()})
    return _(str(what)) if what else ""


def number(value: float, form: str = ",") -> str:
    """Return a number in one of Python's formats, with the language's separators."""
    return language.number(value, form, spoken())


def moment(when: date, pattern: str) -> str:
    """Return a date or time by a Unicode pattern, in the language's words."""
    return language.moment(when, pattern, spoken())


def title_of(film: Movie) -> str:
    """Return the title of a film, in the language of this run if it has one."""
    return film.title_in(spoken())


def label_of(film: Movie) -> str:
    """Return that title with the film's year."""
    return film.label_in(spoken())


def length(minutes: int) -> str:
    """Return the length of a film, "1 h 52 min", without line breaks inside."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        words = _("{minutes} min")
    else:
        words = _("{hours} h {minutes} min") if rest else _("{hours} h")
    return words.format(hours=hours, minutes=rest).replace(" ", "\N{NO-BREAK SPACE}")


def year_and_length(film: Movie) -> str:
    """Return a film's year and length, "1995 · 2 h 50 min", as far as they are known."""
    known = (
        None if film.year is None else str(film.year),
        None if film.minutes is None else length(film.minutes),
    )
    return " · ".join(each for each in known if each)


def time_zone() -> str:
    """Return the time zone of the browser; UTC if it names none."""
    zone = st.context.timezone
    if not isinstance(zone, str):  # a mock under AppTest
        return "UTC"
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"


def genre(name: str) -> str:
    """Return a genre's name, for use alone."""
    return _capital(genre_in_text(name))


def genre_in_text(name: str) -> str:
    """Return a genre's name, for use within a sentence."""
    return IN_RUSSIAN.get(name, (name,))[0] if spoken() == "ru" else name


def genres(names: Iterable[str]) -> str:
    """Return genres as a list in words; empty for none."""
    return _capital(", ".join(map(genre_in_text, names)))


class _Number:
    """A number within a text: the text sets its format, the language its separators."""

    def __init__(self, value: float) -> None:
        self._value = value

    def __format__(self, form: str) -> str:
        return number(self._value, form)


def _said(value: object) -> object:
    if isinstance(value, int | float):
        return _Number(value)
    return say(value) if isinstance(value, Text) else value


def _translations() -> NullTranslations:
    return language.translations(spoken())


def _speak(chosen: Language) -> None:
    st.session_state[_SPOKEN] = chosen
    _current.set(chosen)


def _browsers() -> Language:
    locale = st.context.locale
    own = locale if isinstance(locale, str) else None  # a mock under AppTest
    return of_browser(st.context.cookies, own)


def _keep(engine: Engine, user: User, chosen: Language) -> None:
    with engine.begin() as connection:
        users.set_language(connection, user.id, chosen)


def _in(spoken: Language, choice: str) -> str:
    """Return the name of a choice in a language."""
    if choice in IN_RUSSIAN:
        return _capital(IN_RUSSIAN[choice][0]) if spoken == "ru" else choice
    return language.translations(spoken).gettext(choice)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
