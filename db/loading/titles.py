"""Titles for display: MovieLens writes "Interview, The (2014)"."""

import re
from typing import NamedTuple

FIRST_YEAR = 1870
LAST_YEAR = 2100

_YEAR = re.compile(r"\(([0-9]{4})(?:\s*[-–—]\s*(?:[0-9]{4})?)?\)")

_ARTICLES = re.compile(
    "The|An?|L[ae]|Les|L['’]|Une?|"  # English, French
    "Il|Lo|I|Gli|Un[ao]|Der|Die|Das|Eine?|El|L[oa]s|"  # Italian, German, Spanish
    "Os?|As|Uma?|De[nt]?|En|Ett?|Het|Een"  # Portuguese, Scandinavian, Dutch
)
_MOST_GROUPS = 8


class Title(NamedTuple):
    """A title without its year, and the year (of a series, the first), 1870 to 2100."""

    title: str
    year: int | None


def read_title(raw: str) -> Title:
    """Move the article to the front and split off the year; anything else is unchanged.

    Articles are also moved inside brackets: "City of Lost Children, The (Cité des enfants perdus,
    La) (1995)" becomes "The City of Lost Children (La Cité des enfants perdus)".
    Never raises; the title is empty only if `raw` is blank.
    """
    rest, year = _without_year(raw.strip())
    groups: list[str] = []
    while len(groups) < _MOST_GROUPS and rest.endswith(")"):
        start = rest.rfind("(")
        inside = rest[start + 1 : -1]
        outside = rest[:start].rstrip() if start > 0 else ""
        if not outside or ")" in inside:
            break
        gap = rest[len(outside) : start]
        groups.append(f"{gap}({_alias(inside)})")
        rest = outside
    return Title(_article_first(rest) + "".join(reversed(groups)), year)


def _without_year(text: str) -> tuple[str, int | None]:
    start = text.rfind("(")
    found = _YEAR.fullmatch(text, start) if start > 0 else None
    if found is None:
        return text, None
    rest, year = text[:start].rstrip(), int(found[1])
    if not rest or not FIRST_YEAR <= year <= LAST_YEAR:
        return text, None
    return rest, year


def _alias(text: str) -> str:
    for prefix in ("a.k.a. ", "aka "):
        if text.startswith(prefix):
            return prefix + _article_first(text.removeprefix(prefix))
    return _article_first(text)


def _article_first(text: str) -> str:
    name, comma, article = text.rpartition(", ")
    if not comma or not _ARTICLES.fullmatch(article):
        # As in "Crow, The: Wicked Prayer".
        name, comma, after = text.partition(", ")
        article, colon, subtitle = after.partition(": ")
        if not colon or not _ARTICLES.fullmatch(article):
            return text
        name = f"{name}: {subtitle}"
    name = name.strip()
    if not name:
        return text
    return article + name if article[-1] in "'’" else f"{article} {name}"
