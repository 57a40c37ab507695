"""Languages of the pages: gettext catalogues, and formats of numbers and dates.

English texts are the message ids; locale/*/LC_MESSAGES/five_films.po has their translations into
another language and is read directly: nothing is compiled (docs/languages.md).
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeAlias

from babel import Locale
from babel.dates import format_datetime
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language: TypeAlias = Literal["en", "ru"]

LANGUAGES: dict[Language, str] = {"en": "English", "ru": "Русский"}
"""The languages there are, by what they call themselves."""

CATALOGUES = Path(__file__).parents[1] / "locale"
# Unions, pseudo-locales, and what is outlying or unknown.
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
_NO_BREAK = "\u00a0"
_RUSSIAN_SIGNS = str.maketrans({",": _NO_BREAK, ".": ","})


class Text(str):
    """An English text that can be translated, because it remembers how it was formatted.

    Texts from below the pages (errors, stages, health) are of this type: the log, the
    command line and the endpoints use the English string; pages translate it.

    Parameters
    ----------
    template : str
        The message, with placeholders by name.
    **values : str or int
        Their values; texts among them are translated too.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> "Text":
        """Format the text."""
        text = super().__new__(cls, template.format(**values) if values else template)
        text.template = template
        text.values = values
        return text


@cache
def translations(language: Language) -> NullTranslations:
    """Return a language's translations; English has none."""
    if language == "en":
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def translated(text: Text, language: Language) -> str:
    """Return a text in a language."""
    return translations(language).gettext(text.template).format(**text.values)


@cache
def catalogue(language: Language) -> Catalog:
    """Return a language's messages from its file; English has none."""
    if language == "en":
        return Catalog(locale=language)
    with (CATALOGUES / language / "LC_MESSAGES" / "five_films.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def country_names(language: Language) -> dict[str, str]:
    """Return the countries' names in a language by their two letters, in alphabetical order."""
    territories = Locale(language).territories
    named = {
        code: str(name)
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }
    return by_name(named)


def by_name(names: Mapping[str, str]) -> dict[str, str]:
    """Return names by their keys, in alphabetical order."""
    return dict(sorted(names.items(), key=lambda each: each[1].casefold().replace("ё", "е")))


def language_name(code: str, language: Language) -> str | None:
    """Return the name of the language with these two letters in a language, if it has one."""
    name = Locale(language).languages.get(code)
    return None if name is None else str(name)


def of_locale(locale: str | None) -> Language:
    """Return our language for a browser's: "ru-RU" is Russian, unknown ones are English."""
    return "ru" if (locale or "").lower().replace("_", "-").split("-")[0] == "ru" else "en"


def number(value: float, form: str, language: Language) -> str:
    """Format a number by Python's `form` with the language's separators: 1,234.5 or 1 234,5."""
    written = format(value, form)
    if language == "en":
        return written
    written = written.translate(_RUSSIAN_SIGNS)
    return f"{written[:-1]}{_NO_BREAK}%" if written.endswith("%") else written


def moment(when: date, pattern: str, language: Language) -> str:
    """Format a date or time in a language by a Unicode pattern: "d MMMM y, HH:mm"."""
    return str(format_datetime(when, pattern, locale=language))
