"""The languages that the pages speak: gettext's catalogues, and how numbers and dates are written.

English texts are the messages' names; locale/*/LC_MESSAGES/five_films.po has what they are in
another language, and is read as it is: there is nothing to compile (docs/languages.md).
"""

from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeAlias

from babel.dates import format_datetime
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language: TypeAlias = Literal["en", "ru"]

LANGUAGES: dict[Language, str] = {"en": "English", "ru": "Русский"}
"""The languages there are, by what they call themselves."""

CATALOGUES = Path(__file__).parents[1] / "locale"
_NO_BREAK = "\u00a0"
_RUSSIAN_SIGNS = str.maketrans({",": _NO_BREAK, ".": ","})


class Text(str):
    """An English text that can be said in another language, for it knows how it was put together.

    What is told below the pages (errors, stages, how parts are) is written with it: the log, the
    command line and the handles read it as the English that it is, pages say it in their own.

    Parameters
    ----------
    template : str
        The message, with placeholders by name.
    **values : str or int
        What they stand for; texts among them are translated too.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> "Text":
        """Put the text together."""
        text = super().__new__(cls, template.format(**values) if values else template)
        text.template = template
        text.values = values
        return text


@cache
def translations(language: Language) -> NullTranslations:
    """What the messages are in a language; in English they are what they are."""
    if language == "en":
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def catalogue(language: Language) -> Catalog:
    """A language's messages as its file has them; English has none."""
    if language == "en":
        return Catalog(locale=language)
    with (CATALOGUES / language / "LC_MESSAGES" / "five_films.po").open("rb") as file:
        return read_po(file, locale=language)


def of_locale(locale: str | None) -> Language:
    """The language for a browser's: "ru-RU" is Russian, what we don't speak is English."""
    return "ru" if (locale or "").lower().replace("_", "-").split("-")[0] == "ru" else "en"


def number(value: float, form: str, language: Language) -> str:
    """A number in Python's format `form` with the language's signs: 1,234.5 or 1 234,5."""
    written = format(value, form)
    if language == "en":
        return written
    written = written.translate(_RUSSIAN_SIGNS)
    return f"{written[:-1]}{_NO_BREAK}%" if written.endswith("%") else written


def moment(when: date, pattern: str, language: Language) -> str:
    """A date or time in a language's words, by a pattern of Unicode's: "d MMMM y, HH:mm"."""
    return str(format_datetime(when, pattern, locale=language))
