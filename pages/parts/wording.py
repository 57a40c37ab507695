"""What the pages say, in the language of whoever reads them.

`_` and `ngettext` translate (docs/languages.md says how a text is added). A run of the script has
one language, which `begin` decides; a callback, which comes before it, and a fragment that runs
alone have the one of the visit's last run.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from gettext import NullTranslations
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

import startup
from db.queries import users
from db.queries.users import User
from i18n import language
from i18n.language import LANGUAGES, Language, Text
from pages.server import addresses
from recsys.data.genres import IN_RUSSIAN

COOKIE = "five_films_language"
"""The cookie that keeps what a stranger has chosen, for all tabs and for 30 days."""

_SPOKEN = "language"
_CHOSEN = "language_chosen"
# Widgets whose choices are words, which the browser names as they are read.
_CHOICES = (
    *("genre", "view", "match", "films", "activity", "show", "period", "split"),
    *("style", "look"),
)

_THIRTY_DAYS = 30 * 24 * 60 * 60

_current: ContextVar[Language | None] = ContextVar("language", default=None)


def begin(user: User | None) -> None:
    """Speak what was chosen: in the visit, for the account or in the browser; or what it speaks."""
    kept = user.language if user is not None else None
    _speak(st.session_state.get(_CHOSEN) or kept or _browsers())


def understand(key: str, choices: Iterable[str]) -> None:
    """Choose what an address names in another language; Streamlit knows this run's words alone.

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
    """The choices by what they are called in each language."""
    return {_in(each, choice): choice for choice in choices for each in LANGUAGES}


def spoken() -> Language:
    """The language of this run."""
    found = _current.get()
    if found is None:
        found = st.session_state.get(_SPOKEN) or _browsers()
        _current.set(found)
    return found


@contextmanager
def in_language(chosen: Language) -> Iterator[None]:
    """Speak a language where no page runs."""
    before = _current.set(chosen)
    try:
        yield
    finally:
        _current.reset(before)


def switch(user: User | None, chosen: Language) -> None:
    """Speak another language from now on, and keep that for the account."""
    st.session_state[_CHOSEN] = chosen
    _speak(chosen)
    for key in _CHOICES:  # set anew, so that the browser has them by their new names
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
    if user is not None:
        _keep(user, chosen)


def take_over(user: User) -> None:
    """On log-in: the account's language counts from now on, or else becomes the visit's."""
    chosen: Language | None = st.session_state.pop(_CHOSEN, None)
    if user.language is None and chosen is not None:
        _keep(user, chosen)


def say_which(user: User | None) -> None:
    """Tell the browser, and with it screen readers, which language the page is in.

    What a stranger has chosen it keeps, for its other tabs and for the next visit.
    """
    script = f"document.documentElement.lang = {spoken()!r};"
    if user is None and _CHOSEN in st.session_state:
        script += (
            f"document.cookie = '{COOKIE}={spoken()}; path=/; max-age={_THIRTY_DAYS}; "
            "samesite=lax' + (location.protocol === 'https:' ? '; secure' : '');"
        )
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def of_browser(cookies: Mapping[str, str], locale: str | None) -> Language:
    """The language that was chosen in a browser, or else its own."""
    kept = cookies.get(COOKIE)
    return kept if kept in LANGUAGES else language.of_locale(locale)


def in_each_language(build: Callable[[], object]) -> str:
    """What `build` says in each language, by the languages, as JSON that can't end a script."""
    said = {}
    for each in LANGUAGES:
        with in_language(each):
            said[each] = build()
    return json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")


def _(message: str) -> str:
    """A text in the language of this run."""
    return _translations().gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """A text about so many things; Russian has three forms of it."""
    return _translations().ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    """A text that is two in another language: `context` says which of them is meant."""
    return _translations().pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802 - as gettext's manual calls it
    """Mark a text that is translated where it is shown."""
    return message


def say(what: object) -> str:
    """What was told below the pages, an error's words for instance, in the language of this run."""
    if isinstance(what, BaseException):
        what = what.args[0] if what.args else ""
    if isinstance(what, Text) and what.values:
        return _(what.template).format(**{name: _said(each) for name, each in what.values.items()})
    return _(str(what)) if what else ""


def number(value: float, form: str = ",") -> str:
    """A number in one of Python's formats, with the language's signs."""
    return language.number(value, form, spoken())


def moment(when: date, pattern: str) -> str:
    """A date or time by a pattern of Unicode's, in the language's words."""
    return language.moment(when, pattern, spoken())


def time_zone() -> str:
    """The time zone of whoever reads, by their browser; UTC where that names none."""
    zone = st.context.timezone
    if not isinstance(zone, str):  # a mock under AppTest
        return "UTC"
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"


def genre(name: str) -> str:
    """What a genre is called, where it stands alone."""
    return _capital(genre_in_text(name))


def genre_in_text(name: str) -> str:
    """What a genre is called within a sentence."""
    return IN_RUSSIAN.get(name, (name,))[0] if spoken() == "ru" else name


def genres(names: Iterable[str]) -> str:
    """Genres as a list in words; empty for none."""
    return _capital(", ".join(map(genre_in_text, names)))


class _Number:
    """A number within a text: the text has its format, the language its signs."""

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


def _keep(user: User, chosen: Language) -> None:
    with startup.current().engine.begin() as connection:
        users.set_language(connection, user.id, chosen)


def _in(spoken: Language, choice: str) -> str:
    """What a choice is called in a language."""
    if choice in IN_RUSSIAN:
        return _capital(IN_RUSSIAN[choice][0]) if spoken == "ru" else choice
    return language.translations(spoken).gettext(choice)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
